package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.message.Bytes;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How long a proof holds, as the responder says it (RFC 4478): only the initiator can bring
/// another, by another IKE SA.
final class Reauthentication {

  /// A peer that wants to hear it more often than this would keep us busy with nothing else.
  private static final Duration LEAST = Duration.ofSeconds(60);

  private Reauthentication() {}

  /// {@return what a responder says of how long the initiator's proof holds, which may be from
  /// before the IKE SA was resumed}
  static List<Notify> lifetime(Peer peer, Instant now) {
    Connection.Rekeying life = peer.connection().ikeLifetime();
    if (!peer.connection().options().reauthenticates() || life.lifetime().isZero()) {
      return List.of();
    }
    int seconds =
        Math.clamp(
            life.lifetime().minus(life.margin()).minus(peer.age(now)).toSeconds(),
            1,
            Integer.MAX_VALUE);
    return List.of(Notify.of(NotifyType.AUTH_LIFETIME, Bytes.ofInt(seconds)));
  }

  /// {@return the IKE SA with its end brought forward to what the peer says, if it does} We are
  /// through a tenth of the time before, or a minute where that is less.
  static Established asked(Established s, Notifies notifies, Actions actions) {
    Optional<Long> seconds = seconds(notifies);
    if (seconds.isEmpty() || !s.peer().called()) {
      return s;
    }
    Duration asked = Duration.ofSeconds(seconds.get());
    Duration margin = min(asked.dividedBy(10), LEAST);
    Instant at = actions.now().plus(max(asked.minus(margin), LEAST));
    if (s.timers().reauthAt().filter(own -> own.isBefore(at)).isPresent()) {
      return s;
    }
    actions.progress(
        s.connection(),
        "received AUTH_LIFETIME of %ds, scheduling reauthentication in %ds"
            .formatted(asked.toSeconds(), Duration.between(actions.now(), at).toSeconds()));
    return s.with(s.timers().reauthAt(Optional.of(at)));
  }

  private static Optional<Long> seconds(Notifies notifies) {
    return notifies
        .first(NotifyType.AUTH_LIFETIME)
        .filter(notify -> notify.data().length() == Integer.BYTES)
        .map(notify -> Integer.toUnsignedLong(notify.data().toInt()));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? b : a;
  }
}
