package espd.daemon.cli;

/// What becomes of packets that arrive in the clear and, as the SPD says, must be protected or
/// discarded.
public enum InboundCleartext {
  /// They reach nobody (RFC 4301 §5.2).
  DROP,
  /// They are let in, for peers that change over to IPsec one by one.
  ACCEPT
}
