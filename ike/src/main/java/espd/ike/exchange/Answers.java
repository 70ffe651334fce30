package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.ProposalSelection;
import espd.ike.crypto.Role;
import espd.ike.crypto.Selection;
import espd.ike.crypto.SharedSecrets;
import espd.ike.exchange.Actions.Result;
import espd.ike.exchange.ChildNegotiation.Exchange;
import espd.ike.exchange.ChildNegotiation.Verdict;
import espd.ike.message.Bytes;
import espd.ike.message.Configuration;
import espd.ike.message.Delete;
import espd.ike.message.Header;
import espd.ike.message.KeyExchange;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import espd.spd.KeyMaterial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The peer's requests on an established IKE SA: each is answered in one step, or in two when a key
/// exchange has to be computed in between (RFC 7296 §1.3, §1.4).
final class Answers {

  private final Surroundings surroundings;
  private final ChildNegotiation children;
  private final Completion completion;
  private final FollowupAnswers followups;
  private final IkeRekey ikeRekey;
  private final Requests requests;
  private final Courier courier;
  private final Mobility mobility;
  private final Ticketing ticketing;

  Answers(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.children = new ChildNegotiation(surroundings);
    this.completion = new Completion(surroundings);
    this.followups = new FollowupAnswers(surroundings);
    this.ikeRekey = new IkeRekey(surroundings);
    this.requests = new Requests(surroundings);
    this.courier = new Courier(surroundings);
    this.mobility = new Mobility(surroundings);
    this.ticketing = new Ticketing(surroundings);
  }

  /// The peer's next request, authentic.
  ///
  /// @throws MalformedException when it is none
  Step requested(Established s, Message request, Actions actions) throws MalformedException {
    Header header = request.header();
    return switch (header.exchange()) {
      case Header.CREATE_CHILD_SA ->
          switch (CreateChildSa.Request.from(request.payloads())) {
            case CreateChildSa.Child child -> child(s, header, child, actions);
            case CreateChildSa.Ike ike -> ike(s, header, ike, actions);
          };
      case Header.IKE_FOLLOWUP_KE ->
          followup(s, header, IkeFollowupKe.Request.from(request.payloads()), actions);
      case Header.INFORMATIONAL ->
          informational(s, header, new Contents("INFORMATIONAL", request.payloads()), actions);
      default -> throw new MalformedException(header.exchangeName() + " on an established IKE SA");
    };
  }

  // --- CREATE_CHILD_SA: a Child SA ---------------------------------------------------------------

  private Step child(Established s, Header header, CreateChildSa.Child request, Actions actions) {
    Optional<ChildSa> old = request.replaced().flatMap(spi -> s.childOfPeer(spi.toInt()));
    Optional<Refusal> notNow = Collisions.notNow(s, request, old).or(() -> tooMany(s, request));
    if (notNow.isPresent()) {
      return refuse(s, header, notNow.get(), actions);
    }
    if (request.configuration().filter(AddressConfiguration::asksForAddress).isPresent()) {
      // An IKE SA has the addresses that IKE_AUTH gave it (RFC 7296 §2.19, §3.15.4).
      String line = "offered a request for another address, allowed those of IKE_AUTH";
      return refuse(s, header, Refusal.of(NotifyType.INTERNAL_ADDRESS_FAILURE, line), actions);
    }
    List<Connection> permitted = s.peer().permitted(surroundings.connections(), s.ikeSa().path());
    Verdict verdict =
        children.answer(
            new ChildNegotiation.Asked(request.offer(), Translation.on(s.ikeSa())),
            permitted,
            Exchange.CREATE_CHILD_SA,
            old);
    return switch (verdict) {
      case Verdict.Refused(Refusal refusal) -> refuse(s, header, refusal, actions);
      case Verdict.Agreed(ChildChoice choice) -> {
        Optional<KeyExchangeMethod> group = choice.suite().method();
        if (group.isEmpty()) {
          yield finish(s, new Answering.Child(header, request, choice), NO_KEY, actions);
        }
        if (request.kei().isEmpty() || request.kei().get().method() != group.get().transformId()) {
          actions.add(new Action.ReleaseSpi(choice.inboundSpi()));
          yield refuse(s, header, wrongGroup(group.get(), request.kei()), actions);
        }
        actions.add(
            new Action.Compute(new Computation.Answer(group.get(), request.kei().get().data())));
        yield actions.then(s.answering(new Answering.Child(header, request, choice)));
      }
    };
  }

