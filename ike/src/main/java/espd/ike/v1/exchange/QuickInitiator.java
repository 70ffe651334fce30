package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Connection.Rekeying;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.Role;
import espd.ike.crypto.TransformNames;
import espd.ike.exchange.Action;
import espd.ike.exchange.Actions;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.ChildWish;
import espd.ike.exchange.Computation;
import espd.ike.exchange.IsakmpStage;
import espd.ike.exchange.Report;
import espd.ike.exchange.Surroundings;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.v1.crypto.IpcompOffers;
import espd.ike.v1.crypto.PhaseTwoSelection;
import espd.ike.v1.crypto.PhaseTwoTerms;
import espd.ike.v1.exchange.Quick.Offer;
import espd.ike.v1.exchange.Quick.Want;
import espd.ike.v1.message.Encapsulation;
import espd.ike.v1.message.Hash;
import espd.ike.v1.message.Identification;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.IsakmpPayload;
import espd.ike.v1.message.KeyExchange;
import espd.ike.v1.message.Lifetimes;
import espd.ike.v1.message.Nonce;
import espd.ike.v1.message.Notification;
import espd.ike.v1.message.NotificationType;
import espd.ike.v1.message.SecurityAssociation;
import espd.spd.Ipcomp;
import espd.spd.KeyMaterial;
import espd.spd.SaParameters;
import espd.spd.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Our quick modes (RFC 2409 §5.5).
final class QuickInitiator {

  /// How long the last message is kept for a responder that has not got it.
  private static final Duration REMEMBERED = Duration.ofSeconds(60);

  /// When a successor that was refused is asked for again, at least.
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private final Surroundings surroundings;

