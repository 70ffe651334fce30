package espd.metrics;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The figures, for Prometheus.
///
/// @param meters what the page shows
record MetricsPage(Meters meters) implements Page {

  /// Where Prometheus looks.
  static final String PATH = "/metrics";

  private static final Logger LOG = LoggerFactory.getLogger(MetricsPage.class);

  @Override
  public CompletionStage<Reply> get(HttpHeaders headers) {
    String accept = headers.get(HttpHeaderNames.ACCEPT, "");
    return CompletableFuture.completedFuture(page(ExpositionFormat.of(accept)));
  }

  private Reply page(ExpositionFormat format) {
    try {
      return Reply.of(format.contentType(), meters.scrape(format));
    } catch (RuntimeException e) {
      LOG.error("A figure could not be read", e);
      return Reply.refusal(HttpResponseStatus.INTERNAL_SERVER_ERROR, "a figure could not be read");
    }
  }
}
