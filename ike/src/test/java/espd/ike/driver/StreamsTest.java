package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection.Rekeying;
import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.Tcp;
import espd.ike.exchange.Path;
import espd.ike.net.TcpStreams;
import espd.spd.Direction;
import espd.spd.InboundSa;
import espd.spd.Ipv6Address;
import espd.spd.Sa;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// IKE and ESP through TCP streams (RFC 9329): the streams and frames of the program, over
/// connections in memory.
final class StreamsTest extends TwoHosts {

  private static final Ipv6Address STRANGER = Ipv6Address.parse("2001:db8:3:3::3");
  private static final TcpStreams.Limits LIMITS = TcpStreams.Limits.STANDARD;
  private static final String TOO_LONG = "dropped a TCP connection without an IKE SA was closed";

  private MemoryTcp tcp;
  private StreamEnd atAlice;
  private StreamEnd atBob;
  private TcpStreams alices;
  private TcpStreams bobs;

  private static StreamEnd heard(Host host) {
    return new StreamEnd(host, new ArrayList<>(), new ArrayList<>());
  }

  @BeforeEach
  void streams() throws Exception {
    atAlice = heard(alice);
    atBob = heard(bob);
    tcp = new MemoryTcp(time);
    alices = new TcpStreams(tcp.at(Connections.ALICE), atAlice, LIMITS);
    bobs = new TcpStreams(tcp.at(Connections.BOB), atBob, LIMITS);
    network.streams(Connections.ALICE, alices);
    network.streams(Connections.BOB, bobs);
    bobs.listen(Set.of(Connections.BOB), Set.of(Datagram.NAT_PORT));
  }

  private static Connections alice(Tcp.Use use) {
    Connections usual = Connections.alice();
    Tcp through = new Tcp(use, Datagram.NAT_PORT, false);
    return usual.with(c -> c.options(usual.connection().options().tcp(through)));
  }

  /// A firewall that lets no datagram pass.
  private void udpIsBlocked() {
    network.middlebox(datagram -> List.of());
  }

  private static Path path(Host host) {
    return host.ike.list().getLast().path();
  }

  private static List<Long> ikeSas(Host host) {
    return host.ike.list().stream().map(IkeSaView::localSpi).toList();
  }

  /// RFC 9329 §3.2: packets of both directions go through the stream that their SAs name.
  private void assertEspPasses() {
    assertEspPasses("");
  }

  private void assertEspPasses(String when) {
    assertProtected(1);
    atAlice.esp().clear();
    atBob.esp().clear();
    assertTrue(sends(alices, alice, "to bob"), when);
    assertTrue(sends(bobs, bob, "to alice"), when);
    time.pass(Duration.ofMillis(20));
    assertArrayEquals(octets("to bob"), atBob.esp().getLast());
    assertArrayEquals(octets("to alice"), atAlice.esp().getLast());
    assertEquals(number(bob, Direction.INBOUND), atBob.numbers().getLast());
    assertEquals(number(alice, Direction.INBOUND), atAlice.numbers().getLast());
  }

  private static boolean sends(TcpStreams streams, Host host, String packet) {
    return streams.sendEsp(number(host, Direction.OUTBOUND), ByteBuffer.wrap(octets(packet)));
  }

  private static int number(Host host, Direction direction) {
    Sa sa = host.sas(direction).getFirst();
    return sa.parameters().encapsulation().orElseThrow().localPort();
  }

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  // --- when TCP is used --------------------------------------------------------------------------

  /// RFC 9329 §5.1: UDP first, TCP when it is not answered; the next attempt begins with UDP again,
  /// for the network may be another by then.
  @Test
  void triesUdpFirstEachTimeAndFallsBackToTcpWhenItIsNotAnswered() {
    udpIsBlocked();
    up(alice(Tcp.Use.FALLBACK), Connections.bob());
    assertEquals(2, network.seen().size(), "an IKE_SA_INIT request and one again");
    assertTrue(alice.lines.contains("no answer over UDP, falling back to TCP"));
    assertEquals(List.of(Connections.ALICE), tcp.initiators());
    assertTrue(path(alice).isStream() && path(bob).isStream());
    assertEspPasses();

    network.middlebox(List::of);
    goesDown();
    assertEquals(0, tcp.ends(), "nobody uses the stream any more");
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    assertProtected(1);
    assertFalse(path(alice).isStream(), "UDP passes again");
    assertEquals(1, tcp.initiators().size());
  }

  private void goesDown() {
    var _ = alice.down("net");
    time.pass(Duration.ofSeconds(5));
    assertEquals(List.of(), ikeSas(alice));
    assertEquals(List.of(), ikeSas(bob));
  }

  @Test
  void doesNotTryUdpWhereTheConnectionSaysTcp() {
    up(alice(Tcp.Use.YES), Connections.bob());
    assertEquals(List.of(), network.seen());
    assertEspPasses();
    goesDown();
    assertEquals(0, tcp.ends());
  }

