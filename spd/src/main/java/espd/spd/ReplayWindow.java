package espd.spd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The anti-replay window of an inbound SA (RFC 4303 §3.4.3) as the ring of words of RFC 6479: the
/// window moves by clearing whole words, never by shifting bits.
///
/// ```
///      top - size + 1                 top
///  ──────────┼─────────────────────────┼──────────▶ sequence number
///   too old  │  seen or not: the ring  │  newer: moves the window, once authentic
/// ```
///
/// With a 64-bit number (ESN) the high half is not on the wire; [#infer(int)] takes the one that
/// puts the number nearest to the window (RFC 4303 Appendix A2.2).
///
/// Two steps, as RFC 4303 §3.4.3 asks: [#admits(long)] before the packet is decrypted, from any one
/// thread, and [#record(long)] after it proved authentic, from the one thread that owns the window.
/// The writer clears words before it publishes a new top, so a reader that runs beside it may admit
/// what `record` then refuses, but never refuses what `record` would accept.
public final class ReplayWindow {

  private static final VarHandle TOP;
  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

  static {
    try {
      TOP = MethodHandles.lookup().findVarHandle(ReplayWindow.class, "top", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int WORD_SHIFT = 6;
  private static final int WORD_BITS = 1 << WORD_SHIFT;

  /// How far below the top a number may be that [#infer(int)] takes for an older one where no
  /// window says it: half a span, so that packets overtaken on the way keep their high half.
  private static final long NEAREST = 1L << 31;

  private final int size;
  private final long inferred;
  private final boolean esn;
  private final long[] words;
  private final int wordMask;

  @SuppressWarnings("unused") // through its VarHandle
  private long top;

  /// @param size how many numbers the window holds; 0 checks nothing, others below 64 count as 64
  /// @param esn whether numbers have 64 bits
  /// @throws IllegalArgumentException when `size` is negative or above 2^20
  public ReplayWindow(int size, boolean esn) {
    if (size < 0 || size > 1 << 20) {
      throw new IllegalArgumentException("replay window not in 0..1048576: " + size);
    }
    this.size = size == 0 ? 0 : Math.max(WORD_BITS, size);
    this.inferred = size == 0 ? NEAREST : this.size;
    this.esn = esn;
    // One word more than the window covers: the word that the top is about to enter is being
    // cleared.
    int needed = (this.size + WORD_BITS - 1) / WORD_BITS + 1;
    this.words = new long[Math.max(2, Integer.highestOneBit(needed - 1) << 1)];
    this.wordMask = words.length - 1;
  }

  /// {@return how many numbers the window holds, 0 when it checks nothing}
  public int size() {
    return size;
  }

  /// {@return the highest number recorded, 0 when none was}
  public long top() {
    return (long) TOP.getAcquire(this);
  }

  /// {@return how many numbers of the window up to its top were not seen: lost, or still on their
  /// way; 0 when nothing is checked}; any thread may ask, and meets the window of a moment
  public int unseen() {
    long at = top();
    int span = Long.compareUnsigned(at, size) < 0 ? (int) at : size;
    long number = at - span + 1;
    int seen = 0;
    for (int left = span; left > 0; ) {
      int bits = Math.min(left, WORD_BITS - (int) (number & (WORD_BITS - 1)));
      seen += Long.bitCount(word(number) & (-1L >>> (WORD_BITS - bits) << number));
      number += bits;
      left -= bits;
    }
    return span - seen;
  }

  /// Gives a number on the wire its high half: without ESN zero; with it, the half that puts it
  /// inside or next above the window (RFC 4303 Appendix A2.2), or nearest to the top where nothing
  /// is checked.
  ///
  /// @param low the 32 bits on the wire
  /// @return the whole number
  public long infer(int low) {
    long number = Integer.toUnsignedLong(low);
    if (!esn) {
      return number;
    }
    long at = top();
    long high = at & 0xffff_ffff_0000_0000L;
    long bottom = at - inferred + 1;
    if ((at & 0xffff_ffffL) >= inferred - 1) {
      // Case A: the window lies within one span of 2^32 numbers.
      return number >= (bottom & 0xffff_ffffL) ? high | number : (high + (1L << 32)) | number;
    }
    // Case B: the window reaches back into the span before, if there was one.
    boolean before = number >= (bottom & 0xffff_ffffL) && high != 0;
    return before ? (high - (1L << 32)) | number : high | number;
  }

  /// The check before decryption: neither too old nor seen. The number 0 is never sent (RFC 4303
  /// §3.3.3).
  ///
  /// @param number the whole number, from [#infer(int)]
  public boolean admits(long number) {
    if (size == 0) {
      return true;
    }
    if (number == 0) {
      return false;
    }
    long at = top();
    if (Long.compareUnsigned(number, at) > 0) {
      return true;
    }
    return Long.compareUnsigned(at - number, size) < 0 && (word(number) & bit(number)) == 0;
  }

  /// The check after authentication: records the number when it is neither too old nor seen. Only
  /// for the thread that owns the window.
  ///
  /// @param number the whole number under which the packet proved authentic
  /// @return whether the packet is new
  public boolean record(long number) {
    if (!admits(number)) {
      return false;
    }
    long at = top();
    if (Long.compareUnsigned(number, at) > 0) {
      clearBetween(at, number);
      setWord(number, word(number) | bit(number));
      TOP.setRelease(this, number);
    } else if (size != 0) {
      setWord(number, word(number) | bit(number));
    }
    return true;
  }

  private void clearBetween(long from, long to) {
    long steps = (to >>> WORD_SHIFT) - (from >>> WORD_SHIFT);
    long cleared = Math.min(steps, words.length);
    for (long i = 1; i <= cleared; i++) {
      WORDS.setOpaque(words, (int) ((from >>> WORD_SHIFT) + i) & wordMask, 0L);
    }
  }

  private long word(long number) {
    return (long) WORDS.getOpaque(words, (int) (number >>> WORD_SHIFT) & wordMask);
  }

  private void setWord(long number, long bits) {
    WORDS.setOpaque(words, (int) (number >>> WORD_SHIFT) & wordMask, bits);
  }

  private static long bit(long number) {
    return 1L << (number & (WORD_BITS - 1));
  }
}
