package espd.daemon.control;

import espd.daemon.logging.LogLevels;

/// The command `espd-log-level`: says how much each logger logs, after changing one where `level`
/// and perhaps `logger` are given.
final class LogLevelCommand {

  private LogLevelCommand() {}

  /// {@return `levels`, one a logger, and `success`; or why not}
  static Section perform(Section request) {
    Section.Builder answer = Section.builder();
    try {
      request
          .text("level")
          .ifPresent(level -> LogLevels.set(request.text("logger").orElse(LogLevels.ROOT), level));
    } catch (IllegalArgumentException e) {
      return answer.text("success", "no").text("errmsg", String.valueOf(e.getMessage())).build();
    }
    Section.Builder levels = Section.builder();
    LogLevels.all().forEach(levels::text);
    return answer.text("success", "yes").section("levels", levels.build()).build();
  }
}
