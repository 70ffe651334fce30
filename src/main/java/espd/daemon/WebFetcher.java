package espd.daemon;

import espd.ike.message.Bytes;
import espd.ike.pki.Fetcher;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Gets what authorities publish, by HTTP. Its threads begin with the first errand. For any thread.
final class WebFetcher implements Fetcher, AutoCloseable {

  private static final int OK = 200;
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private Optional<HttpClient> client = Optional.empty();

  @Override
  public byte[] fetch(Errand errand, Duration patience) throws IOException {
    // What is longer than the handler takes ends the transfer with an IOException.
    BodyHandler<byte[]> page =
        BodyHandlers.limiting(BodyHandlers.ofByteArray(), errand.mostOctets());
    BodyHandler<byte[]> none = BodyHandlers.replacing(new byte[0]);
    BodyHandler<byte[]> body = info -> (info.statusCode() == OK ? page : none).apply(info);
    CompletableFuture<HttpResponse<byte[]>> answer = client().sendAsync(request(errand), body);
    try {
      HttpResponse<byte[]> response = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != OK) {
        throw new IOException("HTTP status " + response.statusCode());
      }
      return response.body();
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + patience.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      throw new IOException(reason(e.getCause() == null ? e : e.getCause()), e);
    } finally {
      answer.cancel(true);
    }
  }

  private static String reason(Throwable failure) {
    String usual = failure instanceof ConnectException ? "cannot connect" : failure.toString();
    return failure.getMessage() == null ? usual : failure.getMessage();
  }

  private static HttpRequest request(Errand errand) {
    HttpRequest.Builder request = HttpRequest.newBuilder(errand.uri()).header("User-Agent", "espd");
    errand
        .question()
        .ifPresent(
            question -> {
              Bytes octets = question.octets();
              request.header("Content-Type", question.type());
              request.POST(BodyPublishers.ofByteArray(octets.toArray()));
            });
    return request.build();
  }

  private synchronized HttpClient client() {
    HttpClient made = client.orElseGet(WebFetcher::make);
    client = Optional.of(made);
    return made;
  }

  private static HttpClient make() {
    return HttpClient.newBuilder()
        .version(Version.HTTP_1_1)
        .followRedirects(Redirect.NEVER)
        .connectTimeout(CONNECT)
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }

  @Override
  public synchronized void close() {
    client.ifPresent(HttpClient::shutdownNow);
  }
}
