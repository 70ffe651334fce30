package espd.ike.driver;

import espd.ike.crypto.IkeKeys;
import espd.spd.KeyMaterial;

/// Is lent the keys of IKE SAs: for a log of keys, and only on request ([StandingKeys#follow]).
@FunctionalInterface
public interface KeyListener {

  /// An IKE SA has keys. Must return at once, and keep nothing of them.
  ///
  /// @param spiI the initiator's SPI
  /// @param spiR the responder's SPI
  /// @param keys the IKE SA's own, wiped when it ends
  void keys(long spiI, long spiR, IkeKeys keys);

  /// An ISAKMP SA has a key. Must return at once, and keep nothing of it.
  ///
  /// @param cookieI the initiator's cookie
  /// @param encryptionKey of its messages (RFC 2409 appendix B), the ISAKMP SA's own, wiped when it
  ///   ends
  default void key(long cookieI, KeyMaterial encryptionKey) {}
}
