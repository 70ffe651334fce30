package espd.daemon.doctor;

import espd.spd.Ipv6Address;
import java.nio.file.Path;
import java.util.List;

/// What is to be examined.
///
/// @param configs configuration files, none where none was named
/// @param control the control socket
/// @param tun the name of the daemon's device
public record Question(List<Path> configs, Path control, String tun) {

  /// What a host is bound at that names no address.
  static final List<Ipv6Address> ALL_ADDRESSES = List.of(Ipv6Address.UNSPECIFIED);

  /// Copies the list.
  public Question {
    configs = List.copyOf(configs);
  }
}
