package espd.spd;

/// Which way a packet goes, seen from this host.
public enum Direction {
  /// Arriving.
  INBOUND,
  /// Leaving.
  OUTBOUND
}
