package espd.ike.driver;

import espd.ike.Datagram;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the state machines have to say, held back until their SAs have taken effect: a peer may
/// answer, and send packets, as soon as it has heard of an SA. For the event loop.
///
/// What the event loop has to do already comes first, so that many IKE SAs that change at the same
/// time bring the host in step together, once. While no SA has changed nothing is held back: peers
/// compute while others are being answered.
final class Outbox {

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private final IkeConfiguration configuration;
  private final List<Datagram> held = new ArrayList<>();
  private boolean changed;

  Outbox(IkeConfiguration configuration) {
    this.configuration = configuration;
  }

  /// Sends a datagram, now or when the SAs that have changed before it have taken effect.
  void send(Datagram datagram) {
    if (changed) {
      held.add(datagram);
    } else {
      transmit(datagram);
    }
  }

  /// SAs are being installed or removed: what is sent from now on waits until that has taken
  /// effect.
  void changed() {
    if (!changed) {
      changed = true;
      configuration.scheduler().execute(this::settle);
    }
  }

  private void settle() {
    changed = false;
    configuration.sadb().settle();
    List<Datagram> all = List.copyOf(held);
    held.clear();
    all.forEach(this::transmit);
  }

  private void transmit(Datagram datagram) {
    try {
      configuration.transport().send(datagram);
    } catch (RuntimeException e) {
      // It is as lost as on the wire, and the others are not.
      LOG.error("a datagram was not sent, by a fault of ours", e);
    }
  }
}
