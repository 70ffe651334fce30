package espd.spd;

/// ESP inside UDP (RFC 3948), or inside a TCP stream (RFC 9329).
///
/// @param localPort our port, 4500 unless set otherwise; from 65536 on the number of a TCP stream
/// @param remotePort the peer's port as we see it behind its NAT
public record UdpEncapsulation(int localPort, int remotePort) {

  /// The port of ESP in UDP (RFC 3948 §2).
  public static final int PORT = 4500;

  /// No UDP port is as high: local ports from here on are numbers of TCP streams (RFC 9329).
  public static final int FIRST_STREAM = 65_536;

  /// {@return whether it is a TCP stream that ESP is in}
  public boolean isStream() {
    return localPort >= FIRST_STREAM;
  }

  /// {@return what ESP is in: `UDP` or `TCP`}
  public String carrier() {
    return isStream() ? "TCP" : "UDP";
  }
}
