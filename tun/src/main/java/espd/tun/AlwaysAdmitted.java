package espd.tun;

import espd.spd.Flow;
import espd.spd.Ipv6Address;
import espd.spd.Selector;
import java.util.Set;

/// What passes between the outer network and a daemon whatever the policies say: ESP (RFC 4303),
/// IKE (RFC 7296 §2) with ESP in UDP (RFC 3948), and the ICMPv6 errors about them.
///
/// @param device the TUN interface, from which packets come that were protected
/// @param locals the addresses at which ESP and IKE arrive
/// @param ports the UDP ports of ours there
public record AlwaysAdmitted(String device, Set<Ipv6Address> locals, Set<Integer> ports) {

  private static final int UDP = 17;
  private static final int ESP = 50;

  /// ICMPv6 types of Neighbor (RFC 4861) and Multicast Listener Discovery (RFC 2710, RFC 3810).
  private static final Set<Integer> HOLDS_THE_LINK =
      Set.of(130, 131, 132, 133, 134, 135, 136, 137, 143);

  /// Copies the sets.
  public AlwaysAdmitted {
    locals = Set.copyOf(locals);
    ports = Set.copyOf(ports);
  }

  /// {@return whether a packet passes whatever the policies say, as far as its flow shows it:
  /// Neighbor and Multicast Listener Discovery with the hop limit they have to have (RFC 4861 §6.1,
  /// RFC 3810 §5)}
  ///
  /// @param packet that arrives in the clear
  public boolean admits(Flow packet) {
    if (locals.contains(new Ipv6Address(packet.localHigh, packet.localLow))) {
      if (packet.protocol == ESP || (packet.protocol == UDP && ports.contains(packet.localPort))) {
        return true;
      }
    }
    if (packet.protocol == Selector.ICMPV6 && HOLDS_THE_LINK.contains(packet.localPort >> 8)) {
      return true;
    }
    boolean toLink = isLinkLocal(packet.localHigh) || packet.localHigh >>> 48 == 0xff02;
    return isLinkLocal(packet.remoteHigh) && toLink;
  }

  private static boolean isLinkLocal(long high) {
    return high >>> 54 == 0x3fa;
  }
}
