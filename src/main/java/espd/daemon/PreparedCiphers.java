package espd.daemon;

import espd.dataplane.esp.EngineChoice;
import espd.dataplane.esp.Engines;
import espd.dataplane.esp.EspEngine;
import espd.dataplane.esp.UnavailableEngineException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ciphers, made ready on a thread of their own.
///
/// The self-test takes some tenths of a second in a JVM that has just started: it passes while the
/// daemon opens what it needs of the host. Then the same thread warms the ciphers up, which nobody
/// waits for: peers are still negotiating meanwhile.
final class PreparedCiphers {

  private static final Logger LOG = LoggerFactory.getLogger(PreparedCiphers.class);

  private final CompletableFuture<EspEngine> engine = new CompletableFuture<>();

  private PreparedCiphers() {}

  /// Begins to prepare.
  static PreparedCiphers start(EngineChoice choice) {
    PreparedCiphers ciphers = new PreparedCiphers();
    Thread.ofPlatform().daemon().name("ciphers").start(() -> ciphers.prepare(choice));
    return ciphers;
  }

  private void prepare(EngineChoice choice) {
    try {
      EspEngine tested = Engines.open(choice);
      engine.complete(tested);
      LOG.debug("ciphers of {}", tested.name());
      Engines.warmUp(tested);
    } catch (UnavailableEngineException | RuntimeException | Error e) {
      if (!engine.completeExceptionally(e)) {
        LOG.warn("the ciphers could not be warmed up", e);
      }
    }
  }

  /// {@return the engine, once it is tested}
  ///
  /// @throws UnavailableEngineException when this host has not what was chosen
  EspEngine await() throws UnavailableEngineException {
    try {
      return engine.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnavailableEngineException unavailable) {
        throw unavailable;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
