package espd.tun;

import espd.spd.Ipv6Address;
import java.util.Set;

/// What passes between the outer network and a daemon whatever the policies say: ESP (RFC 4303),
/// IKE (RFC 7296 §2) with ESP in UDP (RFC 3948), and the ICMPv6 errors about them.
///
/// @param device the TUN interface, from which packets come that were protected
/// @param locals the addresses at which ESP and IKE arrive
/// @param ports the UDP ports of ours there
public record AlwaysAdmitted(String device, Set<Ipv6Address> locals, Set<Integer> ports) {

  /// Copies the sets.
  public AlwaysAdmitted {
    locals = Set.copyOf(locals);
    ports = Set.copyOf(ports);
  }
}