  /// So many and no more (RFC 7296 §1.3): while each is rekeyed, there are twice as many.
  private Optional<Refusal> tooMany(Established s, CreateChildSa.Child request) {
    int most = surroundings.mostChildSas() * (request.replaced().isPresent() ? 2 : 1);
    return s.children().size() < most
        ? Optional.empty()
        : Optional.of(
            Refusal.of(
                NotifyType.NO_ADDITIONAL_SAS,
                "the peer has " + s.children().size() + " CHILD_SAs in this IKE_SA"));
  }

  private static Refusal wrongGroup(KeyExchangeMethod chosen, Optional<KeyExchange> kei) {
    String sent = kei.map(ke -> "of group " + ke.method()).orElse("missing");
    return new Refusal(
        IkeSaInit.wantGroup(chosen.transformId()), "KE " + sent + ", chosen " + chosen);
  }

  private static final Computed NO_KEY = new Computed(Optional.empty(), Optional.empty());

  /// What a key exchange adds to an answer.
  private record Computed(Optional<KeyExchange> ker, Optional<KeyMaterial> secret) {}

  /// `<-- HDR, SK {SA, Nr, [KEr,] TSi, TSr}`
  private Step finish(Established s, Answering.Child answering, Computed key, Actions actions) {
    Granted granted = new Granted(answering, children.nonce(), 0);
    List<Payload> payloads =
        CreateChildSa.child(
            Optional.empty(),
            ChildNegotiation.granted(answering.choice()),
            granted.nr(),
            key.ker());
    return granted(s, granted, key.secret(), payloads, actions);
  }

  /// Answers CREATE_CHILD_SA: the SA is made, or has a link to the key exchange that follows (RFC
  /// 9370 §2.2.4).
  private Step granted(
      Established s,
      Granted granted,
      Optional<KeyMaterial> secret,
      List<Payload> payloads,
      Actions actions) {
    Header header = granted.answering().header();
    actions.exchanged(header, Role.RESPONDER, Result.OK);
    if (granted.additional().isEmpty()) {
      Established made = completion.of(s, granted, secret.map(SharedSecrets::of), actions);
      return answer(made, header, payloads, actions);
    }
    Established waits = followups.await(s, granted, secret.orElseThrow(), actions);
    List<Payload> linked = new ArrayList<>(payloads);
    linked.add(IkeFollowupKe.notify(waits.work().awaited().orElseThrow().link()));
    return answer(waits, header, linked, actions);
  }

  // --- CREATE_CHILD_SA: the IKE SA ---------------------------------------------------------------

  private Step ike(Established s, Header header, CreateChildSa.Ike request, Actions actions) {
    Optional<Refusal> notNow = Collisions.notNow(s);
    if (notNow.isPresent()) {
      return refuse(s, header, notNow.get(), actions);
    }
    Selection selection =
        ProposalSelection.select(s.peer().connection().ikeProposals(), request.proposals());
    if (!(selection instanceof Selection.Chosen(Proposal chosen))
        || chosen.spi().length() != Long.BYTES
        || chosen.spi().toLong() == 0) {
      return refuse(
          s,
          header,
          Refusal.of(
              NotifyType.NO_PROPOSAL_CHOSEN, s.peer().connection().name() + ": " + selection),
          actions);
    }
    KeyExchangeMethod group = IkeSuite.from(chosen).method();
    if (request.kei().method() != group.transformId()) {
      return refuse(s, header, wrongGroup(group, Optional.of(request.kei())), actions);
    }
    actions.add(new Action.Compute(new Computation.Answer(group, request.kei().data())));
    return actions.then(s.answering(new Answering.Ike(header, request, chosen)));
  }

  /// `<-- HDR, SK {SA, Nr, KEr}`
  private Step finish(
      Established s, Answering.Ike answering, Computation.Answered computed, Actions actions) {
    Granted granted = new Granted(answering, children.nonce(), ikeRekey.spi());
    Proposal chosen = answering.chosen();
    Proposal ours = chosen.with(chosen.number(), Bytes.ofLong(granted.ikeSpi()));
    List<Payload> payloads = CreateChildSa.ike(List.of(ours), granted.nr(), computed.ke());
    return granted(s, granted, Optional.of(computed.secret()), payloads, actions);
  }

