package espd.ike.exchange;

import espd.ike.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The moment an IKE SA or a Child SA comes to be, for both roles: timers, the SAD, and the lines
/// that people read.
final class Establishment {

  private final Jitter jitter;

  Establishment(Surroundings surroundings) {
    this.jitter = new Jitter(surroundings.random());
  }

  /// {@return the IKE SA, established, without Child SAs}
  Established of(IkeSa ikeSa, Peer peer, MessageWindow window, Actions actions) {
    Instant now = actions.now();
    Peer proven = peer.provenAt(peer.provenAt().orElse(now));
    Established fresh = established(ikeSa, proven, window, now);
    // A proof gets no younger by being resumed (RFC 5723 §5).
    Optional<Instant> reauthAt = fresh.timers().reauthAt().map(at -> at.minus(proven.age(now)));
    Established established = fresh.with(fresh.timers().reauthAt(reauthAt));
    actions.established(established, renewal(peer));
    actions.tell(new Report.IkeSaUp(established));
    if (ikeSa.encapsulates()) {
      actions.encapsulates(peer.connection(), ikeSa.nat());
    }
    return established;
  }

  /// How strongSwan calls what an old IKE SA comes to.
  private static String renewal(Peer peer) {
    return peer.connection().options().reauthenticates() ? "reauthentication" : "rekeying";
  }

  /// {@return the successor of `old`, without Child SAs yet}
  Established successor(Established old, IkeSa ikeSa, Instant now) {
    Established fresh = established(ikeSa, old.peer(), MessageWindow.fresh(), now);
    // A proof gets no younger by keys that are (RFC 4478 §2).
    return old.timers().reauthAt().isPresent()
        ? fresh.with(fresh.timers().reauthAt(old.timers().reauthAt()))
        : fresh;
  }

  private Established established(IkeSa ikeSa, Peer peer, MessageWindow window, Instant now) {
    Connection.Rekeying life = peer.connection().ikeLifetime();
    boolean limited = !life.lifetime().isZero();
    boolean reauthenticates = peer.connection().options().reauthenticates();
    Optional<Instant> oldAt =
        limited && life.rekey() ? Optional.of(now.plus(jitter.untilRekey(life))) : Optional.empty();
    return new Established(
        ikeSa,
        peer,
        window,
        List.of(),
        Established.Work.NONE,
        new Established.Timers(
            now,
            oldAt.filter(at -> !reauthenticates),
            oldAt.filter(at -> reauthenticates && peer.called()),
            limited ? Optional.of(now.plus(life.lifetime())) : Optional.empty(),
            now,
            now,
            List.of()),
        Optional.empty());
  }

  /// Says that the successor of `old` is established.
  void announce(Established established, Established old, Actions actions) {
    actions.progress(
        old.peer().connection(),
        "IKE_SA %s[%d] rekeyed".formatted(old.peer().connection().name(), old.ikeSa().serial()));
    actions.established(established, renewal(old.peer()));
    actions.tell(new Report.IkeSaRekeyed(old, established));
  }

  /// Puts a Child SA into the SAD and into its IKE SA.
  Established up(Established state, ChildSa child, Actions actions) {
    return up(state, child, Optional.empty(), actions);
  }

  /// Puts the successor of `replaced` into the SAD and into its IKE SA; `replaced` stays until it
  /// is deleted.
  Established up(Established state, ChildSa child, Optional<ChildSa> replaced, Actions actions) {
    actions.addAll(child.install());
    actions.established(child, replaced);
    Established before = replaced.map(old -> state.replacing(old.superseded())).orElse(state);
    return before.plus(child);
  }
}
