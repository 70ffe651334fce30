package espd.metrics;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A file that comes with the program.
///
/// @param reply the file
record ResourcePage(Reply reply) implements Page {

  /// Reads a file beside this class.
  ///
  /// @param type as `Content-Type` says it
  static ResourcePage of(String name, String type) {
    try (InputStream in = ResourcePage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program was built without " + name);
      }
      return new ResourcePage(new Reply(HttpResponseStatus.OK, type, in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public CompletionStage<Reply> get(HttpHeaders headers) {
    return CompletableFuture.completedFuture(reply);
  }
}
