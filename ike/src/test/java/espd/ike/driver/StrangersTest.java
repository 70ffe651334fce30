package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.Datagram;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.KeyExchange;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Payload;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What peers may take of us that have not proven who they are (RFC 7296 §2.6, §5).
final class StrangersTest {

  private static final Ipv6Address STRANGER = Ipv6Address.parse("2001:db8:66:6::1");
  private static final int PER_NETWORK = 3;

  private final VirtualTime time = new VirtualTime();
  private final Network network = new Network(time, 1);
  private Host alice;
  private Host bob;

  @BeforeEach
  void twoHosts() {
    Host.Options options =
        new Host.Options(
            Host.Options.USUAL.retransmission(),
            new IkeLimits(30, 8, PER_NETWORK, Duration.ofSeconds(30), 1 << 20, 10, 100));
    alice = new Host(Connections.ALICE, time, network, 10);
    bob = new Host(Connections.BOB, time, network, 20, options);
    alice.load(Connections.alice().connection());
    bob.load(Connections.bob().connection(), open(Connections.bob().connection()));
  }

  private static Connection open(Connection c) {
    return new ConnectionBuilder(c)
        .name("open")
        .remote(Optional.empty())
        .remoteId(Optional.empty())
        .reqid(9)
        .build();
  }

  /// Twenty of a first message, each with an SPI and an address of its own.
  private void forge(byte[] first, IntFunction<Ipv6Address> from) {
    for (int i = 1; i <= 20; i++) {
      ByteBuffer octets = ByteBuffer.allocate(first.length).put(first).putLong(0, i);
      bob.ike.receive(new Datagram(Connections.BOB, 500, from.apply(i), 500, octets.array()));
    }
    time.pass(Duration.ofMillis(100));
  }

  /// A whole /64 is one stranger's to send from.
  @Test
  void aNetworkOfStrangersDoesNotKeepOthersOut() {
    network.middlebox(d -> List.of());
    alice.begin("net");
    time.pass(Duration.ofMillis(100));
    byte[] request = network.seen().getFirst().payload();
    forge(request, i -> new Ipv6Address(STRANGER.high(), i));
    assertEquals(PER_NETWORK, bob.ike.list().size());
    assertEquals(17, bob.count("dropped too many half-open IKE SAs"));
    network.middlebox(List::of);
    time.pass(Duration.ofSeconds(10));
    assertEquals(1, alice.sas(Direction.OUTBOUND).size());
  }

  /// IKEv1 has no cookies to ask for, so that who forges his addresses may fill what it is given:
  /// half of all. IKEv2, which asks for them, has the other half.
  @Test
  void forgedFirstMessagesOfIkev1DoNotKeepIkev2Out() {
    Connection one =
        Ikev1Test.one(new Connections(open(Connections.bob().connection()))).connection();
    bob.load(Connections.bob().connection(), one);
    Host forger = new Host(STRANGER, time, network, 40);
    forger.load(Ikev1Test.one(Connections.from(STRANGER, Connections.BOB)).connection());
    network.middlebox(d -> List.of());
    forger.begin("net");
    time.pass(Duration.ofMillis(100));
    byte[] first = network.seen().getFirst().payload();
    forge(first, i -> new Ipv6Address(STRANGER.high() + i, 1));
    assertEquals(4, bob.ike.list().size());
    network.middlebox(List::of);
    alice.begin("net");
    time.pass(Duration.ofSeconds(3));
    assertEquals(1, alice.sas(Direction.OUTBOUND).size());
  }