  @Test
  void doesNotTryTcpWhereTheConnectionDoesNotSaySo() {
    udpIsBlocked();
    alice.load(alice(Tcp.Use.NO).keyingTries(1).connection());
    alice.begin("net");
    time.pass(Duration.ofMinutes(3));
    assertEquals(List.of(), tcp.initiators());
    assertEquals(List.of(), ikeSas(alice));
  }

  /// RFC 9329 §6.1: a connection that is refused is tried again whenever the request is sent again.
  @Test
  void aPeerThatDoesNotListenYetIsAskedAgain() {
    tcp.refusing(true);
    alice.load(alice(Tcp.Use.YES).connection());
    bob.load(Connections.bob().connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(4));
    assertTrue(tcp.initiators().size() >= 2, tcp.initiators()::toString);
    tcp.refusing(false);
    time.pass(Duration.ofSeconds(10));
    assertEspPasses();
  }

  /// RFC 9329 §3: TCP keeps no bounds of messages; a frame may come octet by octet.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 1000})
  void framesMayComeInAnyPieces(int octets) {
    tcp.pieces(octets);
    up(alice(Tcp.Use.YES), Connections.bob());
    assertEspPasses();
  }

  // --- a stream breaks ---------------------------------------------------------------------------

  /// RFC 9329 §6.1: SAs outlive their stream, and the original initiator makes another at once.
  @Test
  void theInitiatorConnectsAgainAndTheSasStay() {
    up(alice(Tcp.Use.YES), Connections.bob());
    List<Long> hers = ikeSas(alice);
    List<Long> his = ikeSas(bob);
    List<Integer> spis = alice.spis(Direction.INBOUND);
    int first = number(bob, Direction.OUTBOUND);
    for (int n = 2; n <= 4; n++) {
      time.pass(Duration.ofMinutes(1));
      tcp.cut();
      time.pass(Duration.ofSeconds(1));
      assertEquals(n, tcp.initiators().size());
      assertEspPasses();
    }
    assertEquals(Set.of(Connections.ALICE), Set.copyOf(tcp.initiators()));
    assertTrue(number(bob, Direction.OUTBOUND) > first, "what bob sends follows");
    assertEquals(hers, ikeSas(alice));
    assertEquals(his, ikeSas(bob));
    assertEquals(spis, alice.spis(Direction.INBOUND));
    assertEquals(2, tcp.ends());
  }

  /// RFC 9329 §6.1: the responder does not connect; what it asks waits for the initiator's stream.
  @Test
  void theResponderWaitsForTheInitiatorToConnect() {
    up(alice(Tcp.Use.YES), Connections.bob());
    List<Long> his = ikeSas(bob);
    tcp.refusing(true);
    tcp.cut();
    var _ = bob.ike.rekey((ikeSa, child) -> true);
    time.pass(Duration.ofSeconds(8));
    assertFalse(tcp.initiators().contains(Connections.BOB));
    assertFalse(sends(bobs, bob, "to nobody"));
    tcp.refusing(false);
    time.pass(Duration.ofSeconds(20));
    assertEquals(1, bob.count("CREATE_CHILD_SA initiator ok"));
    assertFalse(tcp.initiators().contains(Connections.BOB));
    assertEquals(his, ikeSas(bob));
    assertEspPasses();
  }

  /// RFC 9329 §6.1, RFC 7296 §1.3.2: whoever rekeyed the IKE SA since, it is the first initiator
  /// that connects.
  @Test
  void afterTheResponderHasRekeyedTheIkeSaTheFirstInitiatorStillConnects() {
    up(alice(Tcp.Use.YES), Connections.bob());
    var _ = bob.ike.rekey((IkeSaView ikeSa) -> true);
    time.pass(Duration.ofSeconds(5));
    assertEquals(1, bob.count("CREATE_CHILD_SA initiator ok"));
    tcp.cut();
    time.pass(Duration.ofSeconds(5));
    assertEquals(List.of(Connections.ALICE, Connections.ALICE), tcp.initiators());
    assertEspPasses();
  }

  /// RFC 9329 §6.1: an authentic packet of ESP moves the responder, too.
  @Test
  void espFromAnotherStreamOfTheInitiatorMovesTheResponder() {
    up(alice(Tcp.Use.YES), Connections.bob());
    int before = number(bob, Direction.OUTBOUND);
    InboundSa his = (InboundSa) bob.sas(Direction.INBOUND).getFirst();
    bob.ike.carried(
        his, new Path(Connections.BOB, before + 2, Connections.ALICE, /* remotePort= */ 50_000));
    time.pass(Duration.ofSeconds(1));
    assertEquals(before + 2, number(bob, Direction.OUTBOUND));
    InboundSa hers = (InboundSa) alice.sas(Direction.INBOUND).getFirst();
    int ours = number(alice, Direction.OUTBOUND);
    alice.ike.carried(
        hers, new Path(Connections.ALICE, ours + 2, Connections.BOB, Datagram.NAT_PORT));
    time.pass(Duration.ofSeconds(1));
    assertEquals(ours, number(alice, Direction.OUTBOUND), "who begins the streams knows best");
  }

