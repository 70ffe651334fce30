package espd.ike;

/// Whether an IKE SA and its ESP go through a TCP connection (RFC 9329).
///
/// @param use when we begin
/// @param remotePort the peer's TCP port
/// @param listens whether we take connections at TCP 4500
public record Tcp(Use use, int remotePort, boolean listens) {

  /// Nothing of it; the peer's port would be 4500 (RFC 9329 §2).
  public static final Tcp NONE = new Tcp(Use.NO, Datagram.NAT_PORT, false);

  /// When an initiator goes through TCP.
  public enum Use {
    /// Never.
    NO,
    /// From the start.
    YES,
    /// When the peer does not answer over UDP (RFC 9329 §5.1).
    FALLBACK
  }

  /// @throws IllegalArgumentException when there is no such port
  public Tcp {
    if (remotePort < 1 || remotePort >= Datagram.FIRST_STREAM) {
      throw new IllegalArgumentException("TCP port " + remotePort);
    }
  }
}