  QuickInitiator(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// Begins what a connection wants: one quick mode for each of its selectors that nothing serves.
  Established wanted(Established state, ChildWish wish, Actions actions) {
    Established s = state;
    Connection connection = wish.connection().towards(s.path().remote());
    for (Selector selector : QuickSelectors.wanted(connection, wish.packet())) {
      if (s.ipsecSas().serving(connection.name(), List.of(selector)).isEmpty()) {
        s = begin(s, wish, selector, Optional.empty(), actions);
      }
    }
    return s;
  }

  /// Begins the successor of an IPsec SA, unless there is one already, as when both ends replaced
  /// it at the same time.
  Established rekey(Established s, int inboundSpi, Actions actions) {
    Optional<ChildSa> old = s.ipsecSas().child(inboundSpi).filter(child -> !child.rekeyed());
    boolean asked = s.quicks().stream().anyMatch(quick -> replaces(quick, inboundSpi));
    if (old.isEmpty() || asked) {
      return s;
    }
    SaParameters parameters = old.get().inbound().parameters();
    String name = old.get().connection().name();
    boolean newer =
        s.ipsecSas()
            .serving(name, parameters.selectors())
            .filter(other -> other.serial() != old.get().serial())
            .isPresent();
    if (newer) {
      return s.with(s.ipsecSas().superseded(old.get()).retiring(old.get(), actions.now()));
    }
    ChildWish wish = new ChildWish(old.get().connection(), Optional.empty());
    return begin(s, wish, parameters.selectors().getFirst(), Optional.of(inboundSpi), actions);
  }

  private static boolean replaces(Quick quick, int inboundSpi) {
    Optional<Integer> replaced =
        switch (quick) {
          case Quick.Preparing q -> q.want().replaced();
          case Quick.Requested q -> q.offer().want().replaced();
          case Quick.Agreeing q -> q.offer().want().replaced();
          case Quick.Done _, Quick.Answering _, Quick.Answered _ -> Optional.empty();
        };
    return replaced.filter(spi -> spi == inboundSpi).isPresent();
  }

  private Established begin(
      Established s,
      ChildWish wish,
      Selector selector,
      Optional<Integer> replaced,
      Actions actions) {
    Connection connection = wish.connection().towards(s.path().remote());
    PhaseTwoTerms terms;
    try {
      terms = terms(connection, s.sa());
    } catch (IllegalArgumentException e) {
      String line = connection.name() + ": " + e.getMessage();
      actions.tell(new Report.ChildFailed(wish, Report.Cause.REFUSED, line));
      return s;
    }
    int id = Informational.freshId(s, surroundings.random());
    int serial = surroundings.nextChildSerial();
    Want want = new Want(id, serial, wish, connection, selector, replaced, terms);
    Optional<KeyExchangeMethod> group = terms.group();
    if (group.isEmpty()) {
      return request(s, want, Optional.empty(), actions);
    }
    actions.add(
        new Action.Compute(new Computation.Within(id, new Computation.Generate(group.get()))));
    return s.with(new Quick.Preparing(want));
  }

  /// {@return what a connection allows in phase 2}
  ///
  /// @throws IllegalArgumentException when IKEv1 cannot say any of it
  static PhaseTwoTerms terms(Connection connection, IsakmpSa sa) {
    return new PhaseTwoTerms(
        connection.espProposals(),
        Encapsulation.of(connection.mode(), sa.encapsulates()),
        Lifetimes.of(
            connection.childLifetime().lifetime(), connection.childLifetime().bytes().most()));
  }

  /// `HDR*, HASH(1), SA, Ni [, KE] , IDci, IDcr -->`
  ///
  /// @param key with PFS
  Established request(Established s, Want want, Optional<EphemeralKeyPair> key, Actions actions) {
    Optional<List<Identification>> ids = QuickSelectors.ids(want.selector());
    if (ids.isEmpty()) {
      key.ifPresent(EphemeralKeyPair::close);
      return failed(
          s.ended(want.id()),
          want,
          Report.Cause.REFUSED,
          "IKEv1 has no way to say " + want.selector(),
          actions);
    }
    int spi = surroundings.reserveSpi();
    Offer offer = new Offer(want, spi, Fresh.nonce(surroundings.random()), ids.get(), key);
    List<IsakmpPayload> rest = new ArrayList<>();
    SecurityAssociation esp = want.terms().offer(spi);
    rest.add(
        Quicks.compresses(want.connection())
            ? IpcompOffers.offer(esp, Ipcomp.chosenFor(spi))
            : esp);
    rest.add(new Nonce(offer.ni()));
    key.ifPresent(k -> rest.add(new KeyExchange(k.publicValue())));
    rest.addAll(ids.get());
    rest.addAll(Originals.payloads(s.sa(), want.connection(), Role.INITIATOR));
    Bytes hash = s.sa().keys().hash1(want.id(), rest);
    Courier.Posted posted =
        Courier.send(
            s.sa(),
            want.connection(),
            new Courier.Letter(
                s.sa().header(Header.QUICK_MODE, want.id()),
                Role.INITIATOR,
                s.sa().firstIv(want.id())),
            Quicks.hashed(hash, rest),
            actions);
    Quicks.reached(s, want.connection(), want.serial(), IsakmpStage.QUICK_I1, actions);
    Sent sent = Sent.now(posted.octets(), actions.now(), surroundings.retransmission());
    return s.with(new Quick.Requested(offer, posted.next(), sent, actions.now()));
  }

  // --- the answer --------------------------------------------------------------------------------

  /// {@return whether a message is the responder's: `HASH(2)`}
  static boolean isAuthentic(Established s, Quick.Requested q, IsakmpMessage message) {
    Bytes expected = s.sa().keys().hash2(q.id(), q.offer().ni(), message.afterFirst());
    return Quicks.hasHash(message, expected);
  }

  /// `<-- HDR*, HASH(2), SA, Nr [, KE] [, IDci, IDcr]`, authentic.
  ///
  /// @throws MalformedException when something is missing
  Established answered(Established s, Quick.Requested q, Quicks.Came came, Actions actions)
      throws MalformedException {
    Offer offer = q.offer();
    IsakmpMessage message = came.message();
    IpcompOffers answered =
        Quicks.offers(
            offer.want().connection(), Quicks.required(message, SecurityAssociation.class));
    Nonce nr = Quicks.required(message, Nonce.class);
    return switch (offer.want().terms().confirm(answered.esp())) {
      case PhaseTwoSelection.Mismatch mismatch ->
          refuse(s, offer, mismatch.notification(), mismatch.difference(), actions);
      case PhaseTwoSelection.Chosen chosen ->
          chosen(
              s,
              offer,
              new Quick.Answer(
                  chosen,
                  answered.peers(chosen.proposal().number()),
                  Originals.of(message, s.sa(), offer.want().connection(), Role.INITIATOR),
                  nr.data(),
                  claimed(message),
                  came.next(),
                  came.taken()),
              message,
              actions);
    };
  }

  private Established chosen(
      Established s, Offer offer, Quick.Answer answer, IsakmpMessage message, Actions actions)
      throws MalformedException {
    List<Identification> ids = message.all(Identification.class);
    if (!ids.isEmpty() && !ids.equals(offer.ids())) {
      String line = "the ID payloads that are answered are not those offered";
      return refuse(s, offer, NotificationType.INVALID_ID_INFORMATION, line, actions);
    }
    int peerSpi = answer.chosen().peerSpi();
    if (!Quicks.isSpi(peerSpi)) {
      String line = "the peer's SPI is " + SaParameters.spiText(peerSpi);
      return refuse(s, offer, NotificationType.INVALID_SPI, line, actions);
    }
    if (offer.key().isEmpty()) {
      return complete(s, offer, answer, Optional.empty(), actions);
    }
    KeyExchange ker = Quicks.required(message, KeyExchange.class);
    Computation agree = new Computation.Agree(offer.key().get(), ker.data());
    actions.add(new Action.Compute(new Computation.Within(offer.want().id(), agree)));
    return s.with(new Quick.Agreeing(offer, answer));
  }

  private static Optional<Lifetimes> claimed(IsakmpMessage message) throws MalformedException {
    for (Notification each : message.all(Notification.class)) {
      if (each.type() == NotificationType.RESPONDER_LIFETIME) {
        return Optional.of(Lifetimes.ofNotified(each.data()));
      }
    }
    return Optional.empty();
  }

  /// `HDR*, HASH(3) -->`: both SAs are there.
  ///
  /// @param secret with PFS; wiped
  Established complete(
      Established s,
      Offer offer,
      Quick.Answer answer,
      Optional<KeyMaterial> secret,
      Actions actions) {
    Want want = offer.want();
    ChildSa child = agreed(offer, answer).make(s.sa(), secret, surroundings, actions.now());
    actions.addAll(child.install());
    Bytes hash = s.sa().keys().hash3(want.id(), offer.ni(), answer.nr());
    Courier.Posted posted =
        Courier.send(
            s.sa(),
            want.connection(),
            new Courier.Letter(
                s.sa().header(Header.QUICK_MODE, want.id()), Role.INITIATOR, answer.iv()),
            List.of(new Hash(hash)),
            actions);
    Instant until = actions.now().plus(REMEMBERED);
    Quick done = new Quick.Done(want.id(), answer.taken().answered(posted.octets()), until);
    Optional<ChildSa> old = want.replaced().flatMap(spi -> s.ipsecSas().child(spi));
    IpsecSas sas = s.ipsecSas().up(child, old, actions);
    Quicks.ended(Role.INITIATOR, Actions.Result.OK, actions);
    Quicks.reached(s, child, IsakmpStage.QUICK_I2, actions);
    return s.with(done).with(old.map(o -> sas.retiring(o, actions.now())).orElse(sas));
  }

  private static QuickChild agreed(Offer offer, Quick.Answer answer) {
    Want want = offer.want();
    Rekeying ours = want.connection().childLifetime();
    return new QuickChild(
        want.connection(),
        want.serial(),
        Role.INITIATOR,
        want.selector(),
        answer.chosen().suite().suite(),
        answer.ipcomp(),
        answer.originals(),
        answer.claimed().map(c -> LifetimePolicy.confirmed(c, ours)).orElse(ours),
        offer.spi(),
        answer.chosen().peerSpi(),
        offer.ni(),
        answer.nr());
  }

  // --- what does not come to be ------------------------------------------------------------------

  private Established refuse(Established s, Offer offer, int type, String line, Actions actions) {
    Notification notification = Notification.ofEsp(offer.spi(), type, Bytes.EMPTY);
    Informational.send(
        s.sa(), offer.want().connection(), notification, surroundings.random(), actions);
    return refused(s, offer, Report.Cause.REFUSED, line, actions);
  }

  /// A quick mode ends without SAs.
  Established refused(
      Established s, Offer offer, Report.Cause cause, String line, Actions actions) {
    Quicks.ended(
        Role.INITIATOR,
        cause == Report.Cause.TIMEOUT ? Actions.Result.TIMEOUT : Actions.Result.REFUSED,
        actions);
    abandon(offer, actions);
    return failed(s.ended(offer.want().id()), offer.want(), cause, line, actions);
  }

  /// Gives back what an offer holds.
  static void abandon(Offer offer, Actions actions) {
    offer.key().ifPresent(EphemeralKeyPair::close);
    actions.add(new Action.ReleaseSpi(offer.spi()));
  }

  private Established failed(
      Established s, Want want, Report.Cause cause, String line, Actions actions) {
    if (want.replaced().isEmpty()) {
      actions.tell(new Report.ChildFailed(want.wish(), cause, line));
      return s;
    }
    actions.warning(want.connection(), "replacing an IPsec SA failed: " + line);
    long more = surroundings.random().nextInt((int) AGAIN.toMillis());
    Instant again = actions.now().plus(AGAIN).plusMillis(more);
    int old = want.replaced().get();
    return s.ipsecSas().child(old).isPresent()
        ? s.with(s.ipsecSas().later(new Due.Rekey(again, old)))
        : s;
  }

  /// {@return what is said where a quick mode of ours is refused}
  static String refusal(Offer offer, Notification notification) {
    return "%s: offered %s"
        .formatted(
            Courier.text(notification),
            TransformNames.of(offer.want().connection().espProposals())
                + " for "
                + offer.want().selector());
  }
}
