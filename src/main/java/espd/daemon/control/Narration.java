package espd.daemon.control;

import espd.daemon.control.Happenings.Subscription;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a client what happens, in a thread of its own, so that neither IKE nor the client's
/// commands wait for it. A client that reads so slowly that something would be left out is cut off:
/// it could not know that it has missed an SA.
final class Narration implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Narration.class);

  /// How far a client may lag behind.
  private static final int ROOM = 4096;

  private final PacketChannel client;
  private final Happenings happenings;
  private final Set<String> wanted;
  private Optional<Thread> thread = Optional.empty();

  /// @param wanted names of events, which may change meanwhile
  Narration(PacketChannel client, Happenings happenings, Set<String> wanted) {
    this.client = client;
    this.happenings = happenings;
    this.wanted = wanted;
  }

  /// Begins, unless it has. Only the client's own thread calls this.
  void begin() {
    if (thread.isEmpty()) {
      Subscription subscription = happenings.subscribe(ROOM);
      thread =
          Optional.of(Thread.ofVirtual().name("control-events").start(() -> tell(subscription)));
    }
  }

  private void tell(Subscription subscription) {
    try (subscription) {
      while (subscription.lost() == 0) {
        Optional<Happening> happening = subscription.next(Long.MAX_VALUE);
        if (happening.isPresent()) {
          tell(ViciEvent.of(happening.get()));
        }
      }
      LOG.warn("a client of the control socket does not read its events; it is cut off");
      client.close();
    } catch (IOException e) {
      LOG.debug("a client that listened is gone: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(ViciEvent event) throws IOException {
    if (wanted.contains(event.name())) {
      client.write(new Packet.Event(event.name(), event.message()));
    }
  }

  @Override
  public void close() {
    thread.ifPresent(Thread::interrupt);
  }
}
