package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.KeyInputs;
import espd.ike.crypto.ProposalSelection;
import espd.ike.crypto.Role;
import espd.ike.crypto.Selection;
import espd.ike.crypto.SharedSecrets;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The successor of an IKE SA (RFC 7296 §1.3.2, §2.8, §2.18): it has keys of its own, both message
/// ids begin at 0, and it inherits the Child SAs.
final class IkeRekey {

  /// How long the replaced IKE SA waits for the peer to delete it.
  private static final Duration WAITS = Duration.ofSeconds(60);

  private final Surroundings surroundings;
  private final ChildNegotiation children;
  private final Establishment establishment;

  IkeRekey(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.children = new ChildNegotiation(surroundings);
    this.establishment = new Establishment(surroundings);
  }

  /// {@return what we ask for}
  Pending.IkeOffer request(Established s, EphemeralKeyPair key, Actions actions) {
    Connection connection = s.peer().connection();
    long spi = spi();
    actions.progress(
        connection,
        "initiating IKE_SA %s to %s, replacing [%d]"
            .formatted(connection.name(), s.ikeSa().path().remote(), s.ikeSa().serial()));
    List<Proposal> proposals = Proposal.numbered(connection.ikeProposals(), Bytes.ofLong(spi));
    return new Pending.IkeOffer(spi, children.nonce(), proposals, key);
  }

  /// {@return the methods of the first key exchange, that of the IKE SA before first}
  List<KeyExchangeMethod> methods(Established s) {
    return Stream.concat(
            Stream.of(s.ikeSa().keys().suite().method()),
            s.connection().ikeProposals().stream()
                .flatMap(proposal -> proposal.ofType(Transform.DH).stream())
                .flatMap(transform -> KeyExchangeMethod.of(transform.id()).stream()))
        .distinct()
        .toList();
  }

  /// {@return a fresh SPI}
  long spi() {
    return IkeSa.freshSpi(surroundings.random());
  }

  /// Checks the peer's choice.
  ///
  /// @throws MalformedException when it is none of our proposals, or KE does not fit
  void check(Pending.IkeOffer offer, CreateChildSa.IkeCreated created) throws MalformedException {
    Selection selection = ProposalSelection.confirm(offer.proposals(), List.of(created.chosen()));
    if (!(selection instanceof Selection.Chosen(Proposal chosen))) {
      throw new MalformedException("the peer chose what we did not offer: " + selection);
    }
    if (chosen.spi().length() != Long.BYTES || chosen.spi().toLong() == 0) {
      throw new MalformedException("the peer's SPI is " + chosen.spi());
    }
    if (IkeSuite.from(chosen).method() != offer.key().method()
        || created.ker().method() != offer.key().method().transformId()) {
      throw new MalformedException("KE of method " + created.ker().method());
    }
    IkeFollowupKe.expectLink(IkeSuite.from(chosen).additional(), created.link());
  }

  /// Our request's successor is there; if the peer rekeyed at the same time, the one made with the
  /// lowest of the four nonces goes, and its initiator deletes it (RFC 7296 §2.8.1).
  Established finish(
      Established old, Pending.IkeAgreeing p, SharedSecrets secrets, Actions actions) {
    Bytes nr = p.response().nr().data();
    KeyInputs inputs =
        new KeyInputs(p.offer().nonce(), nr, p.offer().spi(), p.response().chosen().spi().toLong());
    IkeSa ikeSa = ikeSa(old.ikeSa(), Role.INITIATOR, p.response().chosen(), inputs, secrets);
    Established successor = establishment.successor(old, ikeSa, actions.now());
    if (p.rival().isEmpty()) {
      return handOver(old, successor, actions)
          .queued(new Task.DeleteIke(actions.now(), Report.Cause.REKEYED));
    }
    Pending.IkeRival rival = p.rival().get();
    if (Nonces.isLower(p.lowestNonce(), rival.lowestNonce())) {
      actions.add(
          new Action.Spawn(
              successor
                  .queued(new Task.DeleteIke(actions.now(), Report.Cause.REKEYED))
                  .succeededBy(rival.successor(), actions.now().plus(WAITS))));
      return handOver(old, rival.successor(), actions);
    }
    actions.add(
        new Action.Spawn(rival.successor().succeededBy(successor, actions.now().plus(WAITS))));
    return handOver(old, successor, actions)
        .queued(new Task.DeleteIke(actions.now(), Report.Cause.REKEYED));
  }

