package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.crypto.Role;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.Nat;
import espd.ike.exchange.Path;
import espd.ike.exchange.Peer;
import espd.ike.exchange.Standing;
import espd.spd.KeyMaterial;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// An ISAKMP SA whose two ends have proven who they are (RFC 2409 §5), with the IPsec SAs that it
/// looks after.
///
/// @param sa cookies, keys and path
/// @param peer who is at the other end
/// @param ipsecSas what it looks after
/// @param quicks the quick modes that go on
/// @param over the exchanges that are over
/// @param timers when something is due by itself
/// @param liveness dead peer detection
/// @param phaseOne the peer's last message of phase 1 and our answer, for its duplicates
/// @param greeted whether INITIAL-CONTACT has come, which comes once
/// @param successor our cookie of the one that has taken its place
record Established(
    IsakmpSa sa,
    Peer peer,
    IpsecSas ipsecSas,
    List<Quick> quicks,
    MessageIds over,
    Timers timers,
    Liveness liveness,
    Taken phaseOne,
    boolean greeted,
    Optional<Long> successor)
    implements Isakmp, Standing {

  /// Copies the list.
  Established {
    quicks = List.copyOf(quicks);
  }

  /// When something is due by itself.
  ///
  /// @param established when the ISAKMP SA was
  /// @param rekeyAt when a successor is to be made, if ever
  /// @param endsAt when its lifetime is over, if ever
  /// @param heard when the peer last sent something authentic
  /// @param sent when we last sent something
  record Timers(
      Instant established,
      Optional<Instant> rekeyAt,
      Optional<Instant> endsAt,
      Instant heard,
      Instant sent) {

    Timers heard(Instant now) {
      return new Timers(established, rekeyAt, endsAt, now, sent);
    }

    Timers sent(Instant now) {
      return new Timers(established, rekeyAt, endsAt, heard, now);
    }

    Timers rekeyAt(Optional<Instant> then) {
      return new Timers(established, then, endsAt, heard, sent);
    }

    Timers endsBy(Instant then) {
      Instant end = endsAt.filter(then::isAfter).orElse(then);
      return new Timers(established, Optional.empty(), Optional.of(end), heard, sent);
    }
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Role role() {
    return sa.role();
  }

  @Override
  public int serial() {
    return sa.serial();
  }

  @Override
  public long spiI() {
    return sa.spiI();
  }

  @Override
  public long spiR() {
    return sa.spiR();
  }

  @Override
  public long localSpi() {
    return Isakmp.super.localSpi();
  }

  @Override
  public Path path() {
    return sa.path();
  }

  @Override
  public Nat nat() {
    return sa.nat();
  }

  @Override
  public String suiteText() {
    return sa.keys().suite().toString();
  }

  @Override
  public List<ChildSa> children() {
    return ipsecSas.all();
  }

  @Override
  public boolean isAnswering(String connection) {
    return quicks.stream()
        .anyMatch(
            quick ->
                quick instanceof Quick.Answered answered
                    && answered.child().connection().name().equals(connection));
  }

  @Override
  public Instant since() {
    return timers.established();
  }

  @Override
  public Optional<Instant> rekeyAt() {
    return timers.rekeyAt();
  }

  @Override
  public Optional<Instant> endsAt() {
    return timers.endsAt();
  }

  @Override
  public boolean isReplaced() {
    return successor.isPresent();
  }

  @Override
  public boolean isClosing() {
    return false;
  }

  @Override
  public Connection connection() {
    return peer.connection();
  }

  @Override
  public Optional<KeyMaterial> encryptionKey() {
    return Optional.of(sa.keys().encryptionKey());
  }

  @Override
  public boolean isHalfOpen() {
    return false;
  }

  @Override
  public Optional<Instant> wakeAt() {
    return Stream.of(
            timers.rekeyAt().stream(),
            timers.endsAt().stream(),
            livenessAt().stream(),
            keepaliveAt().stream(),
            ipsecSas.wakeAt().stream(),
            quicks.stream().flatMap(quick -> quick.wakeAt().stream()))
        .flatMap(times -> times)
        .min(Instant::compareTo);
  }

  /// {@return when the peer is to be asked whether it lives, or is to be given up (RFC 3706 §5.5)}
  Optional<Instant> livenessAt() {
    Duration delay = peer.connection().liveness().delay();
    if (delay.isZero() || !sa.deadPeerDetection() || isReplaced()) {
      return Optional.empty();
    }
    if (liveness.asked().isPresent()) {
      return Optional.of(liveness.asked().get().againAt());
    }
    return Optional.of(lastHeard(timers.heard()).plus(delay));
  }

  /// {@return when the NAT before us is to be reminded (RFC 3948 §4)}
  Optional<Instant> keepaliveAt() {
    return keepaliveAt(timers.sent());
  }

  /// {@return the quick mode of a message id}
  Optional<Quick> quick(int id) {
    return quicks.stream().filter(quick -> quick.id() == id).findFirst();
  }

  Established with(IsakmpSa other) {
    return new Established(
        other, peer, ipsecSas, quicks, over, timers, liveness, phaseOne, greeted, successor);
  }

  Established with(IpsecSas others) {
    return new Established(
        sa, peer, others, quicks, over, timers, liveness, phaseOne, greeted, successor);
  }

  /// {@return this with a quick mode begun, or a step further}
  Established with(Quick quick) {
    List<Quick> all = new ArrayList<>(quicks);
    all.removeIf(each -> each.id() == quick.id());
    all.add(quick);
    return with(all, over);
  }

  /// {@return this with an exchange over}
  Established ended(int id) {
    return with(quicks.stream().filter(quick -> quick.id() != id).toList(), over.plus(id));
  }

  private Established with(List<Quick> others, MessageIds ended) {
    return new Established(
        sa, peer, ipsecSas, others, ended, timers, liveness, phaseOne, greeted, successor);
  }

  Established with(Timers others) {
    return new Established(
        sa, peer, ipsecSas, quicks, over, others, liveness, phaseOne, greeted, successor);
  }

  Established with(Liveness other) {
    return new Established(
        sa, peer, ipsecSas, quicks, over, timers, other, phaseOne, greeted, successor);
  }

  /// {@return this after INITIAL-CONTACT}
  Established welcomed() {
    return new Established(
        sa, peer, ipsecSas, quicks, over, timers, liveness, phaseOne, true, successor);
  }

  /// {@return this as the one in use}
  Established unsucceeded() {
    return new Established(
        sa, peer, ipsecSas, quicks, over, timers, liveness, phaseOne, greeted, Optional.empty());
  }

  Established succeededBy(long cookie) {
    return new Established(
        sa, peer, ipsecSas, quicks, over, timers, liveness, phaseOne, greeted, Optional.of(cookie));
  }
}
