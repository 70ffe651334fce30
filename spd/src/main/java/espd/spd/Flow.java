package espd.spd;

/// The fields of one packet that a [Selector] looks at, seen from this host: a mutable record that
/// a worker thread owns, fills anew for each packet and hands to look-ups, so that nothing is
/// allocated.
///
/// Not for use by more than one thread.
public final class Flow {
  /// The first half of the address on our side.
  public long localHigh;

  /// The second half of the address on our side.
  public long localLow;

  /// The first half of the address on the peer's side.
  public long remoteHigh;

  /// The second half of the address on the peer's side.
  public long remoteLow;

  /// The upper-layer protocol: what follows the last extension header, 0 to 255.
  public int protocol;

  /// The port on our side, or ICMPv6 type and code as in [PortRange], or [PortRange#NO_PORT].
  public int localPort;

  /// The port on the peer's side, or ICMPv6 type and code as in [PortRange], or
  /// [PortRange#NO_PORT].
  public int remotePort;

  /// {@return the first packet that a selector selects}
  static Flow of(Selector selector) {
    Flow flow = new Flow();
    flow.localHigh = selector.local().first().high();
    flow.localLow = selector.local().first().low();
    flow.remoteHigh = selector.remote().first().high();
    flow.remoteLow = selector.remote().first().low();
    flow.protocol = selector.protocol();
    flow.localPort = port(selector.localPorts());
    flow.remotePort = port(selector.remotePorts());
    return flow;
  }

  private static int port(PortRange ports) {
    return ports.contains(PortRange.NO_PORT) ? PortRange.NO_PORT : ports.first();
  }

  /// {@return these fields as the selector of exactly this packet's kind (RFC 7296 §2.9: the first
  /// traffic selector of an SA that a packet asked for)}
  public Selector toSelector() {
    return new Selector(
        AddressRange.of(new Ipv6Address(localHigh, localLow)),
        AddressRange.of(new Ipv6Address(remoteHigh, remoteLow)),
        protocol,
        localPort == PortRange.NO_PORT ? PortRange.ANY : PortRange.of(localPort),
        remotePort == PortRange.NO_PORT ? PortRange.ANY : PortRange.of(remotePort));
  }
}
