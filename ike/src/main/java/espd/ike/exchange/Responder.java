package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.Extension;
import espd.ike.Identity;
import espd.ike.IkeVersion;
import espd.ike.Proofs.Proof;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.OpenedMessage;
import espd.ike.crypto.ProposalSelection;
import espd.ike.crypto.Role;
import espd.ike.crypto.Selection;
import espd.ike.crypto.TransformNames;
import espd.ike.crypto.UnauthenticException;
import espd.ike.exchange.Actions.Result;
import espd.ike.exchange.Authenticating.Claimed;
import espd.ike.exchange.Connecting.AnsweringInit;
import espd.ike.exchange.Connecting.AnsweringIntermediate;
import espd.ike.exchange.Connecting.InitAnswered;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Nonce;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Proposal;
import espd.spd.KeyMaterial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The responder's way to an established IKE SA (RFC 7296 §1.2), from the first request to
/// [Established].
final class Responder {

  private final Surroundings surroundings;
  private final ChildNegotiation children;
  private final AuthAnswers authAnswers;
  private final ResponderAuth auth;
  private final Courier courier;
  private final ResponderIntermediate intermediate;

  Responder(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.children = new ChildNegotiation(surroundings);
    this.authAnswers = new AuthAnswers(surroundings);
    this.auth = new ResponderAuth(surroundings);
    this.courier = new Courier(surroundings);
    this.intermediate = new ResponderIntermediate(surroundings);
  }

  /// `--> HDR, SAi1, KEi, Ni`. Until the peer has proven itself as little as possible is kept of
  /// it; a refusal keeps nothing.
  Step begin(Datagram datagram, Message message, IkeSaInit.Request request, Actions actions) {
    Path path = Path.of(datagram);
    List<Connection> candidates = candidates(path);
    if (candidates.isEmpty()) {
      return refuse(
          datagram,
          message,
          Refusal.of(
              NotifyType.NO_PROPOSAL_CHOSEN,
              "no IKE config found for %s...%s".formatted(path.local(), path.remote())),
          actions);
    }
    Optional<Refusal> nat = Mobility.unexpectedNat(request.notifies(), path);
    if (nat.isPresent()) {
      return refuse(datagram, message, nat.get(), actions);
    }
    String difference = "";
    for (Connection connection : candidates) {
      Selection selection =
          ProposalSelection.select(
              request.allowed(connection.ikeProposals()), request.sai1().proposals());
      switch (selection) {
        case Selection.Chosen(Proposal chosen) -> {
          return chosen(datagram, message, request, chosen, connection, actions);
        }
        case Selection.Mismatch mismatch ->
            difference = difference.isEmpty() ? connection.name() + ": " + mismatch : difference;
      }
    }
    return refuse(
        datagram, message, Refusal.of(NotifyType.NO_PROPOSAL_CHOSEN, difference), actions);
  }

  private List<Connection> candidates(Path path) {
    return Peer.candidates(surroundings.connections(), path.local(), path.remote()).stream()
        .filter(each -> each.version() instanceof IkeVersion.Two)
        .toList();
  }

  private Step chosen(
      Datagram datagram,
      Message message,
      IkeSaInit.Request request,
      Proposal chosen,
      Connection connection,
      Actions actions) {
    KeyExchangeMethod group = IkeSuite.from(chosen).method();
    if (request.kei().method() != group.transformId()) {
      String difference =
          "%s: KE of group %d, chosen %s"
              .formatted(connection.name(), request.kei().method(), group);
      return refuse(
          datagram,
          message,
          new Refusal(IkeSaInit.wantGroup(group.transformId()), difference),
          actions);
    }
    actions.received(connection, datagram, message);
    Path path = Path.of(datagram);
    actions.progress(connection, "%s is initiating an IKE_SA".formatted(path.remote()));
    Redirection.arrived(request.notifies(), connection, actions);
    actions.progress(connection, "selected proposal: " + TransformNames.of(chosen));
    Header in = message.header();
    long spi = IkeSa.freshSpi(surroundings.random());
    Header header = new Header(in.spiI(), spi, in.exchange(), in.flags(), in.messageId());
    actions.add(new Action.Compute(new Computation.Answer(group, request.kei().data())));
    return actions.then(
        new AnsweringInit(
            header,
            surroundings.nextIkeSerial(),
            path,
            request,
            Bytes.of(datagram.payload()),
            chosen,
            connection));
  }

