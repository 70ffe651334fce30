package espd.tun;

import espd.tun.NetlinkSocket.Answer;
import espd.tun.NetlinkSocket.Refusal;
import java.nio.ByteBuffer;
import java.util.List;

/// What is asked of the kernel about an interface, as messages of rtnetlink (RFC 3549 §3.1).
///
/// @param name of the interface
record LinkRequests(String name) {

  private static final int GET_LINK = 18;
  private static final int SET_LINK = 19;

  /// `struct ifinfomsg`: family (1), … (1), type (2), index (4), flags (4), which of them (4).
  private static final int INDEX = 4;

  private static final int UP = 1;
  private static final int NAME = 3;
  private static final int MTU = 4;
  private static final int OF_FAMILIES = 26;
  private static final int ADDRESS_GENERATION = 8;
  private static final byte NONE = 1;

  /// {@return the number of the interface now}
  ///
  /// @throws HostException when there is none
  int index(NetlinkSocket kernel) throws HostException {
    Answer answer = kernel.ask(request(GET_LINK, 0));
    for (Refusal refusal : answer.refusal()) {
      throw refusal.of("find the interface " + name);
    }
    ByteBuffer link = answer.replies().getFirst().payload();
    return link.getInt(link.position() + INDEX);
  }

  /// Sets the longest packet.
  NetlinkMessage mtu(int octets) {
    return request(SET_LINK, 0).attribute(MTU, octets);
  }

  /// Lets the kernel make up no address for the interface.
  NetlinkMessage withoutAddresses() {
    return request(SET_LINK, 0)
        .nested(
            OF_FAMILIES,
            families ->
                families.nested(
                    IpFamily.IPV6.number,
                    ipv6 -> ipv6.attribute(ADDRESS_GENERATION, new byte[] {NONE})));
  }

  /// Lets packets through.
  NetlinkMessage up() {
    return request(SET_LINK, UP);
  }

  private NetlinkMessage request(int type, int flags) {
    return new NetlinkMessage(type, 0)
        .octets(0, 0, 0, 0)
        .number(0)
        .number(flags)
        .number(flags)
        .attribute(NAME, name);
  }

  /// Has the kernel do something about the interface, in the network namespace of the calling
  /// thread.
  ///
  /// @param tried as it follows "cannot"
  static void perform(String tried, NetlinkMessage... requests) throws HostException {
    try (NetlinkSocket kernel = NetlinkSocket.open(Libc.NETLINK_ROUTE, tried)) {
      for (Refusal refusal : kernel.each(List.of(requests)).values()) {
        throw refusal.of(tried);
      }
    }
  }
}
