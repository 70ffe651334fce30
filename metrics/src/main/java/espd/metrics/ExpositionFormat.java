package espd.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// How the page is written.
public enum ExpositionFormat {
  /// Prometheus's text format 0.0.4: what is sent to whoever asks for nothing else.
  TEXT("text/plain; version=0.0.4; charset=utf-8"),
  /// OpenMetrics 1.0, for who asks for it.
  OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

  private static final List<String> OPEN_METRICS_VERSIONS = List.of("1.0.0", "0.0.1");

  private final String contentType;

  ExpositionFormat(String contentType) {
    this.contentType = contentType;
  }

  /// {@return the value of `Content-Type`}
  public String contentType() {
    return contentType;
  }

  /// {@return what writes it}
  ExpositionFormatWriter writer() {
    return switch (this) {
      case TEXT -> PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();
      case OPEN_METRICS ->
          OpenMetricsTextFormatWriter.builder().setCreatedTimestampsEnabled(false).build();
    };
  }

  /// {@return the format that a client likes best (RFC 9110 §12.5.1); text where it likes both, or
  /// neither, for a scraper can do more with that than with a refusal}
  ///
  /// @param accept the value of its `Accept`, empty when it has none
  public static ExpositionFormat of(String accept) {
    double text = 0;
    double openMetrics = 0;
    for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      List<String> parts = Stream.of(range.split(";", -1)).map(String::strip).toList();
      double quality = quality(parts);
      switch (parts.getFirst()) {
        case "text/plain", "text/*", "*/*" -> text = Math.max(text, quality);
        case "application/openmetrics-text" -> {
          if (isKnown(parts)) {
            openMetrics = Math.max(openMetrics, quality);
          }
        }
        default -> {}
      }
    }
    return openMetrics > text ? OPEN_METRICS : TEXT;
  }

  private static double quality(List<String> parts) {
    String q = parameter(parts, "q=", "1");
    return q.matches("[01](\\.[0-9]{0,3})?") ? Double.parseDouble(q) : 0;
  }

  private static boolean isKnown(List<String> parts) {
    return OPEN_METRICS_VERSIONS.contains(
        parameter(parts, "version=", OPEN_METRICS_VERSIONS.getFirst()));
  }

  private static String parameter(List<String> parts, String name, String otherwise) {
    return parts.stream()
        .skip(1)
        .filter(part -> part.startsWith(name))
        .map(part -> part.substring(name.length()).replace("\"", ""))
        .findFirst()
        .orElse(otherwise);
  }
}
