package espd.spd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// One direction of a security association in the SAD (RFC 4301 §4.4.2): what was negotiated and
/// what its packets have counted so far.
///
/// The counters have one writer, the thread that owns this direction's order; any thread may read
/// them. That thread compares them with the limits of the [Lifetime] too: [#isSpent()] before each
/// packet, so that none passes beyond a hard limit, and within [#count] to have the limit dealt
/// with at once rather than when somebody looks next.
public abstract sealed class Sa permits InboundSa, OutboundSa {

  private static final VarHandle PACKETS;
  private static final VarHandle BYTES;
  private static final VarHandle LAST_USED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      PACKETS = lookup.findVarHandle(Sa.class, "packets", long.class);
      BYTES = lookup.findVarHandle(Sa.class, "bytes", long.class);
      LAST_USED = lookup.findVarHandle(Sa.class, "lastUsedMillis", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile SaParameters parameters;

  private long packets;
  private long bytes;

  @SuppressWarnings("unused") // through its VarHandle
  private long lastUsedMillis;

  private final long hardPackets;
  private final long hardBytes;

  /// What the counters are to reach next; for the thread that counts.
  private long duePackets;

  private long dueBytes;

  private volatile Consumer<Sa> due = sa -> {};

  Sa(SaParameters parameters) {
    this.parameters = parameters;
    Lifetime lifetime = parameters.lifetime();
    this.hardPackets = limit(lifetime.hardPackets());
    this.hardBytes = limit(lifetime.hardBytes());
    this.duePackets = Math.min(limit(lifetime.softPackets()), hardPackets);
    this.dueBytes = Math.min(limit(lifetime.softBytes()), hardBytes);
  }

  private static long limit(long ofLifetime) {
    return ofLifetime == 0 ? Long.MAX_VALUE : ofLifetime;
  }

  /// {@return which way its packets go}
  public abstract Direction direction();

  /// {@return the last number sent, or the highest received, 0 when none was; of 64 bits with ESN;
  /// any thread may ask}
  public abstract long sequence();

  /// {@return what was negotiated, with the outer addresses of now}
  public final SaParameters parameters() {
    return parameters;
  }

  /// Gives the SA other outer addresses, from the next packet on; numbers, window and counters go
  /// on. Called through [Sadb#move].
  final void move(Ipv6Address local, Ipv6Address remote, Optional<UdpEncapsulation> ports) {
    boolean elsewhere = !remote.equals(parameters.remote()) || !local.equals(parameters.local());
    parameters = parameters.movedTo(local, remote, ports);
    if (elsewhere) {
      moved();
    }
  }

  /// Gives the SA other packets, from the next one on. Called through [Sadb#select].
  final void select(List<Selector> selectors) {
    parameters = parameters.selecting(selectors);
  }

  /// Its path is another from now on.
  void moved() {}

  /// {@return the SPI on the wire}
  public final int spi() {
    return parameters.spi();
  }

  /// Says whether the SA has carried all it may: its count of octets or packets is at a hard limit
  /// (RFC 4301 §4.4.2.1). No packet passes then, whether or not the SA has left the SAD yet. Only
  /// for the thread that owns this direction's order, before each packet; costs two comparisons.
  public final boolean isSpent() {
    return packets >= hardPackets || bytes >= hardBytes;
  }

  /// Counts one packet, and has a limit that it reaches dealt with soon: [SadbListener#due]. Only
  /// for the thread that owns this direction's order.
  ///
  /// @param octets of payload: what ESP carried, without its own header, padding and ICV
  /// @param nowMillis the time of the batch, since the epoch
  public void count(int octets, long nowMillis) {
    long newPackets = packets + 1;
    long newBytes = bytes + octets;
    PACKETS.setOpaque(this, newPackets);
    BYTES.setOpaque(this, newBytes);
    LAST_USED.setOpaque(this, nowMillis);
    if (newPackets >= duePackets || newBytes >= dueBytes) {
      becomeDue();
    }
  }

  /// Once at the soft limits, once at the hard ones.
  private void becomeDue() {
    boolean hard = isSpent();
    duePackets = hard ? Long.MAX_VALUE : hardPackets;
    dueBytes = hard ? Long.MAX_VALUE : hardBytes;
    due.accept(this);
  }

  /// Has `listener` called when the counters reach a soft limit, and again when they reach a hard
  /// one, on the thread that counts. The [Sadb] does so at [Sadb#install].
  final void whenDue(Consumer<Sa> listener) {
    due = listener;
  }

  /// {@return the gravest limit that the SA has reached: of its [Lifetime], or of its numbers}
  final Optional<Lifetime.Limit> reached(Instant now) {
    long ageSeconds = Duration.between(parameters.created(), now).toSeconds();
    return parameters
        .lifetime()
        .reached(ageSeconds, bytes(), packets())
        .or(() -> isNearlyExhausted() ? Optional.of(Lifetime.Limit.SOFT) : Optional.empty());
  }

  /// {@return whether so few sequence numbers are left that a successor is needed, whatever the
  /// lifetime says (RFC 4303 §3.3.3); any thread may ask}
  abstract boolean isNearlyExhausted();

  /// {@return how many packets it has protected or accepted}
  public final long packets() {
    return (long) PACKETS.getOpaque(this);
  }

  /// {@return how many octets of payload it has protected or accepted}
  public final long bytes() {
    return (long) BYTES.getOpaque(this);
  }

  /// {@return when it was last used, in milliseconds since the epoch, 0 for never}
  public final long lastUsedMillis() {
    return (long) LAST_USED.getOpaque(this);
  }

  /// {@return the SPI with its direction, for people; nothing secret}
  @Override
  public final String toString() {
    return parameters.connection() + " " + parameters.spiText() + " " + direction();
  }
}
