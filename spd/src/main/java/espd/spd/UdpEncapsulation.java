package espd.spd;

/// ESP inside UDP (RFC 3948).
///
/// @param localPort our port, 4500 unless set otherwise
/// @param remotePort the peer's port as we see it behind its NAT
public record UdpEncapsulation(int localPort, int remotePort) {

  /// The port of ESP in UDP (RFC 3948 §2).
  public static final int PORT = 4500;
}