  /// Gives the Child SAs, and what waits for them, to the successor.
  ///
  /// @return the old IKE SA, which waits for its deletion
  Established handOver(Established old, Established successor, Actions actions) {
    List<Task> inherited =
        Stream.concat(
                unanswered(old.work().pending(), actions),
                old.work().queue().stream().filter(IkeRekey::isInherited))
            .toList();
    Established heir =
        successor
            .withChildren(old.children())
            .with(
                new Established.Work(
                    successor.work().pending(),
                    successor.work().answering(),
                    inherited,
                    Patience.FRESH,
                    Optional.empty()))
            .with(successor.timers().lingering(old.timers().lingering()));
    Ticketing.forget(old, actions);
    establishment.announce(heir, old, actions);
    actions.add(new Action.Spawn(Ticketing.renewed(heir, actions)));
    return old.succeededBy(heir, actions.now().plus(WAITS))
        .with(
            new Established.Work(
                old.work().pending(),
                old.work().answering(),
                List.of(),
                Patience.FRESH,
                old.work().awaited()));
  }

  /// What the peer has yet to answer of where the ends are is for the Child SAs, which the old IKE
  /// SA has no more: it is asked again (RFC 4555 §3.5).
  private static Stream<Task> unanswered(Optional<Pending> pending, Actions actions) {
    return pending.stream()
        .filter(Pending.Relocating.class::isInstance)
        .map(Pending.Relocating.class::cast)
        .map(asked -> new Task.Relocate(actions.now(), asked.ours()));
  }

  /// Whether a task is the successor's as well: not what is about the old IKE SA alone, as its end
  /// is that has come meanwhile.
  private static boolean isInherited(Task task) {
    return switch (task) {
      case Task.RekeyIke _, Task.Liveness _, Task.AskTicket _ -> false;
      case Task.DeleteIke t -> t.cause() != Report.Cause.EXPIRED;
      case Task.NewChild _, Task.RekeyChild _, Task.DeleteChild _, Task.Disown _ -> true;
      case Task.Relocate _, Task.Announce _, Task.Redirect _ -> true;
    };
  }

  /// Gives the Child SAs to the successor that the peer made while we asked for one: ours will not
  /// come any more.
  Established handOverToRival(Established old, Actions actions) {
    Optional<Pending.IkeRival> rival = old.work().pending().flatMap(IkeRekey::rival);
    return rival.map(r -> handOver(old, r.successor(), actions)).orElse(old);
  }

  private static Optional<Pending.IkeRival> rival(Pending pending) {
    return switch (pending) {
      case Pending.IkeRequested p -> p.rival();
      case Pending.IkeAgreeing p -> p.rival();
      case Pending.Following p -> rival(p.continuation().first());
      case Pending.Preparing p -> Optional.empty();
      case Pending.ChildRequested p -> Optional.empty();
      case Pending.ChildAgreeing p -> Optional.empty();
      case Pending.DeletingChild p -> Optional.empty();
      case Pending.DeletingIke p -> Optional.empty();
      case Pending.CheckingLiveness p -> Optional.empty();
      case Pending.Relocating p -> Optional.empty();
    };
  }

  /// {@return the new IKE SA's keys and SPIs; the secrets are wiped}
  IkeSa ikeSa(IkeSa old, Role role, Proposal chosen, KeyInputs inputs, SharedSecrets secrets) {
    IkeKeys keys = old.keys().rekey(IkeSuite.from(chosen), inputs, secrets);
    secrets.close();
    return new IkeSa(
        role,
        surroundings.nextIkeSerial(),
        inputs.spiI(),
        inputs.spiR(),
        keys,
        old.path(),
        old.path(),
        old.nat(),
        old.encapsulates(),
        old.extensions(),
        old.addresses());
  }
}
