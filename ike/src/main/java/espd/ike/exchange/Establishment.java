package espd.ike.exchange;

import espd.ike.Connection;
import espd.spd.SaParameters;
import java.time.Duration;
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
    Established established = established(ikeSa, peer, window, actions.now());
    announce(established, actions);
    actions.tell(new Report.IkeSaUp(established));
    if (ikeSa.encapsulates()) {
      actions.progress(peer.connection(), natLine(ikeSa.nat()));
    }
    return established;
  }

  /// {@return the successor of `old`, without Child SAs yet}
  Established successor(Established old, IkeSa ikeSa, Instant now) {
    return established(ikeSa, old.peer(), MessageWindow.fresh(), now);
  }

  private Established established(IkeSa ikeSa, Peer peer, MessageWindow window, Instant now) {
    Connection.Rekeying life = peer.connection().ikeLifetime();
    boolean limited = !life.lifetime().isZero();
    return new Established(
        ikeSa,
        peer,
        window,
        List.of(),
        Established.Work.NONE,
        new Established.Timers(
            now,
            limited && life.rekey()
                ? Optional.of(now.plus(jitter.untilRekey(life)))
                : Optional.empty(),
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
    announce(established, actions);
    actions.tell(new Report.IkeSaRekeyed(old, established));
  }

  private static void announce(Established established, Actions actions) {
    Connection connection = established.peer().connection();
    IkeSa ikeSa = established.ikeSa();
    Path path = ikeSa.path();
    actions.progress(
        connection,
        "IKE_SA %s[%d] established between %s[%s]...%s[%s], SPIs %s %s, IKE:%s"
            .formatted(
                connection.name(),
                ikeSa.serial(),
                path.local(),
                established.peer().local(),
                path.remote(),
                established.peer().remote(),
                ikeSa.spis().get(0),
                ikeSa.spis().get(1),
                ikeSa.keys().suite()));
    Established.Timers timers = established.timers();
    timers
        .rekeyAt()
        .ifPresent(
            at ->
                actions.progress(
                    connection, "scheduling rekeying in " + seconds(timers.established(), at)));
    timers
        .endsAt()
        .ifPresent(
            at ->
                actions.progress(
                    connection, "maximum IKE_SA lifetime " + seconds(timers.established(), at)));
  }

  private static String natLine(Nat nat) {
    if (!nat.any()) {
      return "ESP in UDP is forced";
    }
    return nat.here()
        ? "local host is behind NAT, sending keep alives"
        : "remote host is behind NAT";
  }

  private static String seconds(Instant now, Instant then) {
    return Duration.between(now, then).toSeconds() + "s";
  }

  /// Puts a Child SA into the SAD and into its IKE SA.
  Established up(Established state, ChildSa child, Actions actions) {
    return up(state, child, Optional.empty(), actions);
  }

  /// Puts the successor of `replaced` into the SAD and into its IKE SA; `replaced` stays until it
  /// is deleted.
  Established up(Established state, ChildSa child, Optional<ChildSa> replaced, Actions actions) {
    actions.addAll(child.install());
    SaParameters inbound = child.inbound().parameters();
    SaParameters outbound = child.outbound().parameters();
    String name = child.connection().name();
    actions.progress(
        child.connection(),
        "CHILD_SA %s{%d} established with SPIs %08x_i %08x_o and TS %s"
            .formatted(
                name,
                child.serial(),
                inbound.spi(),
                outbound.spi(),
                TrafficSelection.text(inbound.selectors())));
    actions.progress(
        child.connection(),
        "%s{%d}: %s, %s%s, inbound %s outbound %s"
            .formatted(
                name,
                child.serial(),
                inbound.mode(),
                "ESP:" + inbound.suite() + (inbound.esn() ? "/EXT_SEQ" : "/NO_EXT_SEQ"),
                inbound.encapsulation().map(e -> e.isStream() ? " in TCP" : " in UDP").orElse(""),
                inbound.spiText(),
                outbound.spiText()));
    actions.tell(new Report.ChildUp(child, replaced));
    Established before = replaced.map(old -> state.replacing(old.superseded())).orElse(state);
    return before.plus(child);
  }
}
