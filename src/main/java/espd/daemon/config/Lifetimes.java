package espd.daemon.config;

import espd.ike.Connection.DeadPeer;
import espd.ike.Connection.Liveness;
import espd.ike.Connection.Rekeying;
import espd.ike.Connection.Volume;
import java.time.Duration;
import java.util.Optional;

/// How long SAs live and how their peer is watched, with strongSwan's defaults.
final class Lifetimes implements SaTimes {

  private static final Duration CHILD = Duration.ofHours(1);
  private static final Duration IKE = Duration.ofHours(3);
  private static final Duration MARGIN = Duration.ofMinutes(9);
  private static final int FUZZ_PERCENT = 100;
  private static final Duration DPD_DELAY = Duration.ofSeconds(30);

  private final Settings settings;

  Lifetimes(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Rekeying ofChild() throws Unreadable {
    Rekeying time = of("lifetime", CHILD);
    return new Rekeying(
        time.lifetime(),
        time.margin(),
        volume("bytes", time),
        volume("packets", time),
        time.fuzzPercent(),
        time.rekey());
  }

  @Override
  public Rekeying ofIke() throws Unreadable {
    return of("ikelifetime", IKE);
  }

  private Rekeying of(String key, Duration usual) throws Unreadable {
    Optional<Value> value = settings.value(key);
    Duration lifetime = value.isPresent() ? Units.time(value.get()) : usual;
    Optional<Value> marginValue = settings.value("margintime");
    Duration margin = marginValue.isPresent() ? Units.time(marginValue.get()) : MARGIN;
    Optional<Value> fuzzValue = settings.value("rekeyfuzz");
    int fuzz = fuzzValue.isPresent() ? Units.percent(fuzzValue.get()) : FUZZ_PERCENT;
    Optional<Value> rekeyValue = settings.value("rekey");
    boolean rekey = rekeyValue.isEmpty() || Units.truth(rekeyValue.get());
    Duration earliest = margin.plus(margin.multipliedBy(fuzz).dividedBy(100));
    if (lifetime.isZero() || (rekey && earliest.compareTo(lifetime) >= 0)) {
      Place place = value.or(() -> marginValue).orElse(settings.name()).place();
      throw new Unreadable(
          place,
          key + " of " + lifetime.toSeconds() + "s",
          "more than " + earliest.toSeconds() + "s, which margintime= and rekeyfuzz= need before");
    }
    return new Rekeying(lifetime, margin, fuzz, rekey);
  }

  /// No limit unless `life…=` says one; where only that is said, the margin is a tenth of it.
  private Volume volume(String unit, Rekeying time) throws Unreadable {
    Optional<Value> value = settings.value("life" + unit);
    Optional<Value> marginValue = settings.value("margin" + unit);
    long most = value.isPresent() ? Units.volume(value.get()) : 0;
    long margin = marginValue.isPresent() ? Units.volume(marginValue.get()) : most / 10;
    if (most == 0) {
      return Volume.UNLIMITED;
    }
    double earliest = margin * (1 + time.fuzzPercent() / 100.0);
    if (time.rekey() && earliest >= most) {
      throw new Unreadable(
          value.get().place(),
          "life" + unit + " of " + most,
          "more than %d, which margin%s= and rekeyfuzz= need before"
              .formatted((long) earliest, unit));
    }
    return new Volume(most, margin);
  }

  /// Dead peer detection: off unless `dpdaction=` says what to do, or `dpddelay=` alone says how
  /// often to ask. `dpdtimeout=` is for IKEv1.
  @Override
  public Liveness liveness() throws Unreadable {
    Optional<Value> delay = settings.value("dpddelay");
    Optional<Value> timeout = settings.value("dpdtimeout");
    Optional<Value> action = settings.value("dpdaction");
    Duration every = delay.isPresent() ? Units.time(delay.get()) : DPD_DELAY;
    Duration dead = timeout.isPresent() ? Units.time(timeout.get()) : Duration.ZERO;
    if (action.isEmpty()) {
      return new Liveness(delay.isPresent() ? every : Duration.ZERO, dead, DeadPeer.HOLD);
    }
    return switch (action.get().lower()) {
      case "none" -> Liveness.NEVER;
      case "clear" -> new Liveness(every, dead, DeadPeer.CLEAR);
      case "hold", "trap" -> new Liveness(every, dead, DeadPeer.HOLD);
      case "restart", "restart_by_peer", "start" -> new Liveness(every, dead, DeadPeer.RESTART);
      default -> throw new Unreadable(action.get(), "none, clear, hold or restart");
    };
  }
}
