package espd.spd;

import java.util.Optional;

/// Which packets (RFC 4301 §4.4.1.1), seen from this host: *local* is the source of what leaves and
/// the destination of what arrives.
///
/// For ICMP, ICMPv6 and the Mobility Header both port ranges speak of type and code (see
/// [PortRange]); a packet has to satisfy both.
///
/// @param local the addresses on our side
/// @param remote the addresses on the peer's side
/// @param protocol the upper-layer protocol, 0 to 255, or [#ANY_PROTOCOL]
/// @param localPorts the ports on our side
/// @param remotePorts the ports on the peer's side
public record Selector(
    AddressRange local,
    AddressRange remote,
    int protocol,
    PortRange localPorts,
    PortRange remotePorts) {

  /// Stands for every upper-layer protocol. IKE writes it as 0 (RFC 7296 §3.13.1); hop-by-hop
  /// options, whose number that is, are never an upper-layer protocol.
  public static final int ANY_PROTOCOL = 0;

  /// The number of ICMP, of IPv4 (RFC 792).
  public static final int ICMP = 1;

  /// The number of ICMPv6 (RFC 4443 §1).
  public static final int ICMPV6 = 58;

  /// The number of the Mobility Header (RFC 6275 §6.1).
  public static final int MOBILITY = 135;

  /// @throws IllegalArgumentException when the protocol is not in 0..255, or one end is of IPv4 and
  ///   the other of IPv6
  public Selector {
    if (local.isIpv4() != remote.isIpv4()) {
      throw new IllegalArgumentException("IPv4 and IPv6 in one selector: " + local + ", " + remote);
    }
    if (protocol < 0 || protocol > 255) {
      throw new IllegalArgumentException("not an upper-layer protocol: " + protocol);
    }
  }

  /// {@return every packet between `local` and `remote`}
  public static Selector between(AddressRange local, AddressRange remote) {
    return new Selector(local, remote, ANY_PROTOCOL, PortRange.ANY, PortRange.ANY);
  }

  /// {@return whether a packet with these fields is selected; allocates nothing}
  ///
  /// @param packet the packet's fields, seen from this host
  public boolean matches(Flow packet) {
    return (protocol == ANY_PROTOCOL || protocol == packet.protocol)
        && localPorts.contains(packet.localPort)
        && remotePorts.contains(packet.remotePort)
        && local.contains(packet.localHigh, packet.localLow)
        && remote.contains(packet.remoteHigh, packet.remoteLow);
  }

  /// {@return whether it is for packets between two addresses only}
  public boolean isPair() {
    return local.first().equals(local.last()) && remote.first().equals(remote.last());
  }

  /// {@return whether every packet that `other` selects is selected by this one}
  public boolean contains(Selector other) {
    return local.contains(other.local)
        && remote.contains(other.remote)
        && (protocol == ANY_PROTOCOL || protocol == other.protocol)
        && localPorts.contains(other.localPorts)
        && remotePorts.contains(other.remotePorts);
  }

  /// {@return what both select, or nothing: the narrowing of RFC 7296 §2.9}
  public Optional<Selector> intersect(Selector other) {
    if (protocol != ANY_PROTOCOL && other.protocol != ANY_PROTOCOL && protocol != other.protocol) {
      return Optional.empty();
    }
    int both = protocol == ANY_PROTOCOL ? other.protocol : protocol;
    Optional<AddressRange> locals = local.intersect(other.local);
    Optional<AddressRange> remotes = remote.intersect(other.remote);
    Optional<PortRange> localPort = localPorts.intersect(other.localPorts);
    Optional<PortRange> remotePort = remotePorts.intersect(other.remotePorts);
    if (locals.isEmpty() || remotes.isEmpty() || localPort.isEmpty() || remotePort.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Selector(locals.get(), remotes.get(), both, localPort.get(), remotePort.get()));
  }

  /// {@return `LOCAL[PORT] === REMOTE[PORT] proto N`, ports and protocol only where they restrict}
  @Override
  public String toString() {
    String text = end(local, localPorts) + " === " + end(remote, remotePorts);
    return protocol == ANY_PROTOCOL ? text : text + " proto " + protocol;
  }

  private static String end(AddressRange range, PortRange ports) {
    return ports.equals(PortRange.ANY) ? range.toString() : range + "[" + ports + "]";
  }
}
