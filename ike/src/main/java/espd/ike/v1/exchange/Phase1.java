package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.Role;
import espd.ike.exchange.Path;
import espd.ike.message.Bytes;
import espd.ike.v1.crypto.PhaseOneSelection;
import espd.ike.v1.crypto.PhaseOneTerms;
import espd.ike.v1.message.CertificateRequest;
import espd.ike.v1.message.Identification;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.SecurityAssociation;
import espd.spd.KeyMaterial;
import java.time.Instant;
import java.util.Optional;

/// An ISAKMP SA on its way (RFC 2409 §5.4 and §5.1); each state holds exactly what is known in it.
///
/// ```
///   initiator                                          responder
///
///                  HDR, SA  -->
///   SaSent                                             SaAnswered
///                       <--  HDR, SA
///   Generating     its key pair is being made
///                  HDR, KE, Ni  -->
///   KeSent                                             Answering    the shared secret is being made
///                       <--  HDR, KE, Nr
///   Agreeing       the shared secret is being made     KeAnswered
///   (Proving)      its signature is being made
///                  HDR*, IDii, HASH_I  -->
///   ProofSent                                          (Verifying)  the signature is verified
///                                                      (Proving)    its own is being made
///                       <--  HDR*, IDir, HASH_R
///   (Verifying)
///   Standing                                           Standing
///
///   aggressive mode:
///
///   Preparing
///                  HDR, SA, KE, Ni, IDii  -->
///   AllSent                                            Answering, (Proving)
///                       <--  HDR, SA, KE, Nr, IDir, HASH_R
///   Agreeing                                           KeAnswered
///   (Verifying), (Proving)
///                  HDR, HASH_I  -->                    (Verifying)
///   Standing                                           Standing
/// ```
///
/// What stands in parentheses is passed at once where nobody signs.
sealed interface Phase1 extends Isakmp {

  /// {@return what is known from the start}
  Attempt attempt();

  /// {@return the same with another attempt}
  Phase1 with(Attempt other);

  @Override
  default Role role() {
    return attempt().role();
  }

  @Override
  default int serial() {
    return attempt().serial();
  }

  @Override
  default long spiI() {
    return attempt().spiI();
  }

  @Override
  default long spiR() {
    return attempt().spiR();
  }

  @Override
  default Path path() {
    return attempt().path();
  }

  @Override
  default Connection connection() {
    return attempt().connection();
  }

  @Override
  default Optional<KeyMaterial> encryptionKey() {
    return Optional.empty();
  }

  @Override
  default boolean isHalfOpen() {
    return role() == Role.RESPONDER;
  }

  @Override
  default Optional<Instant> wakeAt() {
    return attempt().until();
  }

  /// What an initiator offers.
  ///
  /// @param terms what it allows
  /// @param sa that says so
  record Offer(PhaseOneTerms terms, SecurityAssociation sa) {

    static Offer of(PhaseOneTerms terms) {
      return new Offer(terms, terms.offer());
    }
  }

  /// What is negotiated.
  ///
  /// @param offered the initiator's SA payload
  /// @param chosen of it
  record Agreed(SecurityAssociation offered, PhaseOneSelection.Chosen chosen) {}

  /// What both ends sent in the clear to make keys of.
  ///
  /// @param gXi the initiator's public value
  /// @param gXr the responder's public value
  /// @param ni the initiator's nonce
  /// @param nr the responder's nonce
  record Exchanged(Bytes gXi, Bytes gXr, Bytes ni, Bytes nr) {}

  /// An attempt that has keys.
  ///
  /// @param attempt from the start
  /// @param agreed what is negotiated
  /// @param exchanged what the keys are made of
  /// @param sa with the keys
  /// @param request for our certificate
  record Keyed(
      Attempt attempt,
      Agreed agreed,
      Exchanged exchanged,
      IsakmpSa sa,
      Optional<CertificateRequest> request) {

    Keyed with(Attempt other) {
      return new Keyed(other, agreed, exchanged, sa, request);
    }

    Keyed with(IsakmpSa other) {
      return new Keyed(attempt, agreed, exchanged, other, request);
    }

    /// {@return the same after a message that may ask for our certificate}
    Keyed requested(IsakmpMessage message) {
      return new Keyed(
          attempt,
          agreed,
          exchanged,
          sa,
          request.or(() -> message.first(CertificateRequest.class)));
    }
  }

  /// One that waits for the responder to choose of what we have offered.
  sealed interface Offering extends Waiting {

    /// {@return what we have offered}
    Offer offer();
  }

  /// One that waits for an answer to a message of ours.
  sealed interface Waiting extends Phase1 {

    /// {@return our message}
    Sent sent();

    /// {@return the same after the message went out again}
    Waiting with(Sent again);

    @Override
    default Optional<Instant> wakeAt() {
      return Optional.of(sent().againAt());
    }
  }

  /// One that has keys.
  sealed interface WithKeys extends Phase1 {

    /// {@return what is known}
    Keyed keyed();

    @Override
    default Attempt attempt() {
      return keyed().attempt();
    }

