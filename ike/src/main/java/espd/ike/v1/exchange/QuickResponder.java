package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.LifetimeCheck;
import espd.ike.crypto.Role;
import espd.ike.exchange.Action;
import espd.ike.exchange.Actions;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.Computation;
import espd.ike.exchange.IsakmpStage;
import espd.ike.exchange.Surroundings;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.ike.v1.crypto.IpcompOffers;
import espd.ike.v1.crypto.PhaseTwoSelection;
import espd.ike.v1.crypto.PhaseTwoTerms;
import espd.ike.v1.exchange.Quick.Asked;
import espd.ike.v1.exchange.Quick.Grant;
import espd.ike.v1.message.Identification;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.IsakmpPayload;
import espd.ike.v1.message.KeyExchange;
import espd.ike.v1.message.Nonce;
import espd.ike.v1.message.Notification;
import espd.ike.v1.message.NotificationType;
import espd.ike.v1.message.SecurityAssociation;
import espd.spd.KeyMaterial;
import espd.spd.OriginalAddresses;
import espd.spd.SaParameters;
import espd.spd.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The peer's quick modes (RFC 2409 §5.5).
final class QuickResponder {

  /// No more quick modes of the peer go on at a time.
  private static final int MOST = 8;

  private final Surroundings surroundings;

