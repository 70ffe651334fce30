package espd.ike.driver;

import espd.ike.crypto.IkeKeys;

/// Is lent the keys of IKE SAs: for a log of keys, and only on request ([StandingKeys#follow]).
@FunctionalInterface
public interface KeyListener {

  /// An IKE SA has keys. Must return at once, and keep nothing of them.
  ///
  /// @param spiI the initiator's SPI
  /// @param spiR the responder's SPI
  /// @param keys the IKE SA's own, wiped when it ends
  void keys(long spiI, long spiR, IkeKeys keys);
}
