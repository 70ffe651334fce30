package espd.ike.driver;

import espd.ike.Datagram;
import espd.ike.net.TcpStreams;
import espd.spd.Ipv6Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

/// A simulated network: it takes datagrams from one host to another, and may lose, double, delay or
/// change them.
final class Network {

  /// What it does to datagrams.
  ///
  /// @param loss the part that is lost
  /// @param duplication the part that arrives twice
  /// @param jitter up to so much is added to the way of each
  record Faults(double loss, double duplication, Duration jitter) {
    static final Faults NONE = new Faults(0, 0, Duration.ZERO);
  }

  private static final Duration WAY = Duration.ofMillis(5);

  private final VirtualTime time;
  private final Random random;
  private final Map<Ipv6Address, Consumer<Datagram>> hosts = new HashMap<>();
  private final Map<Ipv6Address, TcpStreams> streams = new HashMap<>();
  private final List<Datagram> seen = new ArrayList<>();
  private Faults faults = Faults.NONE;
  private Function<Datagram, List<Datagram>> middlebox = List::of;

  Network(VirtualTime time, long seed) {
    this.time = time;
    this.random = new Random(seed);
  }

  void attach(Ipv6Address address, Consumer<Datagram> host) {
    hosts.put(address, host);
  }

  void detach(Ipv6Address address) {
    hosts.remove(address);
  }

  /// Has what a host sends through streams go there (RFC 9329).
  void streams(Ipv6Address address, TcpStreams those) {
    streams.put(address, those);
  }

  /// {@return what a host sends by: datagrams here, the rest through its streams}
  IkeTransport transport(Ipv6Address address) {
    return new IkeTransport() {
      @Override
      public void send(Datagram datagram) {
        if (Datagram.isStream(datagram.localPort())) {
          of(address).send(datagram);
        } else {
          Network.this.send(datagram);
        }
      }

      @Override
      public void keepStream(int localPort) {
        of(address).keep(localPort);
      }

      @Override
      public void closeStream(int localPort) {
        of(address).close(localPort);
      }
    };
  }

  private TcpStreams of(Ipv6Address address) {
    return Objects.requireNonNull(streams.get(address), "a host without streams");
  }

  void faults(Faults those) {
    faults = those;
  }

  /// Has every datagram pass this first, as its sender sent it.
  void middlebox(Function<Datagram, List<Datagram>> box) {
    middlebox = box;
  }

  /// {@return all datagrams sent so far}
  List<Datagram> seen() {
    return seen;
  }

  void send(Datagram datagram) {
    seen.add(datagram);
    middlebox.apply(datagram).forEach(this::carry);
  }

  /// Puts a datagram on its way, past the middlebox.
  void carry(Datagram datagram) {
    int copies = random.nextDouble() < faults.duplication ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      if (random.nextDouble() < faults.loss) {
        continue;
      }
      long jitter = (long) (faults.jitter.toNanos() * random.nextDouble());
      time.schedule(time.now().plus(WAY).plusNanos(jitter), () -> deliver(datagram));
    }
  }

  private void deliver(Datagram d) {
    Consumer<Datagram> host = hosts.get(d.remote());
    if (host != null) {
      host.accept(
          new Datagram(
              /* local= */ d.remote(),
              /* localPort= */ d.remotePort(),
              /* remote= */ d.local(),
              /* remotePort= */ d.localPort(),
              d.payload().clone()));
    }
  }
}
