package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Connection.Compression;
import espd.ike.crypto.ChildKeys;
import espd.ike.crypto.ChildSuite;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.ProposalSelection;
import espd.ike.crypto.Role;
import espd.ike.crypto.Selection;
import espd.ike.crypto.SharedSecrets;
import espd.ike.exchange.ChildProposal.Further;
import espd.ike.message.Bytes;
import espd.ike.message.NotifyType;
import espd.ike.message.Proposal;
import espd.spd.Direction;
import espd.spd.InboundSa;
import espd.spd.Ipcomp;
import espd.spd.Lifetime;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.SaParameters;
import espd.spd.Selector;
import espd.spd.UdpEncapsulation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a Child SA comes about, in IKE_AUTH and in CREATE_CHILD_SA alike (RFC 7296 §1.3.1, §2.7,
/// §2.9, §2.17): the initiator's [#request] and [#accept], the responder's [#answer], and [#make]
/// for both.
final class ChildNegotiation {

  private final Surroundings surroundings;

  ChildNegotiation(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// Which exchange the Child SA is made in.
  enum Exchange {
    /// The first one: no key exchange of its own (RFC 7296 §1.2).
    IKE_AUTH,
    /// A further one, with a key exchange where a proposal has a group.
    CREATE_CHILD_SA
  }

  /// What is agreed, or why not.
  sealed interface Verdict {
    /// Agreed.
    record Agreed(ChildChoice choice) implements Verdict {}

    /// Not agreed.
    record Refused(Refusal refusal) implements Verdict {}
  }

  // --- initiator -----------------------------------------------------------------------------

  /// {@return what we ask for, with an SPI reserved and a nonce drawn}
  ///
  /// @param connection that of the wish, with the addresses that are assigned by now
  /// @param replaced the Child SA whose successor it is to be
  /// @param key our key pair; none in IKE_AUTH and without PFS
  ChildOffer request(
      ChildWish wish,
      Connection connection,
      Optional<ChildSa> replaced,
      Optional<EphemeralKeyPair> key) {
    int spi = surroundings.reserveSpi();
    List<Selector> selectors = TrafficSelection.offer(connection, wish.packet());
    List<Proposal> ours =
        key.isPresent()
            ? connection.espProposals()
            : connection.espProposals().stream().map(Proposal::withoutKeyExchanges).toList();
    ChildProposal proposal =
        new ChildProposal(
            Proposal.numbered(ours.stream().distinct().toList(), Bytes.ofInt(spi)),
            TrafficSelection.localEnds(selectors),
            TrafficSelection.remoteEnds(selectors),
            connection.mode(),
            ChildProposal.Padding.TAKEN,
            compresses(connection) ? Optional.of(Ipcomp.chosenFor(spi)) : Optional.empty());
    return new ChildOffer(
        wish,
        connection,
        replaced.map(child -> child.inbound().spi()),
        spi,
        nonce(),
        proposal,
        key);
  }

  /// {@return what the responder made of our offer}
  ///
  /// @param said its answer
  /// @param nats between the ends
  /// @param replaced the Child SA of [ChildOffer#replaced]
  Verdict accept(
      ChildOffer offer, ChildProposal said, Translation nats, Optional<ChildSa> replaced) {
    ChildProposal answer = nats.seenFromHere(said, Role.INITIATOR);
    Connection connection = offer.connection();
    Selection selection = ProposalSelection.confirm(offer.proposal().sa(), answer.sa());
    if (!(selection instanceof Selection.Chosen(Proposal chosen))) {
      return refused(NotifyType.NO_PROPOSAL_CHOSEN, connection.name() + ": " + selection);
    }
    if (!isSpi(chosen.spi())) {
      return refused(NotifyType.NO_PROPOSAL_CHOSEN, "the peer's SPI is " + chosen.spi());
    }
    if (answer.mode() != connection.mode()) {
      return refused(NotifyType.NO_PROPOSAL_CHOSEN, difference(connection, answer.mode()));
    }
    List<Selector> selectors =
        TrafficSelection.narrow(
            answer.tsi(), answer.tsr(), TrafficSelection.offer(connection, offer.wish().packet()));
    if (selectors.isEmpty()) {
      return refused(NotifyType.TS_UNACCEPTABLE, difference(answer, connection, Role.INITIATOR));
    }
    return new Verdict.Agreed(
        new ChildChoice(
            connection,
            chosen,
            ChildSuite.from(chosen),
            answer.mode(),
            answer.padding(),
            answer.ipcomp().filter(peers -> compresses(connection)),
            nats.originals(said, Role.INITIATOR),
            selectors,
            answer.further(),
            offer.spi(),
            chosen.spi().toInt(),
            replaced));
  }

  // --- responder -----------------------------------------------------------------------------

  /// What an initiator wants.
  ///
  /// @param offer as it says it
  /// @param nats between the ends
  record Asked(ChildProposal offer, Translation nats) {

    /// {@return the offer as it is to be taken by a connection: that of transport mode with the
    /// addresses that the NATs make of those in it, unless the connection is one of tunnel mode,
    /// which declines transport mode (RFC 7296 §2.23.1)}
    ChildProposal towards(Connection connection) {
      return connection.mode() == Mode.TRANSPORT ? nats.seenFromHere(offer, Role.RESPONDER) : offer;
    }
  }

  /// {@return what we grant of the initiator's offer: the first connection whose selectors, mode
  /// and proposals fit; an SPI is reserved when one does}
  ///
  /// @param permitted the connections this peer may ask for, in the order of preference
  /// @param replaced the Child SA that is rekeyed; its connection comes first
  Verdict answer(
      Asked asked, List<Connection> permitted, Exchange exchange, Optional<ChildSa> replaced) {
    Refusal refusal = null;
    for (Connection connection :
        replaced.map(child -> List.of(child.connection())).orElse(permitted)) {
      switch (answer(asked, connection, exchange, replaced)) {
        case Verdict.Agreed(ChildChoice choice) -> {
          return new Verdict.Agreed(choice.with(further(asked, permitted, choice)));
        }
        case Verdict.Refused(Refusal why) -> refusal = closer(refusal, why);
      }
    }
    return refusal == null
        ? refused(NotifyType.TS_UNACCEPTABLE, "no connection is for this peer")
        : new Verdict.Refused(refusal);
  }

  private Verdict answer(
      Asked asked, Connection connection, Exchange exchange, Optional<ChildSa> replaced) {
    ChildProposal offer = asked.towards(connection);
    List<Selector> selectors =
        TrafficSelection.narrow(offer.tsr(), offer.tsi(), connection.selectors());
    if (selectors.isEmpty()) {
      return refused(NotifyType.TS_UNACCEPTABLE, difference(offer, connection, Role.RESPONDER));
    }
    // Transport mode is the initiator's wish, which a responder may decline by not repeating it.
    if (offer.mode() == Mode.TUNNEL && connection.mode() == Mode.TRANSPORT) {
      return refused(NotifyType.NO_PROPOSAL_CHOSEN, difference(connection, offer.mode()));
    }
    Selection selection =
        ProposalSelection.select(in(exchange, connection.espProposals()), in(exchange, offer.sa()));
    if (!(selection instanceof Selection.Chosen(Proposal chosen))) {
      return refused(NotifyType.NO_PROPOSAL_CHOSEN, connection.name() + ": " + selection);
    }
    if (!isSpi(chosen.spi())) {
      return refused(NotifyType.NO_PROPOSAL_CHOSEN, "the peer's SPI is " + chosen.spi());
    }
    int spi = surroundings.reserveSpi();
    return new Verdict.Agreed(
        new ChildChoice(
            connection,
            chosen.with(chosen.number(), Bytes.ofInt(spi)),
            ChildSuite.from(chosen),
            connection.mode(),
            offer.padding(),
            offer.ipcomp().filter(peers -> compresses(connection)),
            connection.mode() == Mode.TRANSPORT
                ? asked.nats().originals(asked.offer(), Role.RESPONDER)
                : Optional.empty(),
            selectors,
            Further.NONE,
            spi,
            chosen.spi().toInt(),
            replaced));
  }

  /// What is asked for beyond the choice may be for other connections. A successor is for what the
  /// SA before was for.
  private static Further further(Asked asked, List<Connection> permitted, ChildChoice choice) {
    boolean more =
        choice.replaced().isEmpty()
            && permitted.stream()
                .filter(other -> !other.name().equals(choice.connection().name()))
                .flatMap(
                    other -> {
                      ChildProposal offer = asked.towards(other);
                      return TrafficSelection.narrow(offer.tsr(), offer.tsi(), other.selectors())
                          .stream();
                    })
                .anyMatch(s -> choice.selectors().stream().noneMatch(c -> c.contains(s)));
    return more ? Further.POSSIBLE : Further.NONE;
  }

  private static List<Proposal> in(Exchange exchange, List<Proposal> proposals) {
    return switch (exchange) {
      case IKE_AUTH -> proposals.stream().map(Proposal::withoutKeyExchanges).toList();
      case CREATE_CHILD_SA -> proposals;
    };
  }

  /// The refusal that got further explains more: selectors come first, proposals last.
  private static Refusal closer(@Nullable Refusal one, Refusal other) {
    return one != null && one.error().type() == NotifyType.NO_PROPOSAL_CHOSEN ? one : other;
  }

  /// {@return what the responder's message says of `choice`}
  static ChildProposal granted(ChildChoice choice) {
    return new ChildProposal(
        List.of(choice.chosen()),
        TrafficSelection.remoteEnds(choice.selectors()),
        TrafficSelection.localEnds(choice.selectors()),
        choice.mode(),
        ChildProposal.Padding.TAKEN,
        choice.ipcomp(Direction.INBOUND),
        choice.further());
  }

  /// A responder takes what is offered, and what comes as an answer was asked for, or is not heeded
  /// (RFC 7296 §2.22).
  private static boolean compresses(Connection connection) {
    return connection.compression() == Compression.DEFLATE;
  }

  // --- both ----------------------------------------------------------------------------------

  /// Where the keys of a Child SA come from.
  ///
  /// @param now when it is made
  /// @param role our end of the exchange that makes it, not of the IKE SA (RFC 7296 §2.17)
  /// @param ni the initiator's nonce of that exchange
  /// @param nr the responder's
  /// @param secrets of its own key exchanges, with PFS; wiped here
  record Source(Instant now, Role role, Bytes ni, Bytes nr, Optional<SharedSecrets> secrets) {}

  /// {@return the Child SA, not yet installed}
  ChildSa make(IkeSa ikeSa, ChildChoice choice, Source source) {
    ChildKeys keys =
        source.secrets().isPresent()
            ? ikeSa
                .keys()
                .child(choice.suite().suite(), source.secrets().get(), source.ni(), source.nr())
            : ikeSa.keys().child(choice.suite().suite(), source.ni(), source.nr());
    source.secrets().ifPresent(SharedSecrets::close);
    Lifetime lifetime =
        new Jitter(surroundings.random()).lifetime(choice.connection().childLifetime());
    InboundSa inbound =
        new InboundSa(parameters(ikeSa, choice, source, keys, source.role().other(), lifetime));
    OutboundSa outbound =
        new OutboundSa(parameters(ikeSa, choice, source, keys, source.role(), lifetime));
    int serial = surroundings.nextChildSerial();
    return new ChildSa(choice.connection(), serial, inbound, outbound, Optional.empty(), false);
  }

  private static SaParameters parameters(
      IkeSa ikeSa,
      ChildChoice choice,
      Source source,
      ChildKeys keys,
      Role sender,
      Lifetime lifetime) {
    Path path = ikeSa.path();
    Optional<UdpEncapsulation> encapsulation = ikeSa.encapsulation();
    Direction direction = sender == source.role() ? Direction.OUTBOUND : Direction.INBOUND;
    return new SaParameters(
        direction == Direction.OUTBOUND ? choice.outboundSpi() : choice.inboundSpi(),
        choice.connection().name(),
        choice.connection().reqid(),
        choice.mode(),
        path.local(),
        path.remote(),
        encapsulation,
        choice.suite().suite(),
        keys.encryption(sender),
        keys.integrity(sender),
        choice.suite().esn(),
        choice.connection().replayWindow(),
        lifetime,
        choice.outerTraffic(),
        choice.ipcomp(direction),
        choice.originals(),
        choice.selectors(),
        source.now());
  }

  /// {@return a fresh nonce: at least half as long as any prf's key (RFC 7296 §2.10)}
  Bytes nonce() {
    byte[] octets = new byte[32];
    surroundings.random().nextBytes(octets);
    return Bytes.of(octets);
  }

  /// {@return whether a peer may choose this SPI (RFC 4303 §2.1)}
  private static boolean isSpi(Bytes spi) {
    return spi.length() == Integer.BYTES
        && Integer.compareUnsigned(spi.toInt(), SaParameters.LEAST_SPI) >= 0;
  }

  private static Verdict refused(int notifyType, String explanation) {
    return new Verdict.Refused(Refusal.of(notifyType, explanation));
  }

  private static String difference(Connection connection, Mode offered) {
    return "%s: mode differs: offered %s, allowed %s"
        .formatted(connection.name(), offered, connection.mode());
  }

  private static String difference(ChildProposal proposal, Connection connection, Role ourRole) {
    return connection.name()
        + ": "
        + Differences.ofSelectors(proposal.tsi(), proposal.tsr(), connection.selectors(), ourRole);
  }
}