  QuickResponder(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// {@return whether a further quick mode of the peer may begin}
  static boolean mayBegin(Established s) {
    return s.quicks().stream()
            .filter(q -> q instanceof Quick.Answering || q instanceof Quick.Answered)
            .count()
        < MOST;
  }

  /// What is refused, and why.
  ///
  /// @param type of the notification
  /// @param difference for people
  private record Refused(int type, String difference) {}

  /// Either.
  private record Verdict(Optional<Grant> grant, Optional<Refused> refused) {}

  /// `--> HDR*, HASH(1), SA, Ni [, KE] [, IDci, IDcr]`, authentic.
  ///
  /// @throws MalformedException when something is missing
  Established begin(Established s, Quicks.Came came, Actions actions) throws MalformedException {
    IsakmpMessage message = came.message();
    int id = message.header().messageId();
    SecurityAssociation offered = Quicks.required(message, SecurityAssociation.class);
    Nonce ni = Quicks.required(message, Nonce.class);
    List<Identification> ids = message.all(Identification.class);
    if (!ids.isEmpty() && ids.size() != 2) {
      throw new MalformedException(ids.size() + " ID payloads in quick mode");
    }
    Verdict verdict = judge(s, offered, ids);
    if (verdict.grant().isEmpty()) {
      return refuse(s, offered, message, verdict.refused().orElseThrow(), actions);
    }
    Grant grant = verdict.grant().get();
    int serial = surroundings.nextChildSerial();
    Optional<OriginalAddresses> originals =
        Originals.of(message, s.sa(), grant.connection(), Role.RESPONDER);
    Asked asked = new Asked(id, serial, ni.data(), ids, originals, came.next(), came.taken());
    if (grant.chosen().suite().method().isEmpty()) {
      return answer(s, asked, grant, Optional.empty(), actions);
    }
    Optional<KeyExchange> kei = message.first(KeyExchange.class);
    if (kei.isEmpty()) {
      actions.add(new Action.ReleaseSpi(grant.spi()));
      throw new MalformedException("no KE in quick mode with a group");
    }
    Computation answer =
        new Computation.Answer(grant.chosen().suite().method().get(), kei.get().data());
    actions.add(new Action.Compute(new Computation.Within(id, answer)));
    return s.with(new Quick.Answering(asked, grant));
  }

  /// The first connection that has what the peer means, and allows one of its proposals: rather one
  /// with exactly its selectors than one with wider ones.
  private Verdict judge(Established s, SecurityAssociation offered, List<Identification> ids) {
    if (s.children().size() >= surroundings.mostChildSas()) {
      return refused(NotificationType.NO_PROPOSAL_CHOSEN, "too many IPsec SAs");
    }
    List<Connection> permitted =
        s.peer().permitted(surroundings.connections(), s.path()).stream()
            .filter(c -> c.version() instanceof IkeVersion.One)
            .toList();
    Refused closest =
        new Refused(NotificationType.INVALID_ID_INFORMATION, "no connection is for this peer");
    List<Connection> fitting = new ArrayList<>();
    for (Connection connection : permitted) {
      Optional<Selector> meant = QuickSelectors.meant(ids, s.sa(), connection.mode());
      if (meant.isPresent() && QuickSelectors.has(connection, meant.get())) {
        fitting.addFirst(connection);
      } else if (meant.isPresent() && QuickSelectors.permits(connection, meant.get())) {
        fitting.addLast(connection);
      } else {
        closest = notPermitted(connection, meant);
      }
    }
    for (Connection connection : fitting) {
      Selector meant = QuickSelectors.meant(ids, s.sa(), connection.mode()).orElseThrow();
      Verdict verdict = judge(s, connection, meant, offered);
      if (verdict.grant().isPresent()) {
        return verdict;
      }
      closest = verdict.refused().orElse(closest);
    }
    return new Verdict(Optional.empty(), Optional.of(closest));
  }

  private static Refused notPermitted(Connection connection, Optional<Selector> meant) {
    String allowed =
        String.join(", ", connection.selectors().stream().map(Object::toString).toList());
    return new Refused(
        NotificationType.INVALID_ID_INFORMATION,
        "%s: ID differs: offered %s, allowed %s"
            .formatted(
                connection.name(), meant.map(Object::toString).orElse("no addresses"), allowed));
  }

  private Verdict judge(
      Established s, Connection connection, Selector meant, SecurityAssociation offered) {
    PhaseTwoTerms terms;
    try {
      terms = accepting(QuickInitiator.terms(connection, s.sa()), connection);
    } catch (IllegalArgumentException e) {
      return refused(
          NotificationType.NO_PROPOSAL_CHOSEN, connection.name() + ": " + e.getMessage());
    }
    IpcompOffers offers = Quicks.offers(connection, offered);
    return switch (terms.choose(offers.esp())) {
      case PhaseTwoSelection.Mismatch mismatch ->
          refused(mismatch.notification(), connection.name() + ": " + mismatch.difference());
      case PhaseTwoSelection.Chosen chosen -> {
        Optional<String> objection =
            LifetimePolicy.of(connection)
                .objection(chosen.lifetimes(), connection.childLifetime().lifetime());
        if (objection.isPresent() || !Quicks.isSpi(chosen.peerSpi())) {
          String why =
              objection.orElse("the peer's SPI is " + SaParameters.spiText(chosen.peerSpi()));
          yield refused(NotificationType.NO_PROPOSAL_CHOSEN, connection.name() + ": " + why);
        }
        int spi = surroundings.reserveSpi();
        yield new Verdict(
            Optional.of(new Grant(connection, meant, chosen, offers, spi)), Optional.empty());
      }
    };
  }

  /// A peer that wants perfect forward secrecy gets it, also where we do not ask for it: by one of
  /// the groups that we trust with the ISAKMP SA.
  private static PhaseTwoTerms accepting(PhaseTwoTerms terms, Connection connection) {
    boolean exact =
        connection.version() instanceof IkeVersion.One one && one.check() == LifetimeCheck.EXACT;
    if (exact || terms.group().isPresent()) {
      return terms;
    }
    List<Transform> groups =
        Stream.concat(
                Stream.of(Transform.of(Transform.DH, Transform.NONE)),
                connection.ikeProposals().stream()
                    .flatMap(proposal -> proposal.ofType(Transform.DH).stream()))
            .distinct()
            .toList();
    List<Proposal> wider =
        terms.proposals().stream()
            .map(
                p ->
                    p.withTransforms(
                        Stream.concat(
                                p.withoutKeyExchanges().transforms().stream(), groups.stream())
                            .toList()))
            .toList();
    return new PhaseTwoTerms(wider, terms.encapsulation(), terms.lifetimes());
  }

  private static Verdict refused(int type, String difference) {
    return new Verdict(Optional.empty(), Optional.of(new Refused(type, difference)));
  }

  private Established refuse(
      Established s,
      SecurityAssociation offered,
      IsakmpMessage message,
      Refused refused,
      Actions actions) {
    String name = NotificationType.name(refused.type()).replace('-', '_');
    actions.warning(s.connection(), name + " sent: " + refused.difference());
    Bytes spi = offered.proposals().isEmpty() ? Bytes.EMPTY : offered.proposals().getFirst().spi();
    Notification notification =
        spi.length() == Integer.BYTES
            ? Notification.ofEsp(spi.toInt(), refused.type(), Bytes.EMPTY)
            : Notification.ofIsakmp(message.header(), refused.type(), Bytes.EMPTY);
    Informational.send(s.sa(), s.connection(), notification, surroundings.random(), actions);
    Quicks.ended(Role.RESPONDER, Actions.Result.REFUSED, actions);
    return s.ended(message.header().messageId());
  }

  /// The peer's public value is not to be used.
  Established notAnswered(Established s, Quick.Answering q, String why, Actions actions) {
    actions.warning(q.grant().connection(), "INVALID_KEY_INFORMATION sent: the peer's KE: " + why);
    Notification notification =
        Notification.ofEsp(
            q.grant().chosen().peerSpi(), NotificationType.INVALID_KEY_INFORMATION, Bytes.EMPTY);
    Informational.send(
        s.sa(), q.grant().connection(), notification, surroundings.random(), actions);
    Quicks.ended(Role.RESPONDER, Actions.Result.MALFORMED, actions);
    actions.add(new Action.ReleaseSpi(q.grant().spi()));
    return s.ended(q.id());
  }

  /// Our public value and the shared secret.
  record Secret(Bytes publicValue, KeyMaterial secret) {}

  /// `<-- HDR*, HASH(2), SA, Nr [, KE] [, IDci, IDcr]`: the inbound SA is installed.
  ///
  /// @param secret with PFS; wiped
  Established answer(
      Established s, Asked asked, Grant grant, Optional<Secret> secret, Actions actions) {
    Bytes nr = Fresh.nonce(surroundings.random());
    Connection connection = grant.connection();
    ChildSa child =
        agreed(asked, grant, nr)
            .make(s.sa(), secret.map(Secret::secret), surroundings, actions.now());
    List<IsakmpPayload> rest = new ArrayList<>();
    rest.add(grant.answer());
    rest.add(new Nonce(nr));
    secret.ifPresent(each -> rest.add(new KeyExchange(each.publicValue())));
    rest.addAll(asked.ids());
    rest.addAll(Originals.payloads(s.sa(), connection, Role.RESPONDER));
    rest.addAll(responderLifetime(s, grant));
    Bytes hash = s.sa().keys().hash2(asked.id(), asked.ni(), rest);
    actions.add(new Action.Install(child.inbound()));
    Courier.Posted posted =
        Courier.send(
            s.sa(),
            connection,
            new Courier.Letter(
                s.sa().header(Header.QUICK_MODE, asked.id()), Role.RESPONDER, asked.iv()),
            Quicks.hashed(hash, rest),
            actions);
    Quicks.reached(s, connection, asked.serial(), IsakmpStage.QUICK_R1, actions);
    Sent sent = Sent.now(posted.octets(), actions.now(), surroundings.retransmission());
    Taken taken = asked.taken().answered(posted.octets());
    return s.with(new Quick.Answered(asked, nr, child, posted.next(), taken, sent));
  }

  private static QuickChild agreed(Asked asked, Grant grant, Bytes nr) {
    Connection connection = grant.connection();
    return new QuickChild(
        connection,
        asked.serial(),
        Role.RESPONDER,
        grant.selector(),
        grant.chosen().suite().suite(),
        grant.ipcomp(),
        asked.originals(),
        LifetimePolicy.of(connection)
            .accepted(grant.chosen().lifetimes(), connection.childLifetime()),
        grant.spi(),
        grant.chosen().peerSpi(),
        asked.ni(),
        nr);
  }

  /// {@return RESPONDER-LIFETIME, where ours is shorter and holds (RFC 2407 §4.6.3.1)}
  private static List<Notification> responderLifetime(Established s, Grant grant) {
    Connection connection = grant.connection();
    boolean claims =
        LifetimePolicy.of(connection)
            .claims(grant.chosen().lifetimes(), connection.childLifetime().lifetime());
    return claims
        ? List.of(
            Notification.ofEsp(
                grant.spi(),
                NotificationType.RESPONDER_LIFETIME,
                QuickInitiator.terms(connection, s.sa()).lifetimes().notified()))
        : List.of();
  }

  /// {@return whether a message is the initiator's last: `HASH(3)`}
  static boolean isAuthentic(Established s, Quick.Answered q, IsakmpMessage message) {
    Bytes expected = s.sa().keys().hash3(q.id(), q.asked().ni(), q.nr());
    return Quicks.hasHash(message, expected);
  }

  /// `--> HDR*, HASH(3)`, or a packet that shows that the initiator has both SAs: the outbound SA
  /// is installed.
  Established complete(Established s, Quick.Answered q, Actions actions) {
    ChildSa child = q.child();
    actions.add(new Action.Install(child.outbound()));
    Optional<ChildSa> old =
        s.ipsecSas().serving(child.connection().name(), child.inbound().parameters().selectors());
    IpsecSas sas = s.ipsecSas().up(child, old, actions);
    Quicks.ended(Role.RESPONDER, Actions.Result.OK, actions);
    Quicks.reached(s, child, IsakmpStage.QUICK_R2, actions);
    return s.with(sas).ended(q.id());
  }

  /// The initiator does not go on: the inbound SA goes.
  Established abandon(Established s, Quick.Answered q, Actions actions) {
    Quicks.ended(Role.RESPONDER, Actions.Result.TIMEOUT, actions);
    actions.add(q.child().removeInbound());
    return s.ended(q.id());
  }
}
