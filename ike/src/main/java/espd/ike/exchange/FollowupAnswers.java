package espd.ike.exchange;

import espd.ike.crypto.AdditionalKeyExchange;
import espd.ike.crypto.SharedSecrets;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.NotifyType;
import espd.spd.KeyMaterial;
import java.util.List;
import java.util.Optional;

/// What a responder keeps of an SA that takes several key exchanges, until the peer has gone on
/// with it (RFC 9370 §2.2.4): the newest one alone.
final class FollowupAnswers {

  private static final int LINK_OCTETS = 8;

  private final Surroundings surroundings;

  FollowupAnswers(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// Waits for the peer to go on with an SA.
  ///
  /// @param secret of its first key exchange
  Established await(Established s, Granted granted, KeyMaterial secret, Actions actions) {
    SharedSecrets secrets = SharedSecrets.of(secret);
    return forgotten(s, actions)
        .awaiting(Optional.of(awaited(granted, secrets, granted.additional(), actions)));
  }

  /// {@return what is awaited after one more key exchange, with a new link}
  Awaited plus(Awaited before, KeyMaterial secret, Actions actions) {
    return awaited(
        before.granted(),
        before.secrets().plus(secret),
        before.remaining().subList(1, before.remaining().size()),
        actions);
  }

  private Awaited awaited(
      Granted granted,
      SharedSecrets secrets,
      List<AdditionalKeyExchange> remaining,
      Actions actions) {
    byte[] link = new byte[LINK_OCTETS];
    surroundings.random().nextBytes(link);
    return new Awaited(
        granted, secrets, remaining, Bytes.of(link), actions.now().plus(Awaited.PATIENCE));
  }

  /// `--> HDR, SK {KEi(n), N(ADDITIONAL_KEY_EXCHANGE)(link n)}`
  ///
  /// @return why not, when nothing waits for it
  /// @throws MalformedException when it is of another method than was agreed on
  static Optional<Refusal> requested(Established s, IkeFollowupKe.Request request, Actions actions)
      throws MalformedException {
    Optional<Awaited> awaited =
        s.work().awaited().filter(each -> each.link().equals(request.link()));
    if (awaited.isEmpty()) {
      return Optional.of(notFound());
    }
    AdditionalKeyExchange agreed = awaited.get().remaining().getFirst();
    if (request.kei().method() != agreed.method().transformId()) {
      throw new MalformedException(
          "IKE_FOLLOWUP_KE with KE of method " + request.kei().method() + ", agreed " + agreed);
    }
    actions.add(new Action.Compute(new Computation.Answer(agreed.method(), request.kei().data())));
    return Optional.empty();
  }

  /// {@return that nothing waits for a key exchange}
  static Refusal notFound() {
    return Refusal.of(NotifyType.STATE_NOT_FOUND, "no SA waits for this key exchange");
  }

  /// Forgets an SA that the peer has had its time to go on with.
  static Established expired(Established s, Actions actions) {
    if (s.work().awaited().filter(each -> !each.until().isAfter(actions.now())).isEmpty()) {
      return s;
    }
    actions.progress(s.connection(), "the peer does not go on with its key exchanges");
    return forgotten(s, actions);
  }

  /// Forgets what is awaited, if anything is.
  static Established forgotten(Established s, Actions actions) {
    s.work().awaited().ifPresent(awaited -> abandon(awaited, actions));
    return s.awaiting(Optional.empty());
  }

  /// Gives back and wipes what was kept.
  static void abandon(Awaited awaited, Actions actions) {
    awaited.secrets().close();
    if (awaited.granted().answering() instanceof Answering.Child child) {
      actions.add(new Action.ReleaseSpi(child.choice().inboundSpi()));
    }
  }
}
