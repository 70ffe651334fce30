package espd.ike.exchange;

import espd.ike.crypto.DhKeyPair;
import espd.ike.message.Bytes;
import espd.ike.message.KeyExchange;
import espd.ike.message.Proposal;
import java.util.List;
import java.util.Optional;

/// Our one request on an established IKE SA, from its preparation to its end.
public sealed interface Pending {

  /// A request whose key pair is being made; nothing is in flight yet.
  record Preparing(Task task) implements Pending {}

  /// `SA, Ni, [KEi,] TSi, TSr` is in flight.
  ///
  /// @param offer what we asked for
  /// @param rival the peer's rekey of the same Child SA, when it crossed ours
  record ChildRequested(ChildOffer offer, Optional<Rival> rival) implements Pending {}

  /// The Child SA's shared secret is being made.
  record ChildAgreeing(ChildOffer offer, CreateChildSa.ChildCreated response, Optional<Rival> rival)
      implements Pending {}

  /// `SA, Ni, KEi` is in flight.
  ///
  /// @param offer what we asked for
  /// @param rival the peer's rekey of this IKE SA, when it crossed ours
  record IkeRequested(IkeOffer offer, Optional<IkeRival> rival) implements Pending {}

  /// The new IKE SA's shared secret is being made.
  record IkeAgreeing(IkeOffer offer, CreateChildSa.IkeCreated response, Optional<IkeRival> rival)
      implements Pending {}

  /// `D` of a Child SA is in flight; the SAD has it until the answer.
  record DeletingChild(ChildSa child, Report.Cause cause) implements Pending {}

  /// `D` of the IKE SA is in flight.
  record DeletingIke(Report.Cause cause) implements Pending {}

  /// An empty request is in flight.
  record CheckingLiveness() implements Pending {}

  /// `N(COOKIE2)`, with `N(UPDATE_SA_ADDRESSES)` if it is we who have moved, is in flight (RFC 4555
  /// §3.5, §3.7).
  ///
  /// @param ours whether we have moved, or the peer has
  /// @param path that it was made for
  /// @param cookie what the response has to bring back
  record Relocating(boolean ours, Path path, Bytes cookie) implements Pending {}

  /// The peer's rekey of the Child SA that we rekey at the same time (RFC 7296 §2.8.1).
  ///
  /// @param inboundSpi of the Child SA that came of it
  /// @param lowestNonce the lower of its two nonces
  record Rival(int inboundSpi, Bytes lowestNonce) {}

  /// The peer's rekey of the IKE SA that we rekey at the same time (RFC 7296 §2.8.1). It inherits
  /// the Child SAs if ours loses.
  ///
  /// @param successor what came of it
  /// @param lowestNonce the lower of its two nonces
  record IkeRival(Established successor, Bytes lowestNonce) {}

  /// What we asked for when we rekey an IKE SA.
  ///
  /// @param spi our new SPI
  /// @param nonce Ni
  /// @param proposals with the new SPI
  /// @param key our key pair
  record IkeOffer(long spi, Bytes nonce, List<Proposal> proposals, DhKeyPair key) {

    /// {@return KEi}
    KeyExchange kei() {
      return new KeyExchange(key.group().transformId(), key.publicValue());
    }
  }
}
