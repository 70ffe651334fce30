package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Datagram;
import espd.ike.Extension;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Transform;
import espd.spd.Ipv6Address;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Additional key exchanges of IKE SAs over a network (RFC 9370 §2.2, RFC 9242).
final class IntermediateTest extends TwoHosts {

  private static final Ipv6Address SOMEBODY = Ipv6Address.parse("2001:db8:66:6::1");
  private static final Transform MLKEM_1024 = Transform.additional(1, 37);
  private static final Transform MLKEM_512 = Transform.additional(2, 35);

  private static Connections hybrid(Connections connections) {
    return connections.ikeProposals(
        Connections.ike(
            Connections.GCM_128,
            Connections.PRF_SHA2_256,
            Connections.X25519,
            MLKEM_1024,
            MLKEM_512));
  }

  private static Connections whole(Connections connections) {
    return connections.with(
        c ->
            c.options(
                connections.connection().options().announcing(Extension.FRAGMENTATION, false)));
  }

  private long longest() {
    return network.seen().stream().mapToInt(d -> d.payload().length).max().orElseThrow();
  }

  private void assertHybrid() {
    for (Host host : List.of(alice, bob)) {
      assertEquals(
          "AES_GCM_16_128/PRF_HMAC_SHA2_256/CURVE_25519/KE1_ML_KEM_1024/KE2_ML_KEM_512",
          host.ike.list().getFirst().established().orElseThrow().suite());
    }
  }

  /// RFC 9242 §3.3.2: what AUTH covers does not know of fragments (RFC 7383).
  @Test
  void messagesThatFitNoPacketGoInFragments() {
    up(hybrid(Connections.alice()), hybrid(Connections.bob()));
    assertHybrid();
    assertTrue(longest() <= 1280 - 48, "nothing needs IP's fragments");
    assertEquals(2, alice.count("IKE_INTERMEDIATE initiator ok"));
    assertEquals(2, bob.count("IKE_INTERMEDIATE responder ok"));
  }

  @Test
  void orWholeWhereThePeerTakesNoFragments() {
    up(hybrid(Connections.alice()), whole(hybrid(Connections.bob())));
    assertHybrid();
    assertTrue(longest() > 1568);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void theyBearLossDuplicationAndDisorder(long seed) {
    Network unreliable = new Network(time, seed);
    alice = new Host(Connections.ALICE, time, unreliable, 10 + seed);
    bob = new Host(Connections.BOB, time, unreliable, 20 + seed);
    unreliable.faults(new Network.Faults(0.15, 0.3, Duration.ofMillis(300)));
    alice.load(hybrid(Connections.alice()).keyingTries(0).connection());
    bob.load(hybrid(Connections.bob()).connection());
    alice.begin("net");
    time.pass(Duration.ofMinutes(5));
    assertProtected(1);
    assertHybrid();
  }

  /// Everybody sees that IKE_INTERMEDIATE goes on, and nobody what is in it (RFC 9242 §3.2).
  @Test
  void anOnlookerSeesOneExchangeForEach() {
    up(whole(hybrid(Connections.alice())), whole(hybrid(Connections.bob())));
    List<String> requests =
        network.seen().stream()
            .map(datagram -> header(datagram.payload()))
            .filter(header -> !header.isResponse())
            .map(Header::toString)
            .toList();
    assertEquals(
        List.of(
            "IKE_SA_INIT request 0",
            "IKE_INTERMEDIATE request 1",
            "IKE_INTERMEDIATE request 2",
            "IKE_AUTH request 3"),
        requests);
  }

  /// RFC 7296 §2.1, §2.6: who has not proven itself can name anybody as the one that its duplicates
  /// come from; what goes out to that one again goes so often and no more.
  @Test
  void anAnswerDoesNotGoToSomebodyElseForEver() {
    network.middlebox(
        d -> header(d.payload()).exchange() == Header.IKE_AUTH ? List.of() : List.of(d));
    alice.load(hybrid(Connections.alice()).connection());
    bob.load(hybrid(Connections.bob()).connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(1));
    Header first = header(network.seen().getLast().payload());
    assertEquals("IKE_AUTH request 3", first.toString());
    Header again =
        new Header(first.spiI(), first.spiR(), Header.IKE_INTERMEDIATE, first.flags(), 2);
    byte[] octets = new Message(again, List.of()).write();
    for (int i = 0; i < 100; i++) {
      bob.ike.receive(new Datagram(Connections.BOB, 500, SOMEBODY, 500, octets));
      time.pass(Duration.ofMillis(1));
    }
    assertEquals(10, network.seen().stream().filter(d -> d.remote().equals(SOMEBODY)).count());
  }

  private static Header header(byte[] octets) {
    try {
      return Header.read(octets);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /// A command ends an attempt between its key exchanges.
  @Test
  void anAttemptIsCancelledBetweenItsKeyExchanges() {
    alice.load(hybrid(Connections.alice()).connection());
    bob.load(hybrid(Connections.bob()).connection());
    network.middlebox(
        d -> header(d.payload()).exchange() == Header.IKE_INTERMEDIATE ? List.of() : List.of(d));
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    assertEquals(1, alice.ike.list().size());
    var down = alice.down("net");
    time.pass(Duration.ofSeconds(1));
    assertTrue(down.join().succeeded());
    assertEquals(List.of(), alice.ike.list());
    time.pass(Duration.ofSeconds(40));
    assertEquals(List.of(), bob.ike.list(), "the responder's patience has an end");
  }
}
