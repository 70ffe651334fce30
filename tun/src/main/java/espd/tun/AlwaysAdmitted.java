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
/// @param tcp what goes through TCP (RFC 9329)
public record AlwaysAdmitted(String device, Set<Ipv6Address> locals, Set<Integer> ports, Tcp tcp) {

  /// TCP connections of ours.
  ///
  /// @param ports at which they are accepted
  /// @param mark of the sockets of those that we make; 0 when we make none
  public record Tcp(Set<Integer> ports, int mark) {

    /// There are none.
    public static final Tcp NONE = new Tcp(Set.of(), 0);

    /// Copies the set.
    public Tcp {
      ports = Set.copyOf(ports);
    }
  }

  /// What passes where nothing goes through TCP.
  public AlwaysAdmitted(String device, Set<Ipv6Address> locals, Set<Integer> ports) {
    this(device, locals, ports, Tcp.NONE);
  }

  private static final int TCP = 6;
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
      if (packet.protocol == ESP
          || (packet.protocol == UDP && ports.contains(packet.localPort))
          || (packet.protocol == TCP && tcp.ports().contains(packet.localPort))) {
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