  // --- IKE_FOLLOWUP_KE
  // -----------------------------------------------------------------------------

  private Step followup(
      Established s, Header header, IkeFollowupKe.Request request, Actions actions)
      throws MalformedException {
    Optional<Refusal> refusal = FollowupAnswers.requested(s, request, actions);
    return refusal.isPresent()
        ? refuse(s, header, refusal.get(), actions)
        : actions.then(s.answering(new Answering.Followup(header)));
  }

  /// `<-- HDR, SK {KEr(n) [, N(ADDITIONAL_KEY_EXCHANGE)(link n+1)]}`
  private Step finish(
      Established s, Answering.Followup answering, Computation.Answered computed, Actions actions) {
    Awaited awaited = followups.plus(s.work().awaited().orElseThrow(), computed.secret(), actions);
    actions.exchanged(answering.header(), Role.RESPONDER, Result.OK);
    if (!awaited.remaining().isEmpty()) {
      List<Payload> linked = IkeFollowupKe.payloads(computed.ke(), Optional.of(awaited.link()));
      return answer(s.awaiting(Optional.of(awaited)), answering.header(), linked, actions);
    }
    Established made =
        completion.of(
            s.awaiting(Optional.empty()),
            awaited.granted(),
            Optional.of(awaited.secrets()),
            actions);
    return answer(made, answering.header(), List.of(computed.ke()), actions);
  }

  /// The key exchange of an answer is done.
  Step computed(Established s, Computation.Answered computed, Actions actions) {
    if (s.work().answering().isEmpty()) {
      computed.secret().close();
      return actions.then(s);
    }
    Answering answering = s.work().answering().get();
    Optional<Refusal> notNow = meanwhile(s, answering);
    if (notNow.isPresent()) {
      computed.secret().close();
      return refuse(given(s, answering, actions), answering.header(), notNow.get(), actions);
    }
    return switch (answering) {
      case Answering.Child child -> {
        var key = new Computed(Optional.of(computed.ke()), Optional.of(computed.secret()));
        yield finish(s, child, key, actions);
      }
      case Answering.Ike ike -> finish(s, ike, computed, actions);
      case Answering.Followup followup -> finish(s, followup, computed, actions);
    };
  }

  /// Gives back what was kept for an answer that is not to be.
  private static Established given(Established s, Answering answering, Actions actions) {
    return switch (answering) {
      case Answering.Child child -> {
        actions.add(new Action.ReleaseSpi(child.choice().inboundSpi()));
        yield s;
      }
      case Answering.Ike ike -> s;
      case Answering.Followup followup -> FollowupAnswers.forgotten(s, actions);
    };
  }

  /// What has come in between while the key exchange was computed.
  private static Optional<Refusal> meanwhile(Established s, Answering answering) {
    return switch (answering) {
      case Answering.Child child ->
          Collisions.notNow(
              s,
              child.request(),
              child.choice().replaced().flatMap(old -> s.child(old.inbound().spi())));
      case Answering.Ike ike -> Collisions.notNow(s);
      case Answering.Followup followup -> {
        Optional<Awaited> awaited = s.work().awaited();
        yield awaited.isEmpty()
            ? Optional.of(FollowupAnswers.notFound())
            : meanwhile(s, awaited.get().granted().answering());
      }
    };
  }

  /// The peer's public value is not to be used (RFC 7296 §2.21.3).
  Step notComputed(Established s, String why, Actions actions) {
    if (s.work().answering().isEmpty()) {
      return actions.then(s);
    }
    Answering answering = s.work().answering().get();
    return refuse(
        given(s, answering, actions),
        answering.header(),
        Refusal.of(NotifyType.INVALID_SYNTAX, "the peer's KE: " + why),
        actions);
  }

  // --- INFORMATIONAL
  // -------------------------------------------------------------------------------

