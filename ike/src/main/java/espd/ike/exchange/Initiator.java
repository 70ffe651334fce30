package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.Extension;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.ProposalSelection;
import espd.ike.crypto.Role;
import espd.ike.crypto.Selection;
import espd.ike.crypto.TransformNames;
import espd.ike.exchange.Actions.Result;
import espd.ike.exchange.Connecting.DerivingInit;
import espd.ike.exchange.Connecting.InitRequested;
import espd.ike.exchange.Connecting.PreparingInit;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.Ipv6Address;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The initiator's part of IKE_SA_INIT (RFC 7296 §1.2), from [PreparingInit] to [DerivingInit].
final class Initiator {

  private final Surroundings surroundings;
  private final ChildNegotiation children;
  private final Attempts attempts;

  Initiator(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.children = new ChildNegotiation(surroundings);
    this.attempts = new Attempts(surroundings);
  }

  /// Begins: nothing is sent before the key pair is there.
  ///
  /// @param tcp whether through a TCP stream (RFC 9329)
  /// @param redirected where to instead of the connection's peer
  Step begin(ChildWish wish, boolean tcp, Optional<Redirected> redirected, Actions actions) {
    Connection connection = wish.connection();
    Optional<Ipv6Address> remote = redirected.map(Redirected::gateway).or(connection::remote);
    Optional<KeyExchangeMethod> group = groups(connection).stream().findFirst();
    if (remote.isEmpty() || group.isEmpty()) {
      String lack = remote.isEmpty() ? "an address of the peer" : "a group of ours";
      return Attempts.failed(
          wish, Report.Cause.REFUSED, connection.name() + " lacks " + lack, actions);
    }
    Attempt attempt = attempt(wish, tcp, redirected, group.get().transformId());
    actions.progress(
        connection,
        "initiating IKE_SA %s[%d] to %s"
            .formatted(connection.name(), attempt.serial(), remote.get()));
    actions.add(new Action.Compute(new Computation.Generate(group.get())));
    return actions.then(new PreparingInit(attempt));
  }

  /// {@return what an IKE SA begins with whose peer has an address}
  ///
  /// @param group of the key exchange, 0 where there is none
  Attempt attempt(ChildWish wish, boolean tcp, Optional<Redirected> redirected, int group) {
    Connection connection = wish.connection();
    int serial = surroundings.nextIkeSerial();
    Ipv6Address remote = redirected.map(Redirected::gateway).or(connection::remote).orElseThrow();
    return new Attempt(
        wish,
        serial,
        IkeSa.freshSpi(surroundings.random()),
        path(connection, remote, serial, tcp),
        children.nonce(),
        group,
        Optional.empty(),
        redirected,
        0);
  }

  private static Path path(Connection connection, Ipv6Address remote, int serial, boolean tcp) {
    return tcp
        ? Path.through(connection.local(), serial, remote, connection.options().tcp().remotePort())
        : Path.between(connection.local(), remote);
  }

  private static List<KeyExchangeMethod> groups(Connection connection) {
    return connection.ikeProposals().stream()
        .flatMap(proposal -> proposal.ofType(Transform.DH).stream())
        .flatMap(transform -> KeyExchangeMethod.of(transform.id()).stream())
        .distinct()
        .toList();
  }

  /// `HDR, SAi1, KEi, Ni -->`
  Step generated(PreparingInit state, Computation.Generated result, Actions actions) {
    return request(state.attempt(), result.key(), actions);
  }

  private Step request(Attempt attempt, EphemeralKeyPair key, Actions actions) {
    Connection connection = attempt.wish().connection();
    Path path = attempt.path();
    Header header = attempt.header(Header.IKE_SA_INIT);
    List<Notify> notifies =
        new ArrayList<>(Nat.announced(connection, header, path, surroundings.random()));
    notifies.addAll(Notifies.announcingAsInitiator(connection.extensions()));
    if (OwnProof.signs(connection)) {
      notifies.add(Notifies.hashAlgorithms());
    }
    Redirection.from(attempt.redirected()).ifPresent(notifies::add);
    Message message = IkeSaInit.request(attempt, key, notifies);
    Bytes octets = Bytes.of(message.write());
    actions.send(connection, message, path.datagram(octets.toArray()));
    Instant againAt = actions.now().plus(surroundings.retransmission().wait(0));
    return actions.then(
        new InitRequested(attempt, key, MessageWindow.fresh().requested(List.of(octets), againAt)));
  }

  /// `<-- HDR, SAr1, KEr, Nr`, or what else may come. None of it is proven, so what cannot be read
  /// is not heeded (RFC 7296 §2.21.1).
  Step received(InitRequested state, Datagram datagram, Actions actions) {
    try {
      Message message = Message.read(datagram.payload());
      Header header = message.header();
      if (header.exchange() != Header.IKE_SA_INIT
          || !header.isResponse()
          || !state.window().awaits(header.messageId())) {
        actions.dropped(DropReason.NOT_AWAITED);
        return actions.then(state);
      }
      IkeSaInit.Response response = IkeSaInit.Response.from(message);
      actions.received(state.connection(), datagram, message);
      return switch (response) {
        case IkeSaInit.CookieWanted(Bytes cookie) -> withCookie(state, cookie, actions);
        case IkeSaInit.GroupWanted(int group) -> withGroup(state, group, actions);
        case IkeSaInit.Elsewhere(Notifies notifies) -> redirected(state, notifies, header, actions);
        case IkeSaInit.Refused(Notify notify) -> {
          actions.exchanged(header, Role.INITIATOR, Result.REFUSED);
          yield failed(
              state, Differences.refused(notify, state.connection().ikeProposals()), actions);
        }
        case IkeSaInit.Accepted accepted -> accepted(state, accepted, message, datagram, actions);
      };
    } catch (MalformedException e) {
      actions.dropped(DropReason.MALFORMED);
      actions.warning(state.connection(), "ignoring IKE_SA_INIT response: " + e.getMessage());
      return actions.then(state);
    }
  }

