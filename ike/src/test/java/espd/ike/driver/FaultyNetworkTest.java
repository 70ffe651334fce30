package espd.ike.driver;

import static espd.ike.driver.Connections.after;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection.DeadPeer;
import espd.ike.Connection.Rekeying;
import espd.ike.Datagram;
import espd.ike.message.Header;
import espd.spd.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What a bad network and bad people do: loss, duplication and reordering delay, and nothing that
/// arrives raises (RFC 7296 §2.1–2.4, §2.21).
final class FaultyNetworkTest {

  private static final int SEEDS = 300;
  private static final Rekeying NEVER = new Rekeying(Duration.ZERO, Duration.ZERO, 0, false);

  /// RFC 7296 §2.1: one message in ten is lost, one in ten arrives twice, and later ones overtake.
  @Test
  void establishesThroughLossDuplicationAndReordering() {
    for (int seed = 0; seed < SEEDS; seed++) {
      VirtualTime time = new VirtualTime();
      Network network = new Network(time, seed);
      network.faults(new Network.Faults(0.1, 0.1, Duration.ofMillis(200)));
      Host alice = new Host(Connections.ALICE, time, network, 10 + seed);
      Host bob = new Host(Connections.BOB, time, network, 20_000 + seed);
      alice.load(Connections.alice().connection());
      bob.load(Connections.bob().connection());
      var outcome = alice.up("net");
      time.pass(Duration.ofMinutes(2));
      assertTrue(outcome.isDone() && outcome.join().succeeded(), "seed " + seed);
      assertAgree(alice, bob, seed);
    }
  }

  private static void assertAgree(Host alice, Host bob, int seed) {
    assertEquals(1, alice.sas(Direction.OUTBOUND).size(), "seed " + seed);
    assertEquals(alice.spis(Direction.OUTBOUND), bob.spis(Direction.INBOUND), "seed " + seed);
    assertEquals(bob.spis(Direction.OUTBOUND), alice.spis(Direction.INBOUND), "seed " + seed);
  }

  /// RFC 7296 §2.8: through half an hour of rekeying by both ends on such a network there is always
  /// an SA in the end, and the ends agree once the network is good again.
  @Test
  void rekeysThroughLossDuplicationAndReordering() {
    Rekeying child = after(Duration.ofSeconds(90), Duration.ofSeconds(40));
    Rekeying ike = after(Duration.ofSeconds(150), Duration.ofSeconds(60));
    for (int seed = 0; seed < 40; seed++) {
      VirtualTime time = new VirtualTime();
      Network network = new Network(time, seed);
      network.faults(new Network.Faults(0.1, 0.1, Duration.ofMillis(200)));
      Host alice = new Host(Connections.ALICE, time, network, 10 + seed);
      Host bob = new Host(Connections.BOB, time, network, 20_000 + seed);
      alice.load(
          Connections.alice()
              .lifetimes(ike, child)
              .liveness(Duration.ofSeconds(20), DeadPeer.RESTART)
              .connection());
      bob.load(Connections.bob().lifetimes(ike, child).connection());
      alice.begin("net");
      time.pass(Duration.ofMinutes(30));
      network.faults(Network.Faults.NONE);
      time.pass(Duration.ofMinutes(3));
      assertAgree(alice, bob, seed);
      assertEquals(1, established(alice), "seed " + seed);
      assertEquals(1, established(bob), "seed " + seed);
    }
  }

  private static long established(Host host) {
    return host.ike.list().stream()
        .flatMap(view -> view.established().stream())
        .filter(details -> !details.replaced())
        .count();
  }

  /// Both ends begin at the same moment; what comes of it works.
  @Test
  void bothEndsMayBeginAtOnce() {
    for (int seed = 0; seed < 50; seed++) {
      VirtualTime time = new VirtualTime();
      Network network = new Network(time, seed);
      Host alice = new Host(Connections.ALICE, time, network, 10 + seed);
      Host bob = new Host(Connections.BOB, time, network, 20_000 + seed);
      alice.load(Connections.alice().connection());
      bob.load(Connections.bob().connection());
      alice.begin("net");
      bob.begin("net");
      time.pass(Duration.ofMinutes(1));
      assertEquals(alice.spis(Direction.OUTBOUND), bob.spis(Direction.INBOUND), "seed " + seed);
      assertEquals(bob.spis(Direction.OUTBOUND), alice.spis(Direction.INBOUND), "seed " + seed);
      assertTrue(!alice.sas(Direction.OUTBOUND).isEmpty(), "seed " + seed);
    }
  }

  /// RFC 7296 §2.21.1: what is not authentic changes nothing, and raises nothing.
  @Test
  void changedMessagesChangeNothing() {
    VirtualTime time = new VirtualTime();
    Network network = new Network(time, 3);
    Random random = new Random(3);
    network.middlebox(d -> withForgeries(d, random));
    Host alice = new Host(Connections.ALICE, time, network, 1);
    Host bob = new Host(Connections.BOB, time, network, 2);
    Rekeying fast = after(Duration.ofSeconds(30), Duration.ofSeconds(10));
    alice.load(Connections.alice().lifetimes(NEVER, fast).connection());
    bob.load(Connections.bob().lifetimes(fast, NEVER).connection());
    alice.begin("net");
    time.pass(Duration.ofMinutes(5));
    assertAgree(alice, bob, 3);
    assertEquals(1, established(alice));
  }