    @Override
    default Optional<KeyMaterial> encryptionKey() {
      return Optional.of(keyed().sa().keys().encryptionKey());
    }
  }

  // --- initiator ---------------------------------------------------------------------------------

  /// `HDR, SA -->`
  record SaSent(Attempt attempt, Offer offer, Sent sent) implements Offering {
    @Override
    public SaSent with(Attempt other) {
      return new SaSent(other, offer, sent);
    }

    @Override
    public SaSent with(Sent again) {
      return new SaSent(attempt, offer, again);
    }
  }

  /// Its key pair is being made, of the group that is negotiated.
  record Generating(Attempt attempt, Agreed agreed) implements Phase1 {
    @Override
    public Generating with(Attempt other) {
      return new Generating(other, agreed);
    }
  }

  /// In aggressive mode: its key pair is being made, of the only group that is offered.
  record Preparing(Attempt attempt, Offer offer) implements Phase1 {
    @Override
    public Preparing with(Attempt other) {
      return new Preparing(other, offer);
    }
  }

  /// `HDR, KE, Ni -->`
  record KeSent(Attempt attempt, Agreed agreed, EphemeralKeyPair key, Bytes ni, Sent sent)
      implements Waiting {
    @Override
    public KeSent with(Attempt other) {
      return new KeSent(other, agreed, key, ni, sent);
    }

    @Override
    public KeSent with(Sent again) {
      return new KeSent(attempt, agreed, key, ni, again);
    }
  }

  /// `HDR, SA, KE, Ni, IDii -->`
  record AllSent(Attempt attempt, Offer offer, EphemeralKeyPair key, Bytes ni, Sent sent)
      implements Offering {
    @Override
    public AllSent with(Attempt other) {
      return new AllSent(other, offer, key, ni, sent);
    }

    @Override
    public AllSent with(Sent again) {
      return new AllSent(attempt, offer, key, ni, again);
    }
  }

  /// The shared secret is being made.
  ///
  /// @param answer the responder's message with KE and nonce
  record Agreeing(Attempt attempt, Agreed agreed, Exchanged exchanged, Answer answer)
      implements Phase1 {
    @Override
    public Agreeing with(Attempt other) {
      return new Agreeing(other, agreed, exchanged, answer);
    }
  }

  /// A message of the responder that is kept until there are keys.
  ///
  /// @param message what it says
  /// @param path it came on
  /// @param taken to tell it again
  record Answer(IsakmpMessage message, Path path, Taken taken) {}

  /// `HDR*, IDii, HASH_I -->`
  record ProofSent(Keyed keyed, Sent sent) implements Waiting, WithKeys {
    @Override
    public Attempt attempt() {
      return keyed.attempt();
    }

    @Override
    public ProofSent with(Attempt other) {
      return new ProofSent(keyed.with(other), sent);
    }

    @Override
    public ProofSent with(Sent again) {
      return new ProofSent(keyed, again);
    }
  }

  // --- responder ---------------------------------------------------------------------------------

  /// `<-- HDR, SA`
  record SaAnswered(Attempt attempt, Agreed agreed, Taken taken) implements Phase1 {
    @Override
    public SaAnswered with(Attempt other) {
      return new SaAnswered(other, agreed, taken);
    }
  }

  /// The shared secret is being made.
  ///
  /// @param message the initiator's, with KE and nonce
  /// @param taken to tell it again
  record Answering(Attempt attempt, Agreed agreed, IsakmpMessage message, Taken taken)
      implements Phase1 {
    @Override
    public Answering with(Attempt other) {
      return new Answering(other, agreed, message, taken);
    }
  }

  /// `<-- HDR, KE, Nr`, or in aggressive mode `<-- HDR, SA, KE, Nr, IDir, HASH_R`
  ///
  /// @param claimed who the peer says it is, in aggressive mode
  record KeAnswered(Keyed keyed, Optional<Proven> claimed, Taken taken) implements WithKeys {
    @Override
    public KeAnswered with(Attempt other) {
      return new KeAnswered(keyed.with(other), claimed, taken);
    }
  }

  // --- both --------------------------------------------------------------------------------------

  /// Our signature is being made.
  ///
  /// @param peer what the peer has proven, or in aggressive mode towards its responder only claims
  /// @param taken the peer's last message
  record Proving(Keyed keyed, Optional<Proven> peer, Taken taken) implements WithKeys {
    @Override
    public Proving with(Attempt other) {
      return new Proving(keyed.with(other), peer, taken);
    }
  }

  /// The peer's signature is being verified.
  ///
  /// @param peer what it is about to have proven
  /// @param taken the message that has the signature
  record Verifying(Keyed keyed, Proven peer, Taken taken) implements WithKeys {
    @Override
    public Verifying with(Attempt other) {
      return new Verifying(keyed.with(other), peer, taken);
    }
  }

  /// Who the peer is.
  ///
  /// @param connection that it means
  /// @param id its identity
  /// @param initialContact whether it says that it has no other SA with us (RFC 2407 §4.6.3.3)
  record Proven(Connection connection, Identification id, boolean initialContact) {}
}
