package espd.spd;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// The SPD and the SAD, and the events between those who fill them and those who use them: what
/// PF_KEY (RFC 2367) is between a daemon and a kernel, within one process.
///
/// Changes may come from any thread; they are made one at a time and published by one volatile
/// write. The packet path reads [#spd()] and [#sad()] once per batch.
public final class Sadb {

  /// A policy whose acquire nobody answered asks again after this long.
  public static final Duration ACQUIRE_AGAIN = Duration.ofSeconds(30);

  /// Keys of an SA that left are wiped after this long: no packet is in flight under it by then.
  private static final Duration WIPE_AFTER = Duration.ofSeconds(5);

  private final InstantSource clock;
  private final RandomGenerator random;
  private final List<SadbListener> listeners = new CopyOnWriteArrayList<>();

  private volatile Spd spd;
  private volatile Sad sad = new Sad(List.of());

  private final Set<Integer> reservedSpis = new HashSet<>();
  private final Map<Integer, Instant> acquiring = new HashMap<>();
  private final Map<Sa, EnumSet<Lifetime.Limit>> expired = new HashMap<>();
  private final Map<Sa, Instant> retired = new HashMap<>();
  private int nextEntryId = 1;

  /// @param clock tells the time of creation and expiry
  /// @param random draws SPIs; must be unpredictable to peers
  public Sadb(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
    Selector everything = Selector.between(AddressRange.ANY, AddressRange.ANY);
    Policy bypass =
        new Policy("", Direction.OUTBOUND, everything, Integer.MAX_VALUE, new Processing.Bypass());
    SpdEntry otherwise = new SpdEntry(0, bypass, clock.instant(), new AtomicLong());
    this.spd = Spd.empty(otherwise);
  }

  /// {@return the policies as of now. A packet that none selects passes unprotected, as in a
  /// kernel}
  public Spd spd() {
    return spd;
  }

  /// {@return the SAs as of now}
  public Sad sad() {
    return sad;
  }

  /// Has `listener` told of every event from now on.
  public void subscribe(SadbListener listener) {
    listeners.add(listener);
  }

  /// Has `listener` told of nothing any more; a call under way may still come.
  public void unsubscribe(SadbListener listener) {
    listeners.remove(listener);
  }

  /// Adds a policy behind all of its priority.
  ///
  /// @return its entry
  public SpdEntry add(Policy policy) {
    return addAll(List.of(policy)).getFirst();
  }

  /// Adds policies in this order, each behind all of its priority. Thousands are added so in one
  /// change instead of thousands.
  ///
  /// @return their entries
  public synchronized List<SpdEntry> addAll(List<Policy> policies) {
    List<SpdEntry> added = new ArrayList<>();
    for (Policy policy : policies) {
      added.add(new SpdEntry(nextEntryId, policy, clock.instant(), new AtomicLong()));
      // Where Linux has two policies for what arrives, `in` and `fwd`, each with a number.
      nextEntryId += policy.direction() == Direction.INBOUND ? 2 : 1;
    }
    spd = spd.with(added);
    return added;
  }

  /// Takes a policy away; its SAs stay.
  ///
  /// @return whether it was there
  public boolean remove(SpdEntry entry) {
    return removeAll(List.of(entry));
  }

  /// Takes policies away in one change; their SAs stay.
  ///
  /// @return whether one of them was there
  public synchronized boolean removeAll(List<SpdEntry> those) {
    Spd rest = spd.without(those);
    boolean removed = rest.size() < spd.size();
    spd = rest;
    return removed;
  }

  /// Reserves an SPI for an SA that is being negotiated (a *larval* SA).
  ///
  /// @return an SPI that no inbound SA has, above 255 (RFC 4303 §2.1)
  public synchronized int reserveSpi() {
    while (true) {
      int spi = random.nextInt();
      boolean reserved = spi >= 0 && spi < SaParameters.LEAST_SPI;
      if (!reserved && sad.inbound(spi) == null && reservedSpis.add(spi)) {
        return spi;
      }
    }
  }

  /// Gives back an SPI whose negotiation failed.
  public synchronized void releaseSpi(int spi) {
    reservedSpis.remove(spi);
  }

  /// Puts an SA into the SAD. An outbound one serves its policies from the next batch on, before
  /// older ones; an inbound one replaces another of the same SPI.
  public void install(Sa sa) {
    Optional<Sa> replaced = Optional.empty();
    synchronized (this) {
      Sad others = sad.contains(sa) ? sad.without(sa) : sad;
      switch (sa) {
        case InboundSa in -> {
          reservedSpis.remove(in.spi());
          replaced = Optional.ofNullable(others.inbound(in.spi()));
        }
        case OutboundSa out -> {
          acquiring.remove(out.parameters().reqid());
          OutboundSa older = others.older(out);
          if (older != null) {
            out.inheritPathMtu(older);
          }
        }
      }
      retired.remove(sa);
      sa.whenDue(due -> tell(listener -> listener.due(due)));
      replaced.ifPresent(this::retire);
      sad = replaced.map(others::without).orElse(others).with(sa);
    }
    replaced.ifPresent(other -> tell(listener -> listener.removed(other)));
    tell(listener -> listener.installed(sa));
  }

