package espd.ike;

import espd.spd.Ipv6Address;
import espd.spd.UdpEncapsulation;

/// One UDP datagram that carries IKE (RFC 7296 §2), or one message within a TCP stream (RFC 9329
/// §3), seen from this host.
///
/// The payload is the message itself, without the non-ESP marker that goes before it on port 4500
/// (RFC 3948 §2.2): who owns that port adds and strips it. A payload of the single octet 0xff is a
/// NAT-keepalive (RFC 3948 §2.3), which has no marker.
///
/// @param local our address
/// @param localPort our port, 500 or 4500; from [#FIRST_STREAM] on it is the number of a TCP stream
/// @param remote the peer's address
/// @param remotePort the peer's port
/// @param payload the octets; whoever makes the datagram gives them up
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Datagram(
    Ipv6Address local, int localPort, Ipv6Address remote, int remotePort, byte[] payload) {

  /// The port of IKE (RFC 7296 §2).
  public static final int PORT = 500;

  /// The port of IKE and ESP behind a NAT (RFC 7296 §2.23).
  public static final int NAT_PORT = 4500;

  /// No UDP port is as high: local ports from here on are numbers of TCP streams (RFC 9329). A
  /// stream keeps its number when its initiator has to connect it again.
  public static final int FIRST_STREAM = UdpEncapsulation.FIRST_STREAM;

  private static final byte KEEPALIVE = (byte) 0xff;

  /// {@return whether a local port stands for a TCP stream}
  public static boolean isStream(int localPort) {
    return localPort >= FIRST_STREAM;
  }

  /// {@return a local port as people read it}
  public static String portText(int localPort) {
    return isStream(localPort) ? "tcp" : String.valueOf(localPort);
  }

  /// {@return the payload of a NAT-keepalive (RFC 3948 §2.3)}
  public static byte[] keepalive() {
    return new byte[] {KEEPALIVE};
  }

  /// {@return whether this is a NAT-keepalive}
  public boolean isKeepalive() {
    return payload.length == 1 && payload[0] == KEEPALIVE;
  }

  /// {@return ends and length, as strongSwan writes them}
  @Override
  public String toString() {
    return "from %s[%s] to %s[%d] (%d bytes)"
        .formatted(local, portText(localPort), remote, remotePort, payload.length);
  }
}
