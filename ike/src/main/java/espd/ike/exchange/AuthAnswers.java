package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Extension;
import espd.ike.IkeOptions.Childless;
import espd.ike.Uniqueness;
import espd.ike.crypto.Role;
import espd.ike.exchange.Actions.Result;
import espd.ike.exchange.ChildNegotiation.Exchange;
import espd.ike.exchange.ChildNegotiation.Verdict;
import espd.ike.message.Bytes;
import espd.ike.message.Configuration;
import espd.ike.message.Header;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How IKE_AUTH ends for the responder, whatever way both ends have proven themselves.
final class AuthAnswers {

  private final Surroundings surroundings;
  private final ChildNegotiation children;
  private final Establishment establishment;
  private final Addressing addressing;
  private final Courier courier;
  private final Multihoming multihoming;
  private final Ticketing ticketing;

  AuthAnswers(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.children = new ChildNegotiation(surroundings);
    this.establishment = new Establishment(surroundings);
    this.addressing = new Addressing(surroundings);
    this.courier = new Courier(surroundings);
    this.multihoming = new Multihoming(surroundings);
    this.ticketing = new Ticketing(surroundings);
  }

  /// An initiator that has proven itself.
  ///
  /// @param state keys and window
  /// @param init what the keys of the Child SA come from
  /// @param header of its request
  /// @param peer who it is
  /// @param request its first request, with what it wants
  /// @param proof our own: IDr, AUTH
  /// @param notifies what else there is to say
  record Proven(
      Enciphered state,
      InitMessages init,
      Header header,
      Peer peer,
      IkeAuth.Request request,
      List<Payload> proof,
      List<Notify> notifies) {}

  /// `<-- HDR, SK {[IDr,] AUTH, SAr2, TSi, TSr}`, the inbound SA installed before (RFC 7296 §2.9)
  Step established(Proven proven, Actions actions) {
    Connection connection = proven.peer().connection();
    Uniqueness uniqueness = connection.options().uniqueness();
    IkeSa agreed = Mobility.agreed(proven.state().ikeSa(), connection);
    IkeSa ikeSa =
        agreed.has(Extension.MOBIKE) ? multihoming.introduced(agreed, connection) : agreed;
    boolean alone = proven.request().initialContact() && uniqueness.heedsInitialContact();
    if (uniqueness == Uniqueness.KEEP
        && !alone
        && surroundings.standsElsewhere(proven.peer(), ikeSa.path().remote())) {
      return unproven(
          proven.state(),
          proven.header(),
          "canceling IKE_SA setup due to uniqueness policy",
          actions);
    }
    MessageWindow window = proven.state().window();
    actions.exchanged(proven.header(), Role.RESPONDER, Result.OK);
    if (alone) {
      actions.add(new Action.InitialContact(proven.peer()));
    }
    Addressing.Answer addresses =
        addressing.answer(proven.peer(), proven.request().configuration(), alone, actions);
    WithChild made =
        switch (addresses) {
          case Addressing.Answer.Refused(Refusal refusal) ->
              without(establishment.of(ikeSa, proven.peer(), window, actions), refusal, actions);
          case Addressing.Answer.Given(Peer peer, Optional<Configuration> reply) -> {
            Established established = establishment.of(ikeSa, peer, window, actions);
            WithChild first = firstChild(established, proven.request(), proven.init(), actions);
            yield new WithChild(
                first.established(),
                Stream.concat(reply.stream(), first.payloads().stream()).toList());
          }
        };
    List<Payload> payloads = new ArrayList<>(proven.proof());
    payloads.addAll(made.payloads());
    if (ikeSa.has(Extension.MOBIKE)) {
      payloads.addAll(Mobility.announcement(connection));
      payloads.addAll(Multihoming.introduction(ikeSa));
    }
    payloads.addAll(proven.notifies());
    Established established = made.established();
    payloads.addAll(Reauthentication.lifetime(established.peer(), actions.now()));
    payloads.addAll(ticketing.granted(established, proven.request().notifies(), actions));
    List<Bytes> sent = courier.response(established, proven.header(), payloads, actions);
    if (uniqueness == Uniqueness.REPLACE) {
      actions.add(new Action.Replace(proven.peer()));
    }
    return actions.then(established.with(established.window().answered(sent)));
  }

