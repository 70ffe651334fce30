package espd.daemon.config;

import espd.ike.Connection.Liveness;
import espd.ike.Connection.Rekeying;
import espd.ike.Connection.Volume;
import java.time.Duration;
import java.util.Optional;

/// Lifetimes in the words of `swanctl.conf`: an SA is replaced at `rekey_time` less a random part
/// of up to `rand_time`, and ends `over_time` after it, or at `life_time`. With `reauth_time` both
/// ends of an IKE SA prove themselves anew at the earlier of the two.
///
/// @param ike keys of the connection
/// @param child keys of the child
/// @param shared what both languages have in common
record SwanctlTimes(SwanctlKeys ike, SwanctlKeys child, Lifetimes shared) implements SaTimes {

  private static final Duration IKE = Duration.ofHours(4);
  private static final Duration CHILD = Duration.ofHours(1);

  @Override
  public Rekeying ofIke() throws Unreadable {
    Duration rekey = replaced();
    Duration over = time(ike, "over_time", rekey.dividedBy(10));
    return rekeying(ike, rekey, rekey.isZero() ? Duration.ZERO : rekey.plus(over));
  }

  private Duration replaced() throws Unreadable {
    Duration reauth = time(ike, "reauth_time", Duration.ZERO);
    Duration rekey = time(ike, "rekey_time", reauth.isZero() ? IKE : Duration.ZERO);
    return rekey.isZero() || (!reauth.isZero() && reauth.compareTo(rekey) < 0) ? reauth : rekey;
  }

  /// {@return whether the IKE SA is replaced by one in which both ends prove themselves anew}
  boolean reauthenticates() throws Unreadable {
    return !time(ike, "reauth_time", Duration.ZERO).isZero();
  }

  @Override
  public Rekeying ofChild() throws Unreadable {
    Duration rekey = time(child, "rekey_time", CHILD);
    Rekeying time =
        rekeying(child, rekey, time(child, "life_time", rekey.plus(rekey.dividedBy(10))));
    Volume bytes = volume("bytes");
    Volume packets = volume("packets");
    boolean byVolume = bytes.margin() > 0 || packets.margin() > 0;
    return new Rekeying(
        time.lifetime(),
        time.margin(),
        bytes,
        packets,
        time.fuzzPercent(),
        time.rekey() || byVolume);
  }

  private static Rekeying rekeying(SwanctlKeys keys, Duration rekey, Duration life)
      throws Unreadable {
    if (rekey.isZero()) {
      return new Rekeying(life, Duration.ZERO, 0, false);
    }
    Duration margin = life.minus(rekey);
    if (margin.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new Unreadable(
          keys.place("rekey_time"),
          "rekey_time of " + rekey.toSeconds() + "s and an end after " + life.toSeconds() + "s",
          "an end at least a second after it");
    }
    Duration random = time(keys, "rand_time", margin);
    if (random.compareTo(rekey) >= 0) {
      throw new Unreadable(
          keys.place("rand_time"),
          "rand_time of " + random.toSeconds() + "s",
          "less than rekey_time, which is " + rekey.toSeconds() + "s");
    }
    int fuzzPercent = (int) Math.min(100_000, 100 * random.toSeconds() / margin.toSeconds());
    return new Rekeying(life, margin, fuzzPercent, true);
  }

  private Volume volume(String unit) throws Unreadable {
    Optional<Value> rekeyValue = child.value("rekey_" + unit);
    Optional<Value> lifeValue = child.value("life_" + unit);
    long rekey = rekeyValue.isPresent() ? Units.volume(rekeyValue.get()) : 0;
    long life = lifeValue.isPresent() ? Units.volume(lifeValue.get()) : rekey + rekey / 10;
    if (rekey > 0 && life <= rekey) {
      throw new Unreadable(
          child.place("life_" + unit),
          "life_" + unit + " of " + life,
          "more than rekey_" + unit + ", which is " + rekey);
    }
    return new Volume(life, rekey == 0 ? 0 : life - rekey);
  }

  private static Duration time(SwanctlKeys keys, String key, Duration usual) throws Unreadable {
    Optional<Value> value = keys.value(key);
    return value.isPresent() ? Units.time(value.get()) : usual;
  }

  @Override
  public Liveness liveness() throws Unreadable {
    return shared.liveness();
  }
}
