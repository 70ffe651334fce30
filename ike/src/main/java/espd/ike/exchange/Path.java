package espd.ike.exchange;

import espd.ike.Datagram;
import espd.spd.Ipv6Address;

/// Between which addresses and ports an IKE SA's messages travel (RFC 7296 §2.11).
///
/// @param local our address
/// @param localPort our port
/// @param remote the peer's address
/// @param remotePort the peer's port
public record Path(Ipv6Address local, int localPort, Ipv6Address remote, int remotePort) {

  private static final int IPV6_AND_UDP = 40 + 8;
  private static final int NON_ESP_MARKER = 4;

  /// {@return the path an exchange starts on: port 500 at both ends}
  public static Path between(Ipv6Address local, Ipv6Address remote) {
    return new Path(local, Datagram.PORT, remote, Datagram.PORT);
  }

  /// {@return a path through a TCP stream that we begin (RFC 9329)}
  ///
  /// @param number of the stream, which no other has
  /// @param remotePort the peer's TCP port
  public static Path through(Ipv6Address local, int number, Ipv6Address remote, int remotePort) {
    return new Path(local, Datagram.FIRST_STREAM + 2 * number, remote, remotePort);
  }

  /// {@return the path `received` came on}
  public static Path of(Datagram received) {
    return new Path(
        received.local(), received.localPort(), received.remote(), received.remotePort());
  }

  /// {@return this path on port 4500 at both ends: what an initiator does when there is a NAT (RFC
  /// 7296 §2.23). A stream passes NATs as it is (RFC 9329 §6.5)}
  public Path floated() {
    return isStream() ? this : new Path(local, Datagram.NAT_PORT, remote, Datagram.NAT_PORT);
  }

  /// {@return this path between other addresses of the two ends, for messages that pass a NAT}
  public Path with(Ipv6Address otherLocal, Ipv6Address otherRemote) {
    int port = otherRemote.equals(remote) && isFloated() ? remotePort : Datagram.NAT_PORT;
    return new Path(otherLocal, Datagram.NAT_PORT, otherRemote, port);
  }

  /// {@return whether messages travel in a TCP stream}
  public boolean isStream() {
    return Datagram.isStream(localPort);
  }

  /// {@return whether messages travel on port 4500, with a non-ESP marker}
  public boolean isFloated() {
    return localPort == Datagram.NAT_PORT;
  }

  /// {@return the octets of the longest message that fits a packet along this path; a stream takes
  /// all}
  ///
  /// @param packetOctets of the packet, with all headers
  int messageOctets(int packetOctets) {
    if (isStream()) {
      return Integer.MAX_VALUE;
    }
    return packetOctets - IPV6_AND_UDP - (isFloated() ? NON_ESP_MARKER : 0);
  }

  /// {@return a datagram along this path}
  public Datagram datagram(byte[] payload) {
    return new Datagram(local, localPort, remote, remotePort, payload);
  }
}
