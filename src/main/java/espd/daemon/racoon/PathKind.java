package espd.daemon.racoon;

import espd.daemon.config.Findings;
import espd.daemon.config.Handling;
import espd.daemon.config.Value;
import java.util.List;
import java.util.Map;

/// The kinds of `path`, and what espd does about each.
final class PathKind {

  private static final Map<String, Handling> KINDS =
      Map.of(
          "include", Handling.applied(),
          "pre_shared_key", Handling.applied(),
          "certificate", Handling.applied(),
          "script", Handling.ignored("no scripts are run"),
          "backupsa", Handling.ignored("SAs end with the process that has them"),
          "pidfile", Handling.ignored("service managers know the process"));

  private PathKind() {}

  static List<String> names() {
    return KINDS.keySet().stream().sorted().toList();
  }

  static void report(Value kind, Findings findings) {
    Handling handling = KINDS.getOrDefault(kind.text(), Handling.applied());
    if (handling.concerns(kind)) {
      handling.report(kind.place(), "path " + kind, findings);
    }
  }
}
