package espd.spd;

/// What is done with the packets of a policy (RFC 4301 §4.4.1).
public sealed interface Processing {

  /// They pass unprotected.
  record Bypass() implements Processing {}

  /// They go nowhere.
  record Discard() implements Processing {}

  /// They pass under ESP only.
  ///
  /// @param mode transport or tunnel
  /// @param local our end of the tunnel; in transport mode the selector's own address
  /// @param remote the peer's end of the tunnel; in transport mode the selector's own address
  /// @param reqid the SAs of the same number serve this policy
  record Protect(Mode mode, Ipv6Address local, Ipv6Address remote, int reqid)
      implements Processing {}
}
