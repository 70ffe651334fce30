package espd.metrics;

import java.util.List;

/// A histogram as of now.
///
/// @param upperBounds the largest figure of each range, ascending; the last is infinite
/// @param counts how many figures each range has, those of lower ranges not among them
/// @param sum of all figures
public record Distribution(List<Double> upperBounds, List<Long> counts, double sum) {

  /// @throws IllegalArgumentException when there is not one count for each range
  public Distribution {
    upperBounds = List.copyOf(upperBounds);
    counts = List.copyOf(counts);
    if (upperBounds.size() != counts.size()
        || !upperBounds.getLast().equals(Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("ranges " + upperBounds + " with counts " + counts);
    }
  }
}