  /// Before each message: copies with a bit flipped, cut short, lengthened; not the first exchange,
  /// which nothing protects yet.
  private static List<Datagram> withForgeries(Datagram d, Random random) {
    List<Datagram> all = new ArrayList<>();
    if (d.payload()[18] != Header.IKE_SA_INIT) {
      for (int i = 0; i < 5; i++) {
        byte[] flipped = d.payload().clone();
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        all.add(with(d, flipped));
        all.add(with(d, Arrays.copyOf(d.payload(), random.nextInt(d.payload().length))));
        all.add(with(d, Arrays.copyOf(d.payload(), d.payload().length + random.nextInt(20) + 1)));
      }
    }
    all.add(d);
    return all;
  }

  private static Datagram with(Datagram d, byte[] payload) {
    return new Datagram(d.local(), d.localPort(), d.remote(), d.remotePort(), payload);
  }

  /// Random octets, and messages that begin like one of ours, raise nothing and leave nothing.
  @Test
  void garbageRaisesNothing() {
    VirtualTime time = new VirtualTime();
    Network network = new Network(time, 4);
    Host bob = new Host(Connections.BOB, time, network, 2);
    bob.load(Connections.bob().connection());
    Host alice = new Host(Connections.ALICE, time, network, 1);
    alice.load(Connections.alice().connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(1));
    byte[] request = network.seen().getFirst().payload();
    Random random = new Random(4);
    for (int i = 0; i < 30_000; i++) {
      byte[] garbage = i % 3 == 0 ? octets(random) : mutated(request, random);
      network.carry(new Datagram(Connections.ALICE, 500, Connections.BOB, 500, garbage));
      time.pass(Duration.ofMillis(20));
    }
    time.pass(Duration.ofMinutes(2));
    assertEquals(1, bob.ike.list().size(), "half-open ones are forgotten, the good one stays");
    assertAgree(alice, bob, 4);
  }

  private static byte[] octets(Random random) {
    byte[] octets = new byte[random.nextInt(200)];
    random.nextBytes(octets);
    return octets;
  }

  private static byte[] mutated(byte[] request, Random random) {
    byte[] octets = request.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      octets[random.nextInt(octets.length)] = (byte) random.nextInt();
    }
    return octets;
  }

  /// RFC 7296 §2.6: a flood of first requests costs a bounded number of states, and honest peers
  /// still get through.
  @Test
  void aFloodIsBounded() {
    VirtualTime time = new VirtualTime();
    Network network = new Network(time, 5);
    Host bob = new Host(Connections.BOB, time, network, 2);
    bob.load(Connections.bob().connection());
    Host alice = new Host(Connections.ALICE, time, network, 1);
    alice.load(Connections.alice().connection());
    network.middlebox(d -> List.of());
    alice.begin("net");
    time.pass(Duration.ofMillis(500));
    byte[] request = network.seen().getFirst().payload();
    for (int i = 1; i < 2000; i++) {
      byte[] another = request.clone();
      another[0] = (byte) i;
      another[1] = (byte) (i >> 8);
      network.carry(new Datagram(Connections.ALICE, 500, Connections.BOB, 500, another));
      time.pass(Duration.ofMillis(1));
    }
    assertEquals(30, bob.ike.list().size());
    network.middlebox(List::of);
    time.pass(Duration.ofSeconds(10));
    assertAgree(alice, bob, 5);
  }

  /// RFC 7296 §2.5: another major version is told ours.
  @Test
  void anotherMajorVersionIsAnswered() {
    VirtualTime time = new VirtualTime();
    Network network = new Network(time, 6);
    Host bob = new Host(Connections.BOB, time, network, 2);
    byte[] message = new byte[28];
    message[7] = 1;
    message[17] = 0x30;
    message[18] = Header.IKE_SA_INIT;
    message[19] = Header.INITIATOR;
    message[27] = 28;
    network.carry(new Datagram(Connections.ALICE, 500, Connections.BOB, 500, message));
    time.pass(Duration.ofSeconds(1));
    assertEquals(1, bob.count("sent INVALID_MAJOR_VERSION"));
    assertEquals(1, network.seen().size());
  }

  /// RFC 7296 §2.21.4, §1.5: a request for an SPI we do not have is told so, not without bounds.
  @Test
  void anUnknownSpiIsAnsweredAFewTimesASecond() {
    VirtualTime time = new VirtualTime();
    Network network = new Network(time, 7);
    Host bob = new Host(Connections.BOB, time, network, 2);
    byte[] message = new byte[28];
    message[7] = 1;
    message[15] = 9;
    message[17] = 0x20;
    message[18] = Header.INFORMATIONAL;
    message[19] = Header.INITIATOR;
    message[27] = 28;
    for (int i = 0; i < 500; i++) {
      network.carry(new Datagram(Connections.ALICE, 500, Connections.BOB, 500, message));
    }
    time.pass(Duration.ofMillis(500));
    assertEquals(10, bob.count("sent INVALID_IKE_SPI"));
  }
}