  /// Takes this SA out of the SAD, and no other: an outbound SPI is the peer's choice, and two
  /// peers behind one NAT, whose address is the same, may have chosen the same (RFC 4301 §4.1).
  ///
  /// @return whether it was there
  public boolean remove(Sa sa) {
    synchronized (this) {
      if (!sad.contains(sa)) {
        return false;
      }
      retire(sa);
      sad = sad.without(sa);
    }
    tell(listener -> listener.removed(sa));
    return true;
  }

  /// Says that what was installed and removed up to now belongs together: listeners bring in step
  /// what follows the SAs. Until then packets of a new SA may not yet be led to it.
  public void settle() {
    tell(SadbListener::settled);
  }

  /// Gives an SA other outer addresses: the peer's NAT gave it a new address or port (RFC 7296
  /// §2.23), or one of the two ends moved (RFC 4555). Nothing else of the SA changes.
  ///
  /// @param sa one that is in the SAD
  /// @param ports where ESP is to travel in UDP
  public synchronized void move(
      Sa sa, Ipv6Address local, Ipv6Address remote, Optional<UdpEncapsulation> ports) {
    sa.move(local, remote, ports);
  }

  /// Gives an SA other packets: the policies that an SA by hand serves have changed. It is found by
  /// them from now on, and counts as the newest. One that has left the SAD, as its lifetime may
  /// have ended just now, stays away.
  ///
  /// @param selectors the packets, at least one
  public synchronized void select(Sa sa, List<Selector> selectors) {
    if (sad.contains(sa)) {
      Sad others = sad.without(sa);
      sa.select(selectors);
      sad = others.with(sa);
    }
  }

  /// Lets the keys of an SA be wiped in a while; the caller takes it out of the SAD.
  private void retire(Sa sa) {
    expired.remove(sa);
    retired.put(sa, clock.instant());
  }

  /// Says that a packet needs an SA of this policy; listeners hear it once until it is answered.
  /// Called by the data plane, which holds the packet, and which may have looked for its SA in a
  /// SAD that has just been replaced: what is there by now is not asked for.
  public void acquire(SpdEntry entry, Flow packet) {
    if (!(entry.policy().processing() instanceof Processing.Protect protect)) {
      throw new IllegalArgumentException("policy " + entry.id() + " protects nothing");
    }
    synchronized (this) {
      OutboundSa installed = sad.outbound(protect.reqid(), packet);
      if (isAcquiring(protect.reqid()) || (installed != null && !installed.isSpent())) {
        return;
      }
      acquiring.put(protect.reqid(), clock.instant());
    }
    Selector selector = packet.toSelector();
    tell(listener -> listener.acquire(entry, selector));
  }

  /// {@return whether an acquire of this reqid waits for its answer, so that a packet asks no more}
  public synchronized boolean isAcquiring(int reqid) {
    Instant asked = acquiring.get(reqid);
    return asked != null && clock.instant().isBefore(asked.plus(ACQUIRE_AGAIN));
  }

  /// Answers an acquire with no: held packets of the policy are dropped, the next one asks anew.
  public void refuse(int reqid) {
    synchronized (this) {
      acquiring.remove(reqid);
    }
    tell(listener -> listener.refused(reqid));
  }

  /// Compares every SA with its lifetime, tells of the limits reached, removes what reached a hard
  /// one, wipes the keys of what left and forgets path MTUs of long ago. To be called about once a
  /// second, and besides soon after [SadbListener#due], never within it.
  public void expire() {
    List<Sa> soft = new ArrayList<>();
    List<Sa> hard = new ArrayList<>();
    synchronized (this) {
      Instant now = clock.instant();
      for (Sa sa : sad.all()) {
        if (sa instanceof OutboundSa out) {
          out.agePathMtu(now.toEpochMilli());
        }
        Optional<Lifetime.Limit> limit = sa.reached(now);
        if (limit.isEmpty()
            || !expired
                .computeIfAbsent(sa, s -> EnumSet.noneOf(Lifetime.Limit.class))
                .add(limit.get())) {
          continue;
        }
        switch (limit.get()) {
          case SOFT -> soft.add(sa);
          case HARD -> {
            retire(sa);
            hard.add(sa);
          }
        }
      }
      for (Sa sa : hard) {
        sad = sad.without(sa);
      }
      retired.entrySet().removeIf(entry -> wipeIfDue(entry.getKey(), entry.getValue(), now));
    }
    soft.forEach(sa -> tell(listener -> listener.expire(sa, Lifetime.Limit.SOFT)));
    hard.forEach(
        sa -> {
          tell(listener -> listener.expire(sa, Lifetime.Limit.HARD));
          tell(listener -> listener.removed(sa));
        });
    if (!hard.isEmpty()) {
      settle();
    }
  }

  private static boolean wipeIfDue(Sa sa, Instant left, Instant now) {
    boolean due = !now.isBefore(left.plus(WIPE_AFTER));
    if (due) {
      sa.parameters().wipe();
    }
    return due;
  }

  private void tell(Consumer<SadbListener> event) {
    listeners.forEach(event);
  }
}
