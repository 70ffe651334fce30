package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.message.Bytes;
import espd.ike.message.KeyExchange;
import java.util.Optional;

/// A Child SA that we have asked for.
///
/// @param wish who wants it
/// @param connection what it is to protect, with the addresses that are assigned by now, and no
///   more of them than the breadth is
/// @param replaced the inbound SPI of the Child SA whose successor it is to be
/// @param spi our inbound SPI, reserved
/// @param nonce Ni of the exchange
/// @param proposal what the request says
/// @param key our key pair, with PFS
record ChildOffer(
    ChildWish wish,
    Connection connection,
    Optional<Integer> replaced,
    int spi,
    Bytes nonce,
    ChildProposal proposal,
    Optional<EphemeralKeyPair> key) {

  /// {@return this offer now that more addresses are assigned}
  ChildOffer with(Connection now) {
    return new ChildOffer(wish, now, replaced, spi, nonce, proposal, key);
  }

  /// {@return KEi}
  Optional<KeyExchange> kei() {
    return key.map(EphemeralKeyPair::ke);
  }
}
