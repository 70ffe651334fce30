package espd.ike.exchange;

import espd.ike.crypto.AdditionalKeyExchange;
import espd.ike.crypto.ChildSuite;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.SharedSecrets;
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

  /// CREATE_CHILD_SA is answered, and the shared secret being made.
  sealed interface Agreeing extends Pending {

    /// {@return the key exchanges that are to follow (RFC 9370 §2.2.4)}
    List<AdditionalKeyExchange> additional();

    /// {@return what the responder wants to see with the first of them}
    Optional<Bytes> link();

    /// {@return the lower of the two nonces}
    Bytes lowestNonce();

    /// {@return the lower of the nonces of the peer's rekey of the same SA, when one crossed ours}
    Optional<Bytes> rivalNonce();

    /// {@return whether this is to replace the same SA}
    boolean isRivalledBy(Awaited awaited);
  }

  /// The Child SA's shared secret is being made.
  record ChildAgreeing(ChildOffer offer, CreateChildSa.ChildCreated response, Optional<Rival> rival)
      implements Agreeing {

    @Override
    public List<AdditionalKeyExchange> additional() {
      return ChildSuite.from(response.chosen().sa().getFirst()).additional();
    }

    @Override
    public Optional<Bytes> link() {
      return response.link();
    }

    @Override
    public Bytes lowestNonce() {
      return Nonces.lower(offer.nonce(), response.nr().data());
    }

    @Override
    public Optional<Bytes> rivalNonce() {
      return rival.map(Rival::lowestNonce);
    }

    @Override
    public boolean isRivalledBy(Awaited awaited) {
      return offer.replaced().filter(awaited::replaces).isPresent();
    }
  }

  /// `SA, Ni, KEi` is in flight.
  ///
  /// @param offer what we asked for
  /// @param rival the peer's rekey of this IKE SA, when it crossed ours
  record IkeRequested(IkeOffer offer, Optional<IkeRival> rival) implements Pending {}

  /// The new IKE SA's shared secret is being made.
  record IkeAgreeing(IkeOffer offer, CreateChildSa.IkeCreated response, Optional<IkeRival> rival)
      implements Agreeing {

    @Override
    public List<AdditionalKeyExchange> additional() {
      return IkeSuite.from(response.chosen()).additional();
    }

    @Override
    public Optional<Bytes> link() {
      return response.link();
    }

    @Override
    public Bytes lowestNonce() {
      return Nonces.lower(offer.nonce(), response.nr().data());
    }

    @Override
    public Optional<Bytes> rivalNonce() {
      return rival.map(IkeRival::lowestNonce);
    }

    @Override
    public boolean isRivalledBy(Awaited awaited) {
      return awaited.replacesIke();
    }
  }

  /// An SA whose first key exchange is done and that takes more (RFC 9370 §2.2.4).
  sealed interface Following extends Pending {

    /// {@return what has been and what is to come}
    Continuation continuation();

    /// {@return our key pair, where one is in use}
    default Optional<EphemeralKeyPair> key() {
      return Optional.empty();
    }

    /// {@return the same with another continuation}
    Following with(Continuation other);
  }

  /// The key pair of an additional key exchange is being made.
  record PreparingFollowup(Continuation continuation) implements Following {
    @Override
    public Following with(Continuation other) {
      return new PreparingFollowup(other);
    }
  }

  /// `KEi(n), N(ADDITIONAL_KEY_EXCHANGE)` is in flight.
  record FollowupRequested(Continuation continuation, EphemeralKeyPair pair) implements Following {

    @Override
    public Optional<EphemeralKeyPair> key() {
      return Optional.of(pair);
    }

    @Override
    public Following with(Continuation other) {
      return new FollowupRequested(other, pair);
    }
  }

  /// The shared secret of an additional key exchange is being made.
  record FollowupAgreeing(Continuation continuation) implements Following {
    @Override
    public Following with(Continuation other) {
      return new FollowupAgreeing(other);
    }
  }

  /// Between CREATE_CHILD_SA and the last IKE_FOLLOWUP_KE exchange.
  ///
  /// @param first as it was with the first shared secret
  /// @param secrets so far
  /// @param remaining the key exchanges that are to come
  /// @param link what the responder wants to see with the next one; empty after the last
  record Continuation(
      Agreeing first,
      SharedSecrets secrets,
      List<AdditionalKeyExchange> remaining,
      Optional<Bytes> link) {

    Continuation with(Agreeing other) {
      return new Continuation(other, secrets, remaining, link);
    }
  }

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
  record IkeOffer(long spi, Bytes nonce, List<Proposal> proposals, EphemeralKeyPair key) {

    /// {@return KEi}
    KeyExchange kei() {
      return key.ke();
    }
  }
}
