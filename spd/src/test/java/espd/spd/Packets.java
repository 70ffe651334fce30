package espd.spd;

/// The fields of packets for tests.
final class Packets {

  static final int TCP = 6;
  static final int UDP = 17;

  private Packets() {}

  static Flow tcp(String local, int localPort, String remote, int remotePort) {
    Flow flow = fragment(local, remote, TCP);
    flow.localPort = localPort;
    flow.remotePort = remotePort;
    return flow;
  }

  static Flow udp(String local, int localPort, String remote, int remotePort) {
    Flow flow = tcp(local, localPort, remote, remotePort);
    flow.protocol = UDP;
    return flow;
  }

  static Flow icmpv6(String local, String remote, int type, int code) {
    Flow flow = fragment(local, remote, Selector.ICMPV6);
    flow.localPort = type << 8 | code;
    flow.remotePort = flow.localPort;
    return flow;
  }

  /// A packet that shows no ports: a non-initial fragment.
  static Flow fragment(String local, String remote, int protocol) {
    Ipv6Address from = Ipv6Address.parse(local);
    Ipv6Address to = Ipv6Address.parse(remote);
    Flow flow = new Flow();
    flow.localHigh = from.high();
    flow.localLow = from.low();
    flow.remoteHigh = to.high();
    flow.remoteLow = to.low();
    flow.protocol = protocol;
    flow.localPort = PortRange.NO_PORT;
    flow.remotePort = PortRange.NO_PORT;
    return flow;
  }
}
