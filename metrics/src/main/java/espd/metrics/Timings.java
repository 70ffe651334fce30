package espd.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;

/// How long something rare takes, as a histogram with one label whose values are known from the
/// start. Any thread.
public final class Timings {

  private final Histogram histogram;

  Timings(Histogram histogram) {
    this.histogram = histogram;
  }

  /// Counts one.
  ///
  /// @param label its value
  public void took(String label, Duration time) {
    histogram.labelValues(label).observe(time.toNanos() / 1e9);
  }
}
