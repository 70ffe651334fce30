package espd.metrics;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;

/// What is behind one path of the [Site]. Asked on the thread of the server, which it must not
/// block.
@FunctionalInterface
interface Page {

  /// {@return the answer, now or soon}
  ///
  /// @param headers of the request
  CompletionStage<Reply> get(HttpHeaders headers);

  /// An answer.
  ///
  /// @param status how it went
  /// @param type of the body, as `Content-Type` says it
  /// @param body what is shown; not changed any more
  @SuppressWarnings("ArrayRecordComponent") // two answers are never compared
  record Reply(HttpResponseStatus status, String type, byte[] body) {

    /// {@return what was asked for}
    static Reply of(String type, String text) {
      return new Reply(HttpResponseStatus.OK, type, text.getBytes(StandardCharsets.UTF_8));
    }

    /// {@return one sentence that says why not}
    static Reply refusal(HttpResponseStatus status, String sentence) {
      return new Reply(
          status, "text/plain; charset=utf-8", (sentence + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
