package espd.dataplane;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// How often a figure lay in each of some ranges since the start, and the sum of all figures.
///
/// One thread records, without allocating anything; any thread reads, and may see a figure in its
/// range a moment before it is in the sum.
public final class Histogram {

  private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

  /// What lies beside the array belongs to other threads: two lines of a processor's cache, which
  /// fetches them in pairs, keep it away.
  private static final int PADDING = 128 / Long.BYTES;

  private final long[] bounds;

  /// Padding, a count for each range, the sum, padding.
  private final long[] cells;

  /// @param bounds the largest figure of each range, ascending; one more range has all above
  Histogram(long... bounds) {
    this.bounds = bounds.clone();
    this.cells = new long[PADDING + bounds.length + 2 + PADDING];
  }

  /// Counts one figure. Only for the thread that writes.
  void record(long figure) {
    int range = 0;
    while (range < bounds.length && figure > bounds[range]) {
      range++;
    }
    add(range, 1);
    add(bounds.length + 1, figure);
  }

  private void add(int cell, long much) {
    CELLS.setOpaque(cells, PADDING + cell, cells[PADDING + cell] + much);
  }

  /// {@return the largest figure of each range but the last, which has no bound}
  public long[] bounds() {
    return bounds.clone();
  }

  /// {@return how many figures each range has, one range more than there are bounds}
  public long[] counts() {
    long[] counts = new long[bounds.length + 1];
    for (int range = 0; range < counts.length; range++) {
      counts[range] = (long) CELLS.getOpaque(cells, PADDING + range);
    }
    return counts;
  }

  /// {@return the sum of all figures}
  public long sum() {
    return (long) CELLS.getOpaque(cells, PADDING + bounds.length + 1);
  }
}