  /// RFC 7296 §2.6: a public value that is none costs a key exchange like any other, and nobody has
  /// as many of them as it likes.
  @Test
  void aPublicValueThatIsNoneCountsForAWhile() throws MalformedException {
    network.middlebox(d -> List.of());
    alice.begin("net");
    time.pass(Duration.ofMillis(100));
    Message request = Message.read(network.seen().getFirst().payload());
    for (int i = 1; i <= 20; i++) {
      stranger(weak(request, i));
    }
    assertEquals(PER_NETWORK, bob.count("IKE_SA_INIT responder malformed"));
    assertEquals(17, bob.count("dropped too many half-open IKE SAs"));
    time.pass(Duration.ofSeconds(30));
    stranger(weak(request, 21));
    assertEquals(PER_NETWORK + 1, bob.count("IKE_SA_INIT responder malformed"));
  }

  private void stranger(byte[] octets) {
    bob.ike.receive(new Datagram(Connections.BOB, 500, STRANGER, 500, octets));
    time.pass(Duration.ofMillis(100));
  }

  private static byte[] weak(Message request, long spiI) {
    Header header = request.header();
    List<Payload> payloads =
        request.payloads().stream()
            .map(p -> p instanceof KeyExchange(int method, Bytes data) ? zero(method, data) : p)
            .toList();
    return new Message(
            new Header(spiI, 0, header.exchange(), header.flags(), header.messageId()), payloads)
        .write();
  }

  private static Payload zero(int method, Bytes data) {
    return new KeyExchange(method, Bytes.of(new byte[data.length()]));
  }

  /// The limit here is 1 MiB, of which a datagram takes its octets and some more.
  @Test
  void whatWaitsForTheEventLoopIsBoundedByItsOctets() {
    byte[] long32 = new byte[32 << 10];
    for (int i = 0; i < 100; i++) {
      bob.ike.receive(new Datagram(Connections.BOB, 500, STRANGER, 500, long32));
    }
    assertEquals(69, bob.count("dropped more datagrams than wait to be looked at"));
    time.pass(Duration.ofMillis(100));
    for (int i = 0; i < 4000; i++) {
      bob.ike.receive(new Datagram(Connections.BOB, 500, STRANGER, 500, new byte[0]));
    }
    assertEquals(69, bob.count("dropped more datagrams than wait to be looked at"));
  }

  /// RFC 7296 §2.2: the first message has the id 0.
  @Test
  void aFirstRequestWithAnotherMessageIdIsNone() {
    network.middlebox(d -> List.of());
    alice.begin("net");
    time.pass(Duration.ofMillis(100));
    byte[] request = network.seen().getFirst().payload();
    byte[] octets = ByteBuffer.allocate(request.length).put(request).putInt(20, 1).array();
    bob.ike.receive(new Datagram(Connections.BOB, 500, STRANGER, 500, octets));
    time.pass(Duration.ofMillis(100));
    assertEquals(1, bob.count("dropped a malformed message"));
    assertEquals(0, bob.ike.list().size());
  }

  /// Who has just failed to prove itself may try again, but not as often as it likes.
  @Test
  void whoGuessesSecretsIsSlowedDown() {
    alice.sharedKey = "a guess";
    for (int i = 0; i < PER_NETWORK; i++) {
      var guess = alice.up("net");
      time.pass(Duration.ofSeconds(1));
      assertTrue(guess.isDone());
    }
    alice.sharedKey = bob.sharedKey;
    var known = alice.up("net");
    time.pass(Duration.ofSeconds(10));
    assertFalse(known.isDone());
    time.pass(Duration.ofSeconds(30));
    assertTrue(known.join().succeeded());
  }

  /// A fault of ours on the way of one IKE SA ends that one, tells who waits, and nothing else.
  @Test
  void aFaultEndsOneIkeSaOnly() {
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    Host faulty = new Host(STRANGER, time, network, 30);
    faulty.faulty = true;
    faulty.load(Connections.from(STRANGER, Connections.BOB).connection());
    var up = faulty.up("net");
    time.pass(Duration.ofSeconds(5));
    assertTrue(up.isDone());
    assertFalse(up.join().succeeded());
    assertEquals(List.of(), faulty.ike.list());
    assertEquals(1, alice.sas(Direction.OUTBOUND).size());
  }
}
