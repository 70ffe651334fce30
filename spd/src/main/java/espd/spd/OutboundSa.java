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
    return Long.compareUnsigned(lastSequence - sequence(), lastSequence >>> 3) < 0;
  }

  /// {@return the last number drawn, 0 when none was; any thread may ask}
  public long sequence() {
    return (long) SEQUENCE.getOpaque(this);
  }
}