  /// Refuses a first request: nothing is kept of it.
  static Step refuse(Datagram datagram, Message message, Refusal refusal, Actions actions) {
    Path path = Path.of(datagram);
    String who = path.remote() + "[" + path.remotePort() + "]";
    actions.tell(new Report.Warning(who, refusal.name() + " sent: " + refusal.explanation()));
    actions.tell(new Report.Notified(Report.Sender.US, refusal.name()));
    actions.exchanged(message.header(), Role.RESPONDER, Result.REFUSED);
    Message answer = IkeSaInit.refuse(message.header(), refusal.error());
    actions.sendAgain(path.datagram(answer.write()));
    return actions.then(new IkeSaState.Closed());
  }

  /// `<-- HDR, SAr1, KEr, Nr`
  Step answered(AnsweringInit state, Computation.Answered result, Actions actions) {
    Connection connection = state.connection();
    Header header = state.header();
    Path path = state.path();
    List<Notify> notifies =
        new ArrayList<>(Nat.announced(connection, header, path, surroundings.random()));
    notifies.addAll(Notifies.announcingAsResponder(extensions(state)));
    List<Connection> candidates = candidates(path);
    if (candidates.stream().anyMatch(OwnProof::signs)) {
      notifies.add(Notifies.hashAlgorithms());
    }
    Nonce nr = new Nonce(children.nonce());
    Message answer =
        IkeSaInit.answer(
            header,
            new IkeSaInit.Accepted(state.chosen(), result.ke(), nr, new Notifies(notifies)),
            PeerProof.certificateRequests(candidates, surroundings.credentials().keychain()));
    Bytes octets = Bytes.of(answer.write());
    Bytes ni = state.request().ni().data();
    InitMessages init =
        new InitMessages(state.octets(), octets, ni, nr.data())
            .with(surroundings.cookiesGiven(ni, path.remote(), header.spiI()));
    actions.exchanged(header, Role.RESPONDER, Result.OK);
    actions.send(connection, answer, path.datagram(octets.toArray()));
    return actions.then(
        new InitAnswered(
            ikeSa(state, init, result.secret()),
            connection,
            init,
            MessageWindow.fresh().answered(List.of(octets)),
            actions.now().plus(surroundings.halfOpenTimeout())));
  }

  private static IkeSa ikeSa(AnsweringInit state, InitMessages init, KeyMaterial secret) {
    Header header = state.header();
    IkeKeys keys =
        IkeKeys.derive(
            IkeSuite.from(state.chosen()), init.inputs(header.spiI(), header.spiR()), secret);
    secret.close();
    Nat nat = Nat.detect(state.request().notifies(), header.spiI(), 0, state.path());
    return new IkeSa(
        Role.RESPONDER,
        state.serial(),
        header.spiI(),
        header.spiR(),
        keys,
        state.path(),
        nat,
        nat.encapsulates(state.connection(), state.path()),
        extensions(state));
  }

  private static Set<Extension> extensions(AnsweringInit state) {
    return state.request().notifies().extensionsAsResponder(state.connection().extensions());
  }

  /// The peer's public value is not to be used (RFC 7296 §2.21.1). What it has cost us counts for a
  /// while: else there would be no end of it, and never a cookie to show (RFC 7296 §2.6).
  Step notAnswered(AnsweringInit state, String why, Actions actions) {
    actions.warning(state.connection(), "INVALID_SYNTAX sent: the peer's KE: " + why);
    actions.exchanged(state.header(), Role.RESPONDER, Result.MALFORMED);
    Message answer = IkeSaInit.refuse(state.header(), Notify.of(NotifyType.INVALID_SYNTAX));
    actions.sendAgain(state.path().datagram(answer.write()));
    return actions.then(
        Departed.after(state.localSpi(), MessageWindow.fresh(), actions.now())
            .unproven(state.path().remote()));
  }

  /// The peer's part of an additional key exchange is not to be used (RFC 7296 §2.21.1).
  Step notAnswered(AnsweringIntermediate state, String why, Actions actions) {
    actions.exchanged(state.header(), Role.RESPONDER, Result.MALFORMED);
    Refusal refusal = Refusal.of(NotifyType.INVALID_SYNTAX, "the peer's KE: " + why);
    return authAnswers.refuse(state.waiting(), state.header(), List.of(), refusal, actions);
  }

  /// `--> HDR, SK {IDi, [IDr,] AUTH, SAi2, TSi, TSr}`, or the first request once more.
  Step received(InitAnswered state, Datagram datagram, Actions actions) {
    try {
      Header header = Header.read(datagram.payload());
      if (header.isResponse()) {
        actions.dropped(DropReason.NOT_AWAITED);
        return actions.then(state);
      }
      return switch (state.window().arrival(header.messageId())) {
        case OUTSIDE -> {
          actions.dropped(DropReason.OUTSIDE_WINDOW);
          yield actions.then(state);
        }
        case DUPLICATE -> {
          if (state.init().isRepeatedBy(datagram)) {
            yield actions.then(state.with(Courier.again(state.window(), datagram, actions)));
          }
          actions.dropped(DropReason.OTHER_INIT);
          yield actions.then(state);
        }
        case NEXT -> authRequest(state, datagram, header, actions);
      };
    } catch (MalformedException | UnauthenticException e) {
      actions.dropped(DropReason.UNAUTHENTIC);
      return actions.then(state);
    }
  }