  /// An IKE SA and what the answer says of its first Child SA.
  private record WithChild(Established established, List<? extends Payload> payloads) {}

  private static WithChild without(Established established, Refusal refusal, Actions actions) {
    actions.warning(established.connection(), refusal.name() + " sent: " + refusal.explanation());
    return new WithChild(established, List.of(refusal.error()));
  }

  /// The Child SA of the same exchange, where the peer asks for one.
  private WithChild firstChild(
      Established established, IkeAuth.Request request, InitMessages init, Actions actions) {
    if (request.child().isEmpty()) {
      return new WithChild(established, List.of());
    }
    if (established.connection().options().childless() == Childless.FORCE) {
      String line = "offered a Child SA in IKE_AUTH, allowed in CREATE_CHILD_SA (childless)";
      return without(established, Refusal.of(NotifyType.NO_ADDITIONAL_SAS, line), actions);
    }
    IkeSa ikeSa = established.ikeSa();
    List<Connection> permitted =
        established.peer().permitted(surroundings.connections(), ikeSa.path());
    return switch (children.answer(
        new ChildNegotiation.Asked(request.child().get(), Translation.on(ikeSa)),
        permitted,
        Exchange.IKE_AUTH,
        Optional.empty())) {
      case Verdict.Refused(Refusal refusal) -> without(established, refusal, actions);
      case Verdict.Agreed(ChildChoice choice) -> {
        ChildNegotiation.Source source =
            new ChildNegotiation.Source(
                actions.now(), Role.RESPONDER, init.ni(), init.nr(), Optional.empty());
        yield new WithChild(
            establishment.up(established, children.make(ikeSa, choice, source), actions),
            ChildNegotiation.granted(choice).payloads(List.of()));
      }
    };
  }

  /// The initiator has not proven itself.
  Step unproven(Enciphered state, Header header, String why, Actions actions) {
    actions.exchanged(header, Role.RESPONDER, Result.REFUSED);
    Refusal refusal = Refusal.of(NotifyType.AUTHENTICATION_FAILED, why);
    return refuse(state, header, List.of(), refusal, actions);
  }

  /// `<-- HDR, SK {[EAP,] N(error)}`: no IKE SA. Duplicates of the request still get this answer.
  ///
  /// @param first what stands before the error
  Step refuse(
      Enciphered state, Header header, List<Payload> first, Refusal refusal, Actions actions) {
    actions.warning(state.connection(), refusal.name() + " sent: " + refusal.explanation());
    List<Payload> payloads = new ArrayList<>(first);
    payloads.add(refusal.error());
    return departed(state, header, payloads, actions);
  }

  /// `<-- HDR, SK {}`: the initiator has ended it before it was proven (RFC 7296 §2.21.2).
  ///
  /// @param request what it says
  Step ended(Enciphered state, Header header, Contents request, Actions actions) {
    actions.exchanged(header, Role.RESPONDER, Result.OK);
    String why =
        request.notifies().error().map(Attempts::refusedBy).orElse("received DELETE for IKE_SA");
    actions.warning(
        state.connection(),
        why + ", deleting half open IKE_SA with " + state.ikeSa().path().remote());
    return departed(state, header, List.of(), actions);
  }

  private Step departed(Enciphered state, Header header, List<Payload> payloads, Actions actions) {
    IkeSa ikeSa = state.ikeSa();
    Message message = new Message(ikeSa.responseTo(header), payloads);
    List<Bytes> sent = courier.send(ikeSa, state.connection(), message, actions);
    ikeSa.keys().close();
    return actions.then(
        Departed.after(ikeSa.localSpi(), state.window().answered(sent), actions.now())
            .unproven(ikeSa.path().remote()));
  }
}
