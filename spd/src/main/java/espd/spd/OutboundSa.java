package espd.spd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The SA of packets that leave: it numbers them (RFC 4303 §3.3.3).
///
/// Sequence numbers are drawn by one thread, the ordered stage of the outbound path.
public final class OutboundSa extends Sa {

  /// What [#nextSequence()] gives when the numbers are used up: the SA has stopped.
  public static final long EXHAUSTED = 0;

  private static final VarHandle SEQUENCE;

  static {
    try {
      SEQUENCE = MethodHandles.lookup().findVarHandle(OutboundSa.class, "sequence", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// What [#pathMtu()] gives when nobody has said how long a packet may be.
  public static final int PATH_MTU_UNKNOWN = SaPathMtu.UNKNOWN;

  private final SaPathMtu path = new SaPathMtu();
  private final long lastSequence;
  private long sequence;

  /// @param parameters the SA as negotiated
  public OutboundSa(SaParameters parameters) {
    super(parameters);
    this.lastSequence = parameters.esn() ? -1L : 0xffff_ffffL;
  }

  /// An SA that has already drawn `sequence` numbers: for looking at the end of them.
  ///
  /// @throws IllegalArgumentException when the SA has no such number
  public OutboundSa(SaParameters parameters, long sequence) {
    this(parameters);
    if (Long.compareUnsigned(sequence, lastSequence) > 0) {
      throw new IllegalArgumentException("no sequence number without ESN: " + sequence);
    }
    this.sequence = sequence;
  }

  @Override
  public Direction direction() {
    return Direction.OUTBOUND;
  }

  /// Draws the next sequence number: 1 first, and never one twice (RFC 4303 §3.3.3). Without ESN
  /// the last one is 2^32-1, with ESN 2^64-1.
  ///
  /// @return the number, of 64 bits with ESN, or [#EXHAUSTED] for ever after the last
  public long nextSequence() {
    if (sequence == lastSequence) {
      return EXHAUSTED;
    }
    long next = sequence + 1;
    SEQUENCE.setOpaque(this, next);
    return next;
  }

  /// {@return whether less than an eighth of its numbers is left; any thread may ask}
  @Override
  public boolean isNearlyExhausted() {
    return Long.compareUnsigned(sequencesLeft(), lastSequence >>> 3) < 0;
  }

  /// {@return how many numbers are left to draw, unsigned; any thread may ask}
  public long sequencesLeft() {
    return lastSequence - sequence();
  }

  /// {@return the last number drawn, 0 when none was; any thread may ask}
  @Override
  public long sequence() {
    return (long) SEQUENCE.getOpaque(this);
  }

  /// {@return the longest outer packet that reaches the peer, in octets, its IPv6 header included
  /// (RFC 4301 §8.2), or [#PATH_MTU_UNKNOWN]}; any thread may ask
  public int pathMtu() {
    return path.octets();
  }

  /// A router has said that a packet of this SA was too long (RFC 4301 §8.2.1, RFC 8201 §4). What
  /// is more than known already, and less than IPv6's 1280, is not heeded. It holds for ten minutes
  /// after it was said last, and for the SA's successor too. Any thread.
  ///
  /// @param octets what the path takes of an outer packet
  /// @param nowMillis since the epoch
  /// @return whether less is known to pass now than before
  public boolean lowerPathMtu(int octets, long nowMillis) {
    return path.lower(octets, nowMillis);
  }

  /// Forgets what was said of the path long ago. Called through [Sadb#expire()].
  void agePathMtu(long nowMillis) {
    path.forgetIfOld(nowMillis);
  }

  /// Takes over what `older` knows of the same path.
  void inheritPathMtu(OutboundSa older) {
    path.inherit(older.path);
  }

  /// Another path begins, of which nothing is known.
  @Override
  void moved() {
    path.forget();
  }
}
