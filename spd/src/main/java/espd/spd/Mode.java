package espd.spd;

/// How ESP encloses a packet (RFC 4301 §3.2).
public enum Mode {
  /// Between the IPv6 header with its extensions and the upper layer (RFC 4303 §3.1.1).
  TRANSPORT,
  /// Around the whole packet, under a new IPv6 header (RFC 4303 §3.1.2).
  TUNNEL
}