  /// Asks again with the cookie first, all else alike (RFC 7296 §2.6).
  ///
  /// The responder may accept such a copy and never see this request. Its answer is the same either
  /// way, so AUTH is of the last request whatever was answered (§2.15), and a responder that does
  /// not look for it ([InitMessages#possible]) refuses: that costs this attempt and no more.
  private Step withCookie(InitRequested state, Bytes cookie, Actions actions) {
    if (!state.attempt().mayTake(cookie)) {
      actions.dropped(DropReason.COOKIE_NOT_HEEDED);
      return actions.then(state);
    }
    return request(state.attempt().withCookie(cookie), state.key(), actions);
  }

  /// Asks again with the group the responder wants, if we allow it (RFC 7296 §1.2, §2.7).
  private Step withGroup(InitRequested state, int wanted, Actions actions) {
    Attempt attempt = state.attempt();
    if (wanted == attempt.group() && attempt.restarts() > 0) {
      // The answer to a copy of the request before: it has this group by now.
      actions.dropped(DropReason.NOT_AWAITED);
      return actions.then(state);
    }
    Optional<KeyExchangeMethod> group =
        groups(state.connection()).stream().filter(g -> g.transformId() == wanted).findFirst();
    if (group.isEmpty()
        || wanted == attempt.group()
        || attempt.restarts() >= Attempt.MAX_RESTARTS) {
      String line =
          "the peer wants DH group %s, allowed are %s"
              .formatted(
                  TransformNames.of(Transform.of(Transform.DH, wanted)),
                  groups(state.connection()));
      return failed(state, line, actions);
    }
    actions.progress(
        state.connection(),
        "peer didn't accept DH group %s, it requested %s"
            .formatted(state.key().method(), group.get()));
    state.key().close();
    actions.add(new Action.Compute(new Computation.Generate(group.get())));
    return actions.then(new PreparingInit(attempt.withGroup(wanted)));
  }

  /// Asks another gateway, if this answer is to our request: else it may be anybody's (RFC 5685
  /// §3).
  private Step redirected(InitRequested state, Notifies notifies, Header header, Actions actions) {
    Connection connection = state.connection();
    Optional<Redirection.Order> order =
        Redirection.in(notifies, connection, actions)
            .filter(each -> each.nonce().equals(state.attempt().nonce()));
    if (order.isEmpty()) {
      actions.dropped(DropReason.REDIRECT_NOT_HEEDED);
      return actions.then(state);
    }
    actions.exchanged(header, Role.INITIATOR, Result.REFUSED);
    Optional<Redirected> redirected =
        Redirection.followed(order.get(), connection, state.path(), actions);
    if (redirected.isEmpty()) {
      return failed(state, Redirection.unreachable(order.get()), actions);
    }
    state.key().close();
    actions.add(new Action.Follow(state.attempt().wish(), redirected.get()));
    return actions.then(new IkeSaState.Closed());
  }

  private Step accepted(
      InitRequested state,
      IkeSaInit.Accepted response,
      Message message,
      Datagram datagram,
      Actions actions) {
    List<Proposal> sent = state.connection().ikeProposals();
    Selection selection = ProposalSelection.confirm(sent, List.of(response.chosen()));
    if (!(selection instanceof Selection.Chosen(Proposal chosen))) {
      return failed(state, "the peer chose what we did not offer: " + selection, actions);
    }
    if (response.ker().method() != state.attempt().group()
        || IkeSuite.from(chosen).method().transformId() != state.attempt().group()
        || message.header().spiR() == 0) {
      return failed(state, "the peer's SPI or group does not fit its choice", actions);
    }
    if (!IkeSuite.from(chosen).additional().isEmpty()
        && !response.notifies().has(Extension.INTERMEDIATE.notifyType())) {
      return failed(
          state, "the peer chose additional key exchanges without IKE_INTERMEDIATE", actions);
    }
    actions.progress(state.connection(), "selected proposal: " + TransformNames.of(chosen));
    actions.exchanged(message.header(), Role.INITIATOR, Result.OK);
    Bytes request = state.window().outstanding().orElseThrow().datagrams().getFirst();
    InitMessages init =
        new InitMessages(
            request, Bytes.of(datagram.payload()), state.attempt().nonce(), response.nr().data());
    actions.add(new Action.Compute(new Computation.Agree(state.key(), response.ker().data())));
    return actions.then(
        new DerivingInit(
            state.attempt(),
            chosen,
            response,
            message.header().spiR(),
            init,
            state.window().responded()));
  }

  private Step failed(InitRequested state, String line, Actions actions) {
    return attempts.close(state, Report.Cause.REFUSED, line, actions);
  }
}
