package espd.tun;

import espd.spd.Ipv6Address;

/// A UDP socket for IKE (RFC 7296 §2) whose packets never enter the TUN device, because it carries
/// the mark of [HostRouting].
public final class MarkedUdpSocket {

  private MarkedUdpSocket() {}

  /// {@return the descriptor of a non-blocking IPv6 UDP socket, the caller's to close: an
  /// `EpollDatagramChannel` is made of it}
  ///
  /// @param local an address of this host, or `::` for all
  /// @param port 1 to 65535
  /// @param mark of [HostRouting]
  /// @throws HostException when the port is in use, the address is not the host's, or a capability
  ///   is missing
  public static int open(Ipv6Address local, int port, int mark) throws HostException {
    return Sockets.udp(local, port, mark);
  }
}
