package espd.daemon.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Whether a daemon runs here already: then what it holds is held by the right one.
///
/// @param control its control socket
/// @param version of the daemon that answers there
record DaemonCheck(Path control, Optional<String> version) implements Check {

  @Override
  public List<Finding> findings() {
    return List.of(
        Finding.ok(
            "daemon",
            version
                .map(each -> "espd " + each + " answers at " + control)
                .orElse("none answers at " + control + ": this is what one would meet")));
  }
}
