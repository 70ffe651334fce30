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
/// The self-test takes some tenths of a second in a JVM that has just started: it passes while
/// files are read and the daemon opens what it needs of the host. They are warmed up once packets
/// pass: peers are still negotiating then, and the start has the processor for itself.
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
    } catch (UnavailableEngineException | RuntimeException | Error e) {
      engine.completeExceptionally(e);
    }
  }

  /// Begins to warm the ciphers up, which nobody waits for.
  void warmUp() {
    Thread.ofPlatform()
        .daemon()
        .name("ciphers")
        .start(
            () -> {
              try {
                Engines.warmUp(engine.join());
              } catch (RuntimeException | Error e) {
                LOG.warn("the ciphers could not be warmed up", e);
              }
            });
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
