package espd.ike.exchange;

import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.crypto.AdditionalKeyExchange;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.IntAuth;
import espd.ike.crypto.OpenedMessage;
import espd.ike.crypto.Role;
import espd.ike.crypto.UnauthenticException;
import espd.ike.exchange.Actions.Result;
import espd.ike.exchange.Connecting.DerivingInit;
import espd.ike.exchange.Connecting.DerivingIntermediate;
import espd.ike.exchange.Connecting.IntermediateRequested;
import espd.ike.exchange.Connecting.PreparingIntermediate;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.spd.KeyMaterial;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The initiator's way from the shared secret of IKE_SA_INIT to its last keys: one IKE_INTERMEDIATE
/// exchange for each additional key exchange, in their order (RFC 9370 §2.2.2); there may be none.
final class InitiatorIntermediate {

  private final Surroundings surroundings;
  private final InitiatorAuth auth;
  private final Attempts attempts;
  private final Courier courier;

  InitiatorIntermediate(Surroundings surroundings, InitiatorAuth auth) {
    this.surroundings = surroundings;
    this.auth = auth;
    this.attempts = new Attempts(surroundings);
    this.courier = new Courier(surroundings);
  }

  /// The shared secret of IKE_SA_INIT is there.
  Step agreed(DerivingInit state, KeyMaterial secret, Actions actions) {
    IkeSa ikeSa = ikeSa(state, secret);
    return next(new Keying(ikeSa, state.attempt().wish(), state.init(), state.window()), actions);
  }

  private static IkeSa ikeSa(DerivingInit state, KeyMaterial secret) {
    Attempt attempt = state.attempt();
    IkeSuite suite = IkeSuite.from(state.chosen());
    IkeKeys keys = IkeKeys.derive(suite, state.init().inputs(attempt.spi(), state.spiR()), secret);
    secret.close();
    return IkeSa.initiated(attempt, state.spiR(), keys, state.response().notifies());
  }

  private Step next(Keying keying, Actions actions) {
    Optional<AdditionalKeyExchange> next = keying.next();
    if (next.isEmpty()) {
      return auth.begin(keying, actions);
    }
    actions.add(new Action.Compute(new Computation.Generate(next.get().method())));
    return actions.then(new PreparingIntermediate(keying));
  }

  /// The peer's public value is not to be used: its fault (RFC 7296 §2.21.1).
  Step notAgreed(Connecting state, String why, Actions actions) {
    return attempts.close(state, Report.Cause.REFUSED, "the peer's KE: " + why, actions);
  }

  /// `HDR, SK {KEi(n)} -->`
  Step generated(PreparingIntermediate state, Computation.Generated result, Actions actions) {
    Keying keying = state.keying();
    IkeSa ikeSa = keying.ikeSa();
    Header header = ikeSa.request(Header.IKE_INTERMEDIATE, keying.window().nextId());
    Message message = new Message(header, List.of(result.key().ke()));
    List<Bytes> sent = courier.send(ikeSa, state.connection(), message, actions);
    Instant againAt = actions.now().plus(surroundings.retransmission().wait(0));
    return actions.then(
        new IntermediateRequested(
            keying.with(keying.window().requested(sent, againAt)),
            result.key(),
            IntAuth.covered(message)));
  }

  /// `<-- HDR, SK {KEr(n)}`
  Step received(IntermediateRequested state, Datagram datagram, Actions actions) {
    try {
      Header header = Header.read(datagram.payload());
      if (header.exchange() != Header.IKE_INTERMEDIATE
          || !header.isResponse()
          || !state.keying().window().awaits(header.messageId())) {
        actions.dropped(DropReason.NOT_AWAITED);
        return actions.then(state);
      }
      Courier.Opened opened = courier.open(state, datagram, actions);
      return opened.message().isEmpty()
          ? actions.then(state.with(opened.window()))
          : opened(state, opened.message().get(), actions);
    } catch (MalformedException | UnauthenticException e) {
      actions.dropped(DropReason.UNAUTHENTIC);
      return actions.then(state);
    }
  }

  private Step opened(IntermediateRequested state, OpenedMessage opened, Actions actions) {
    Bytes covered = opened.covered();
    try {
      Message message = opened.read();
      actions.parsed(state.connection(), message);
      AdditionalKeyExchange agreed = state.keying().next().orElseThrow();
      return switch (IkeIntermediate.Response.from(message.payloads(), agreed)) {
        case IkeIntermediate.Refused(Notify notify) -> {
          actions.exchanged(message.header(), Role.INITIATOR, Result.REFUSED);
          yield attempts.close(state, Report.Cause.REFUSED, Attempts.refusedBy(notify), actions);
        }
        case IkeIntermediate.Exchanged exchanged -> {
          actions.exchanged(message.header(), Role.INITIATOR, Result.OK);
          yield exchanged(state, exchanged, covered, actions);
        }
      };
    } catch (MalformedException e) {
      // Nobody has proven anything yet, so the peer is not told (RFC 7296 §2.21.2).
      actions.exchanged(opened.header(), Role.INITIATOR, Result.MALFORMED);
      String line = String.valueOf(e.getMessage());
      return attempts.close(state, Report.Cause.REFUSED, line, actions);
    }
  }

  private static Step exchanged(
      IntermediateRequested state,
      IkeIntermediate.Exchanged exchanged,
      Bytes response,
      Actions actions) {
    Keying keying = state.keying();
    InitMessages init = keying.init();
    IntAuth intAuth = init.intAuth().after(keying.ikeSa().keys(), state.request(), response);
    actions.add(new Action.Compute(new Computation.Agree(state.key(), exchanged.ker().data())));
    return actions.then(
        new DerivingIntermediate(
            new Keying(
                keying.ikeSa(), keying.wish(), init.with(intAuth), keying.window().responded())));
  }

  /// The shared secret of an additional key exchange is there: new keys from here on.
  Step agreed(DerivingIntermediate state, KeyMaterial secret, Actions actions) {
    Keying keying = state.keying();
    IkeSa updated = keying.ikeSa().updated(keying.init(), secret);
    return next(new Keying(updated, keying.wish(), keying.init(), keying.window()), actions);
  }
}
