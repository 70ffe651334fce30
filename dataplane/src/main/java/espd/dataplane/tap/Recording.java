package espd.dataplane.tap;

import espd.spd.Direction;
import espd.spd.Sa;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Packets copied on their way from now on, until it is closed. Each ring has one writer, the
/// thread that its packets pass; one thread reads all of them, in the order of time.
public final class Recording implements AutoCloseable {

  /// How long a packet of an earlier time may still be on its way into another ring.
  private static final long SETTLED_NANOS = 5_000_000;

  private static final Side[] SIDES = Side.values();
  private static final Direction[] DIRECTIONS = Direction.values();
  private static final long NANOS_A_SECOND = 1_000_000_000;

  /// Is given a packet.
  @FunctionalInterface
  public interface Taker {

    /// Takes the first packet of a ring, which is valid for the time of this call.
    void take(Side side, Direction direction, RecordRing packet);
  }

  private final Wish wish;
  private final Runnable ended;
  private final Map<Side, Map<Direction, RecordRing>> rings = new EnumMap<>(Side.class);
  private final long epochNanos;
  private boolean closed;

  /// @param wish which packets
  /// @param ended is run when nobody reads any more
  public Recording(Wish wish, Runnable ended) {
    this.wish = wish;
    this.ended = ended;
    for (Side side : SIDES) {
      Map<Direction, RecordRing> ofSide = new EnumMap<>(Direction.class);
      rings.put(side, ofSide);
      for (Direction direction : wish.takes(side) ? DIRECTIONS : new Direction[0]) {
        ofSide.put(direction, new RecordRing(wish.snapOctets()));
      }
    }
    Instant now = Instant.now();
    this.epochNanos = now.getEpochSecond() * NANOS_A_SECOND + now.getNano() - System.nanoTime();
  }

  /// {@return where the packets of one side and direction go that pass now, or null when they are
  /// not wanted}; for the thread that they pass
  public @Nullable RecordRing ring(Side side, Direction direction) {
    RecordRing ring = existing(side, direction);
    if (ring != null) {
      ring.now(nowNanos());
    }
    return ring;
  }

  private @Nullable RecordRing existing(Side side, Direction direction) {
    Map<Direction, RecordRing> ofSide = rings.get(side);
    return ofSide == null ? null : ofSide.get(direction);
  }

  /// {@return whether packets of an SA are wanted, or those of none}
  public boolean wants(@Nullable Sa sa) {
    Optional<String> connection = wish.connection();
    return connection.isEmpty()
        || (sa != null && connection.get().equals(sa.parameters().connection()));
  }

  private long nowNanos() {
    return epochNanos + System.nanoTime();
  }

  /// Gives the oldest packet to `taker`, once none older can come any more.
  ///
  /// @return whether there was one
  public boolean take(Taker taker) {
    long oldestNanos = nowNanos() - SETTLED_NANOS;
    RecordRing oldest = null;
    Side side = Side.INNER;
    Direction direction = Direction.INBOUND;
    for (Side s : SIDES) {
      for (Direction d : DIRECTIONS) {
        RecordRing ring = existing(s, d);
        if (ring != null && ring.hasPacket() && ring.timeNanos() < oldestNanos) {
          oldest = ring;
          oldestNanos = ring.timeNanos();
          side = s;
          direction = d;
        }
      }
    }
    if (oldest == null) {
      return false;
    }
    taker.take(side, direction, oldest);
    oldest.next();
    return true;
  }

  /// {@return how many packets of a side were lost because the reader was slow}
  public long dropped(Side side) {
    long dropped = 0;
    for (Direction direction : DIRECTIONS) {
      RecordRing ring = existing(side, direction);
      dropped += ring == null ? 0 : ring.dropped();
    }
    return dropped;
  }

  /// Ends it; what was not read is gone.
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      ended.run();
    }
  }
}
