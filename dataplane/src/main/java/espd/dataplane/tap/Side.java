package espd.dataplane.tap;

/// Which side of ESP a packet is seen at.
public enum Side {
  /// In the clear, as the host sends and gets it.
  INNER,
  /// As ESP, as the network carries it.
  OUTER
}