  /// RFC 9329 §6.1: the stream may break at any moment of a handshake and of a rekeying.
  @Test
  void aStreamThatBreaksInAnExchangeIsMadeAnewAndTheExchangeGoesOn() throws Exception {
    for (int millis = 0; millis < 120; millis++) {
      twoHosts();
      streams();
      alice.load(alice(Tcp.Use.YES).connection());
      bob.load(Connections.bob().connection());
      alice.begin("net");
      time.pass(Duration.ofMillis(millis));
      tcp.cut();
      time.pass(Duration.ofSeconds(20));
      String when = "cut after " + millis + " ms";
      assertEquals(1, alice.ike.list().size(), when);
      assertEquals(ikeSas(alice).size(), ikeSas(bob).size(), when);
      assertEspPasses(when);

      var _ = alice.ike.rekey((ikeSa, child) -> true);
      time.pass(Duration.ofMillis(millis));
      tcp.cut();
      time.pass(Duration.ofSeconds(20));
      assertEquals(1, alice.count("CREATE_CHILD_SA initiator ok"), when);
      assertEspPasses("rekeying, " + when);
    }
  }

  // --- strangers ---------------------------------------------------------------------------------

  private Channel stranger(String hex) {
    Channel channel =
        tcp.connect(
                new Datagram(STRANGER, 0, Connections.BOB, Datagram.NAT_PORT, new byte[0]),
                new ChannelInboundHandlerAdapter())
            .channel();
    time.pass(Duration.ofMillis(20));
    says(channel, HexFormat.of().parseHex(hex));
    return channel;
  }

  private void says(Channel channel, byte[] octets) {
    var _ = channel.writeAndFlush(Unpooled.copiedBuffer(octets));
    time.pass(Duration.ofMillis(20));
  }

  /// RFC 9329 §4: what does not begin as IKE over TCP is closed; §3: a length of 0 or 1, which
  /// cannot be, is fatal.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      textBlock =
          """
          another protocol,              16030100a5, NOT_IKETCP
          a prefix that goes wrong,      494b455444, NOT_IKETCP
          a length of 0,                 494b455443500000, BAD_FRAME
          a length of 1,                 494b455443500001, BAD_FRAME
          a length of 0 behind a frame,  494b45544350000affffffff000000010000, BAD_FRAME
          """)
  void aConnectionThatIsNotIkesIsClosed(String what, String octets, String why) {
    Channel channel = stranger(octets);
    assertFalse(channel.isOpen(), what);
    assertEquals(1, bob.count("dropped " + DropReason.valueOf(why).sentence()));
    assertEquals(0, bobs.count());
  }

  /// RFC 9329 §10: what a stranger says slowly, or announces and does not say, holds a connection
  /// for half a minute and a frame's memory, however much of it there is; others are not held up.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      textBlock =
          """
          nothing and then a prefix,  '',                    494b455443507000
          a frame of 65535 octets,    494b45544350ffff0000,  0000
          """)
  void aSlowStrangerIsClosedInTimeThoughItGoesOnToSpeak(String what, String before, String slow) {
    Channel channel = stranger(before);
    byte[] octets = Arrays.copyOf(HexFormat.of().parseHex(slow), 25);
    up(alice(Tcp.Use.YES), Connections.bob());
    for (byte octet : octets) {
      assertTrue(channel.isOpen());
      says(channel, new byte[] {octet});
      time.pass(Duration.ofMillis(900));
    }
    time.pass(Duration.ofSeconds(5));
    assertFalse(channel.isOpen(), what);
    assertEquals(1, bob.count(TOO_LONG));
    assertEquals(1, bobs.count(), "alice's");
    assertEspPasses();
  }

  /// RFC 9329 §10: so is one that begins an IKE SA and goes no further.
  @Test
  void aPeerThatProvesNothingIsClosedInTime() {
    bob.load(Connections.bob().connection());
    alice.load(alice(Tcp.Use.YES).connection());
    alice.sharedKey = "wrong";
    alice.begin("net");
    time.pass(Duration.ofSeconds(31));
    assertEquals(List.of(), ikeSas(bob));
    assertEquals(0, bobs.count());
    assertEquals(0, tcp.ends());
  }

  /// RFC 9329 §10: connections of one network are few; one that an IKE SA uses does not count.
  @Test
  void strangersAreFewAndAPeerIsNone() {
    up(alice(Tcp.Use.YES).lifetimes(Rekeying.NEVER, Rekeying.NEVER), Connections.bob());
    for (int n = 0; n < 40; n++) {
      stranger("494b4554435000");
    }
    assertEquals(1 + LIMITS.strangersPerNetwork(), bobs.count());
    assertEquals(
        40 - LIMITS.strangersPerNetwork(),
        bob.count("dropped too many TCP connections without an IKE SA"));
    time.pass(Duration.ofSeconds(31));
    assertEquals(1, bobs.count());
    assertEspPasses();
  }
}
