package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Connection.Rekeying;
import espd.ike.Connection.Volume;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.LifetimeCheck;
import espd.ike.v1.message.Lifetimes;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// What a responder makes of the lifetimes that an initiator says (RFC 2407 §4.5, §4.6.3.1).
///
/// @param check what of them it accepts
record LifetimePolicy(LifetimeCheck check) {

  private static final int OCTETS_OF_A_KILOBYTE = 1024;

  /// A margin is no larger than this part of a lifetime, or an SA would be replaced all the time.
  private static final int MARGIN_PART = 4;

  static LifetimePolicy of(Connection connection) {
    return new LifetimePolicy(
        connection.version() instanceof IkeVersion.One one ? one.check() : LifetimeCheck.OBEY);
  }

  /// {@return why a lifetime is not accepted, if it is not}
  ///
  /// @param ours zero for one without end
  Optional<String> objection(Lifetimes theirs, Duration ours) {
    long offered = theirs.seconds().orElse(Lifetimes.DEFAULT_SECONDS);
    long allowed = ours.toSeconds();
    boolean longer = allowed != 0 && offered > allowed;
    boolean refused =
        switch (check) {
          case OBEY, CLAIM -> false;
          case STRICT -> longer;
          case EXACT -> allowed != 0 && offered != allowed;
        };
    return refused
        ? Optional.of("lifetime differs: offered %ds, allowed %ds".formatted(offered, allowed))
        : Optional.empty();
  }

  /// {@return whether the initiator is to be told that ours is shorter}
  boolean claims(Lifetimes theirs, Duration ours) {
    return check == LifetimeCheck.CLAIM
        && !ours.isZero()
        && theirs.seconds().orElse(Lifetimes.DEFAULT_SECONDS) > ours.toSeconds();
  }

  /// {@return when an SA is replaced that a responder has accepted: it gives the initiator time to
  /// do so first, so that not both begin at once}
  Rekeying accepted(Lifetimes theirs, Rekeying ours) {
    Rekeying life = claims(theirs, ours.lifetime()) ? ours : shortened(theirs, ours);
    return new Rekeying(
        life.lifetime(),
        life.margin().dividedBy(2),
        later(life.bytes()),
        later(life.packets()),
        0,
        life.rekey());
  }

  private static Volume later(Volume volume) {
    return new Volume(volume.most(), volume.margin() / 2);
  }

  /// {@return when an SA is replaced of which the peer has said something: its time holds, and of
  /// both volumes the smaller}
  static Rekeying shortened(Lifetimes theirs, Rekeying ours) {
    Duration lifetime =
        theirs.seconds().isPresent()
            ? Duration.ofSeconds(Math.min(theirs.seconds().getAsLong(), Integer.MAX_VALUE))
            : ours.lifetime();
    Duration margin = ours.margin();
    Duration most = lifetime.dividedBy(MARGIN_PART);
    return new Rekeying(
        lifetime,
        lifetime.equals(ours.lifetime()) || margin.compareTo(most) < 0 ? margin : most,
        volume(theirs.kilobytes(), ours.bytes()),
        ours.packets(),
        ours.fuzzPercent(),
        ours.rekey());
  }

  /// {@return when an SA is replaced that we have begun: a responder may say less than we have
  /// offered, and nothing makes it more}
  static Rekeying confirmed(Lifetimes theirs, Rekeying ours) {
    long offered = ours.lifetime().isZero() ? Long.MAX_VALUE : ours.lifetime().toSeconds();
    boolean shorter = theirs.seconds().stream().anyMatch(each -> each > 0 && each < offered);
    return shortened(
        shorter ? theirs : new Lifetimes(OptionalLong.empty(), theirs.kilobytes()), ours);
  }

  private static Volume volume(OptionalLong kilobytes, Volume ours) {
    long octets =
        Math.min(kilobytes.orElse(0), Long.MAX_VALUE / OCTETS_OF_A_KILOBYTE) * OCTETS_OF_A_KILOBYTE;
    if (octets == 0 || (ours.most() != 0 && ours.most() <= octets)) {
      return ours;
    }
    return new Volume(octets, octets / MARGIN_PART);
  }
}