  private Step authRequest(InitAnswered state, Datagram datagram, Header header, Actions actions)
      throws MalformedException, UnauthenticException {
    Courier.Opened opened = courier.open(state, datagram, actions);
    if (opened.message().isEmpty()) {
      return actions.then(state.with(opened.window()));
    }
    InitAnswered here = state.with(state.ikeSa().along(Path.of(datagram)));
    try {
      return read(here, opened.message().get(), actions);
    } catch (MalformedException e) {
      actions.exchanged(header, Role.RESPONDER, Result.MALFORMED);
      return authAnswers.refuse(here, header, List.of(), Refusal.of(e), actions);
    }
  }

  private Step read(InitAnswered state, OpenedMessage opened, Actions actions)
      throws MalformedException {
    Bytes covered = opened.covered();
    Message message = opened.read();
    actions.parsed(state.connection(), message);
    if (message.header().exchange() == Header.IKE_INTERMEDIATE) {
      return intermediate.requested(state, message, covered, actions);
    }
    ResponderIntermediate.expectAuth(state, message.header());
    InitAnswered here = state.with(Mobility.announced(state.ikeSa(), message));
    IkeAuth.Request request = IkeAuth.Request.from(message.payloads());
    return proven(here, request, message.header(), actions);
  }

  private Step proven(InitAnswered state, IkeAuth.Request request, Header header, Actions actions) {
    Identity remote = new Identity(request.idi().idType(), request.idi().data());
    Optional<Peer> meant =
        state.init().resumed().isPresent()
            ? state.init().resumed().get().claimed(request, remote)
            : meant(state, request, remote).map(c -> new Peer(c, c.localId(), remote));
    if (meant.isEmpty()) {
      String line =
          "no connection for '%s'...'%s' at %s...%s with %s%s"
              .formatted(
                  request.idr().map(IkeAuth::identity).map(Identity::toString).orElse("any"),
                  remote,
                  state.path().local(),
                  state.path().remote(),
                  state.ikeSa().keys().suite(),
                  request.auth().isEmpty() ? " by EAP" : "");
      return authAnswers.unproven(state, header, line, actions);
    }
    Peer peer = meant.get();
    Connection connection = peer.connection();
    if (request.child().isEmpty() && !state.ikeSa().has(Extension.CHILDLESS)) {
      actions.exchanged(header, Role.RESPONDER, Result.REFUSED);
      String line = "offered no Child SA, allowed none but with one (childless)";
      return authAnswers.refuse(
          state, header, List.of(), Refusal.of(NotifyType.INVALID_SYNTAX, line), actions);
    }
    if (request.auth().isEmpty()) {
      return auth.prove(new Claimed(state, request, header, peer, List.of()), actions);
    }
    Ppk ppk = ppk(state, connection, request.notifies());
    if (ppk instanceof Ppk.Refused(String why)) {
      return authAnswers.unproven(state, header, why, actions);
    }
    Ppk.Taken taken =
        ppk.taken(state.ikeSa(), connection, request.auth().get(), request.notifies(), actions);
    return auth.verify(
        new Claimed(state.with(taken.ikeSa()), request, header, peer, taken.notifies()),
        taken.auth(),
        actions);
  }

  /// One that has gone into the key of a ticket is not asked for again.
  private Ppk ppk(InitAnswered state, Connection connection, Notifies request) {
    return state.init().resumed().isPresent()
        ? new Ppk.Without()
        : Ppk.chosen(connection, state.ikeSa(), request, surroundings.credentials());
  }

  /// The connection for these addresses, identities and algorithms whose peer proves itself as this
  /// one does; without one that does, one whose refusal says what differs.
  private Optional<Connection> meant(InitAnswered state, IkeAuth.Request request, Identity remote) {
    Path path = state.path();
    Optional<Identity> wanted = request.idr().map(IkeAuth::identity);
    List<Connection> fitting =
        candidates(path).stream()
            .filter(c -> Peer.permits(c, remote))
            .filter(c -> wanted.isEmpty() || c.localId().permits(wanted.get()))
            .filter(c -> Peer.allows(c, state.ikeSa().keys().suite()))
            .filter(c -> c.proofs().remote() instanceof Proof.Eap == request.auth().isEmpty())
            .toList();
    return fitting.stream()
        .filter(c -> PeerProof.goesBy(c.proofs().remote(), request.auth()))
        .findFirst()
        .or(() -> fitting.stream().findFirst());
  }
}
