package espd.daemon.doctor;

import java.nio.file.Path;
import java.util.List;

/// What is to be examined.
///
/// @param configs configuration files, none where none was named
/// @param control the control socket
/// @param tun the name of the daemon's device
public record Question(List<Path> configs, Path control, String tun) {

  /// Copies the list.
  public Question {
    configs = List.copyOf(configs);
  }
}
