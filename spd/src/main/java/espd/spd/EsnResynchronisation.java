package espd.spd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Finds the high half of the sequence numbers again after more than 2^32 packets of an SA with ESN
/// were lost in a row (RFC 4303 Appendix A3): from then on [ReplayWindow#infer(int)] is wrong for
/// every packet, and every ICV with it.
///
/// The data plane counts through the SA: [InboundSa#countUnauthentic()] and, for what proved
/// authentic, [Sa#count]. While [#isDue()], it keeps a copy of one packet of a batch as it came,
/// and when that proves unauthentic under its inferred number, tries it under [#candidate(long,
/// int)] for the attempts 1 to [#ATTEMPTS]. A number under which it is authentic is recorded as any
/// other: it is above the window's top, so [ReplayWindow#record(long)] moves the window there, and
/// nothing else needs to be told.
///
/// An attacker gains little. Forged packets make it due only when [#FAILURES] of them come between
/// two genuine ones, and cost [#ATTEMPTS] decryptions a batch then; and no number but the sender's
/// own makes a packet authentic, so nothing old is let in. Without ESN it is never due.
public final class EsnResynchronisation {

  /// So many failures in a row, as many as a batch has packets, are no accident.
  public static final int FAILURES = 64;

  /// How many high halves a packet is tried under: losses of 2^34 packets in a row, some two days
  /// of 100 000 a second, are made good.
  public static final int ATTEMPTS = 4;

  private static final long SPAN = 1L << 32;

  private static final VarHandle IN_A_ROW;

  static {
    try {
      IN_A_ROW =
          MethodHandles.lookup().findVarHandle(EsnResynchronisation.class, "inARow", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final boolean esn;

  @SuppressWarnings("unused") // through its VarHandle
  private int inARow;

  EsnResynchronisation(boolean esn) {
    this.esn = esn;
  }

  /// Says whether so many packets in a row were unauthentic that the high half may be wrong. Any
  /// thread.
  public boolean isDue() {
    return esn && (int) IN_A_ROW.getOpaque(this) >= FAILURES;
  }

  /// {@return the number to try a packet under}
  ///
  /// @param inferred the number it proved unauthentic under
  /// @param attempt from 1 to [#ATTEMPTS]
  /// @return the number with the high half so many spans further, or `inferred` when there is no
  ///   such number
  public static long candidate(long inferred, int attempt) {
    long number = inferred + attempt * SPAN;
    return Long.compareUnsigned(number, inferred) > 0 ? number : inferred;
  }

  /// A packet was unauthentic. Any thread; of two at once one may go uncounted.
  void failed() {
    int row = (int) IN_A_ROW.getOpaque(this);
    if (row < FAILURES) {
      IN_A_ROW.setOpaque(this, row + 1);
    }
  }

  /// A packet was authentic. For the thread that counts.
  void succeeded() {
    if ((int) IN_A_ROW.getOpaque(this) != 0) {
      IN_A_ROW.setOpaque(this, 0);
    }
  }
}
