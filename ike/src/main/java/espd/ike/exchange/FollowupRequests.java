package espd.ike.exchange;

import espd.ike.crypto.AdditionalKeyExchange;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.SharedSecrets;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.spd.KeyMaterial;
import java.util.List;
import java.util.Optional;

/// Our way from the first key exchange of an SA to its last (RFC 9370 §2.2.4), with or without
/// others in between: one IKE_FOLLOWUP_KE exchange for each that is additional.
final class FollowupRequests {

  private final ChildRequests childRequests;
  private final IkeRekey ikeRekey;
  private final Courier courier;

  FollowupRequests(Surroundings surroundings) {
    this.childRequests = new ChildRequests(surroundings);
    this.ikeRekey = new IkeRekey(surroundings);
    this.courier = new Courier(surroundings);
  }

  /// The shared secret of CREATE_CHILD_SA is there.
  Established agreed(Established s, Pending.Agreeing p, KeyMaterial secret, Actions actions) {
    SharedSecrets secrets = SharedSecrets.of(secret);
    return continued(s, new Pending.Continuation(p, secrets, p.additional(), p.link()), actions);
  }

  /// The shared secret of IKE_FOLLOWUP_KE is there.
  Established agreed(
      Established s, Pending.FollowupAgreeing p, KeyMaterial secret, Actions actions) {
    Pending.Continuation c = p.continuation();
    return continued(
        s,
        new Pending.Continuation(c.first(), c.secrets().plus(secret), c.remaining(), c.link()),
        actions);
  }

  private Established continued(Established s, Pending.Continuation c, Actions actions) {
    if (c.remaining().isEmpty()) {
      return switch (c.first()) {
        case Pending.ChildAgreeing p ->
            childRequests.finish(s.idle(), p, Optional.of(c.secrets()), actions);
        case Pending.IkeAgreeing p -> ikeRekey.finish(s.idle(), p, c.secrets(), actions);
      };
    }
    if (Collisions.isLost(s, c.first())) {
      return givenUp(s, c, actions);
    }
    actions.add(new Action.Compute(new Computation.Generate(c.remaining().getFirst().method())));
    // A rival of the peer that has lost will not be gone on with.
    Established alone =
        Collisions.awaited(s, c.first()).isPresent() ? FollowupAnswers.forgotten(s, actions) : s;
    return alone.pending(new Pending.PreparingFollowup(c));
  }

  /// The peer rekeys the same SA, and its successor is the one that stays: ours is not yet, so
  /// there is nothing to delete.
  private Established givenUp(Established s, Pending.Continuation c, Actions actions) {
    actions.progress(s.connection(), "the peer rekeys the same SA, giving up our key exchanges");
    c.secrets().close();
    Unfinished.abandon(c.first(), Report.Cause.REKEYED, actions);
    return ikeRekey.handOverToRival(s.pending(c.first()), actions).idle();
  }

  /// `HDR, SK {KEi(n), N(ADDITIONAL_KEY_EXCHANGE)(link n)} -->`
  Established generated(
      Established s, Pending.Continuation c, EphemeralKeyPair key, Actions actions) {
    return courier.request(
        s,
        Header.IKE_FOLLOWUP_KE,
        IkeFollowupKe.payloads(key.ke(), c.link()),
        new Pending.FollowupRequested(c, key),
        actions);
  }

  /// `<-- HDR, SK {KEr(n) [, N(ADDITIONAL_KEY_EXCHANGE)(link n+1)]}`
  ///
  /// @throws MalformedException when a key exchange is to follow and there is no link to it
  Established exchanged(
      Established s,
      Pending.FollowupRequested p,
      IkeFollowupKe.Exchanged exchanged,
      Actions actions)
      throws MalformedException {
    Pending.Continuation c = p.continuation();
    List<AdditionalKeyExchange> remaining = c.remaining().subList(1, c.remaining().size());
    IkeFollowupKe.expectLink(remaining, exchanged.link());
    actions.add(new Action.Compute(new Computation.Agree(p.pair(), exchanged.ker().data())));
    return s.pending(
        new Pending.FollowupAgreeing(
            new Pending.Continuation(c.first(), c.secrets(), remaining, exchanged.link())));
  }
}
