package espd.daemon.control;

import espd.daemon.logging.LogLevels;

/// The command `espd-log-level`: says how much each logger logs, after changing one where `level`
/// and perhaps `logger` are given.
final class LogLevelCommand {

  private LogLevelCommand() {}

  /// {@return `levels`, one a logger, and `success`; or why not}
  static Section perform(Section request) {
    try {
      request
          .text("level")
          .ifPresent(level -> LogLevels.set(request.text("logger").orElse(LogLevels.ROOT), level));
    } catch (IllegalArgumentException e) {
      return ViciAnswers.refusal(String.valueOf(e.getMessage()));
    }
    Section.Builder levels = Section.builder();
    LogLevels.all().forEach(levels::text);
    return Section.builder().text("success", "yes").section("levels", levels.build()).build();
  }
}