  /// Deletions, errors, and the question whether we live: `HDR, SK {[N,] [D,] …} -->` (RFC 7296
  /// §1.4)
  private Step informational(Established s, Header header, Contents in, Actions actions)
      throws MalformedException {
    Optional<Configuration> asked = in.optional(Configuration.class);
    actions.exchanged(header, Role.RESPONDER, Result.OK);
    if (in.endsIkeSa()) {
      return deleted(s, header, actions);
    }
    List<Delete> deletes = in.all(Delete.class);
    Established then =
        Redirection.asked(
            Reauthentication.asked(s, in.notifies(), actions), in.notifies(), actions);
    List<Integer> ours = new ArrayList<>();
    for (Delete delete : deletes) {
      for (Bytes spi : delete.protocol() == Proposal.ESP ? delete.spis() : List.<Bytes>of()) {
        Optional<ChildSa> child = then.childOfPeer(spi.toInt());
        if (child.isPresent()) {
          // Both ends delete at once: the other's deletion is told by its own request (§1.4.1).
          if (!Collisions.isDeleting(then, child.get())) {
            ours.add(child.get().inbound().spi());
          }
          then = deleted(then, child.get(), actions);
        }
      }
    }
    int[] spis = ours.stream().mapToInt(Integer::intValue).toArray();
    Mobility.Reply reply = mobility.reply(then, in.notifies(), actions);
    List<Payload> payloads = new ArrayList<>(reply.payloads());
    if (spis.length > 0) {
      payloads.add(Delete.esp(spis));
    }
    payloads.addAll(ticketing.granted(then, in.notifies(), actions));
    asked.flatMap(AddressConfiguration::answer).ifPresent(payloads::add);
    return answer(reply.state(), header, payloads, actions);
  }

  /// The peer no longer sends with this Child SA: what replaces it is sent with from now on.
  private static Established deleted(Established s, ChildSa child, Actions actions) {
    Established then = Handover.switched(s, child::equals, actions);
    actions.progress(child.connection(), "CHILD_SA closed by the peer: " + child);
    return Handover.closed(then, child, Report.Cause.PEER, actions);
  }

  private Step deleted(Established s, Header header, Actions actions) {
    Connection connection = s.peer().connection();
    actions.progress(
        connection,
        "received DELETE for IKE_SA %s[%d]".formatted(connection.name(), s.ikeSa().serial()));
    Established last = ikeRekey.handOverToRival(s, actions);
    last.children().forEach(child -> ChildRequests.down(child, Report.Cause.PEER, actions));
    Requests.lingering(last, actions);
    Unfinished.abandon(last.work(), Report.Cause.PEER, actions);
    return end(last, header, List.of(), actions);
  }

  // --- answers
  // -------------------------------------------------------------------------------------

  /// Refuses a request, and ends the IKE SA with it: the peer does not speak as we do (RFC 7296
  /// §2.21.3).
  Step malformed(Established s, Header header, String why, Actions actions) {
    actions.exchanged(header, Role.RESPONDER, Result.MALFORMED);
    actions.warning(s.peer().connection(), "INVALID_SYNTAX sent: " + why);
    s.children().forEach(child -> ChildRequests.down(child, Report.Cause.REFUSED, actions));
    Requests.lingering(s, actions);
    Unfinished.abandon(s.work(), Report.Cause.REFUSED, actions);
    return end(s, header, List.of(Notify.of(NotifyType.INVALID_SYNTAX)), actions);
  }

  private Step end(Established s, Header header, List<Payload> payloads, Actions actions) {
    List<Bytes> sent = courier.response(s, header, payloads, actions);
    Ticketing.forget(s, actions);
    Requests.down(s, actions);
    s.ikeSa().keys().close();
    return actions.then(Departed.after(s.localSpi(), s.window().answered(sent), actions.now()));
  }

  /// Refuses a request; the IKE SA stands.
  Step refuse(Established s, Header header, Refusal refusal, Actions actions) {
    actions.exchanged(header, Role.RESPONDER, Result.REFUSED);
    actions.warning(s.peer().connection(), refusal.name() + " sent: " + refusal.explanation());
    return answer(s, header, List.of(refusal.error()), actions);
  }

  private Step answer(Established s, Header header, List<Payload> payloads, Actions actions) {
    List<Bytes> sent = courier.response(s, header, payloads, actions);
    return requests.next(s.answered(sent).with(s.timers().sent(actions.now())), actions);
  }
}
