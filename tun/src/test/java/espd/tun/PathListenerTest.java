package espd.tun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.Ipv6Address;
import espd.tun.packet.PacketBatch;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the router between two hosts says of packets that its second link has no room for (RFC 4443
/// §3.2).
@Tag("lab")
@Timeout(60)
class PathListenerTest {

  private static final Ipv6Address WEST = Ipv6Address.parse("2001:db8:8::1");
  private static final Ipv6Address EAST = Ipv6Address.parse("2001:db8:9::2");
  private static final int MTU = 1300;
  private static final int ESP = 50;

  @SuppressWarnings("ArrayRecordComponent")
  private record TooBig(Ipv6Address remote, int mtuOctets, byte[] quote, int begins) {}

  private final List<TooBig> told = new ArrayList<>();
  private final Random random = new Random(4443);
  private Namespace westHost;
  private Namespace router;
  private Namespace eastHost;
  private LinuxUnderlay west;
  private LinuxUnderlay east;
  private PacketBatch batch;

  @BeforeEach
  void open() throws Exception {
    westHost = new Namespace();
    router = new Namespace();
    eastHost = new Namespace();
    Namespace.join(westHost, WEST + "/64", router, "2001:db8:8::2/64");
    Namespace.join(
        new Namespace.End(router, "eth1", "2001:db8:9::1/64"),
        new Namespace.End(eastHost, "eth0", EAST + "/64"));
    TunnelledHosts.set(router, "ipv6/conf/all/forwarding", "1");
    router.ip("link set dev eth1 mtu " + MTU);
    westHost.ip("route add 2001:db8:9::/64 via 2001:db8:8::2");
    eastHost.ip("route add 2001:db8:8::/64 via 2001:db8:9::1");
    westHost.run("ping -6 -c 1 -W 5 " + EAST);
    west = westHost.call(() -> LinuxUnderlay.open(sockets(WEST)));
    east = eastHost.call(() -> LinuxUnderlay.open(sockets(EAST)));
    west.follow(
        (high, low, mtu, quote, begins) ->
            told.add(
                new TooBig(
                    new Ipv6Address(high, low),
                    mtu,
                    quote.toArray(ValueLayout.JAVA_BYTE),
                    begins)));
    batch = new PacketBatch();
  }

  private static LinuxUnderlay.Configuration sockets(Ipv6Address local) {
    return new LinuxUnderlay.Configuration(Set.of(local), OptionalInt.of(4500), 4303);
  }

  @AfterEach
  void close() {
    west.close();
    east.close();
    westHost.close();
    router.close();
    eastHost.close();
    batch.close();
  }

  private byte[] octets(int count) {
    byte[] octets = new byte[count];
    random.nextBytes(octets);
    return octets;
  }

  private void listen(int wanted) throws Exception {
    listenUntil(wanted);
    assertEquals(wanted, told.size());
  }

  /// The host may say it once more: what it refuses is tried again.
  private void listenUntil(int least) throws Exception {
    for (int tries = 0; tries < 20 && told.size() < least; tries++) {
      try (PacketBatch nothing = new PacketBatch()) {
        assertEquals(0, west.receive(nothing, 50));
      }
    }
    assertTrue(told.size() >= least, told.size() + " of " + least);
  }

  private void assertTold(TooBig tooBig, int begins, byte[] packet) {
    assertEquals(EAST, tooBig.remote());
    assertEquals(MTU, tooBig.mtuOctets());
    assertEquals(begins, tooBig.begins());
    assertTrue(tooBig.quote().length >= 100, tooBig.quote().length + " octets are quoted");
    byte[] quoted = Arrays.copyOf(packet, tooBig.quote().length);
    byte[] quote = tooBig.quote();
    if (begins == PathListener.IPV6) {
      quoted[7]--; // the hop limit, once routed
      quote[7] = quoted[7];
    }
    assertArrayEquals(quoted, quote);
  }

  /// The host has learnt by then: it refuses the next itself, and says so.
  @Test
  void ofARawPacketItQuotesTheIpv6Header() throws Exception {
    byte[] fits = Batches.ipv6(WEST, EAST, ESP, octets(MTU - 40));
    byte[] tooLong = Batches.ipv6(WEST, EAST, ESP, octets(MTU - 40 + 1));
    for (int round = 1; round <= 3; round++) {
      batch.clear();
      Batches.add(batch, tooLong);
      Batches.add(batch, fits);

      assertEquals(round == 1 ? 2 : 1, west.send(batch));
      assertEquals(fits.length, batch.length(1));

      listen(round);
      assertTold(told.getFirst(), PathListener.IPV6, tooLong);
      assertEquals(MTU, told.getLast().mtuOctets());
      assertEquals(1, east.receive(batch, 2000));
      assertEquals(MTU - 40, batch.length(0));
    }
  }

  /// RFC 3948: behind the UDP header is ESP's. The host has learnt by then: it refuses the next and
  /// says so, or fragments it where it may.
  @Test
  void ofADatagramItQuotesTheEspHeader() throws Exception {
    byte[] tooLong = octets(MTU - 40 - 8 + 1);
    Batches.addDatagram(batch, WEST, EAST, 0, tooLong);

    assertEquals(1, west.send(batch));
    listen(1);
    assertTold(told.getFirst(), PathListener.ESP, tooLong);

    assertEquals(0, west.send(batch));
    listenUntil(2);
    assertToldByTheHost(MTU);
    told.clear();
    batch.clear();
    Batches.addDatagram(batch, WEST, EAST, 0, tooLong);
    batch.fragmentable[0] = true;
    Batches.addDatagram(batch, WEST, EAST, 0, octets(MTU - 40 - 8));
    assertEquals(2, west.send(batch));
    int arrived = 0;
    while (arrived < 2) {
      int some = east.receive(batch, 2000);
      assertTrue(some > 0, arrived + " arrived");
      arrived += some;
    }
    listen(0);
  }

  /// What is longer than the link itself takes meets no router.
  @Test
  void theHostSaysWhatItsOwnLinkTakes() throws Exception {
    westHost.ip("link set dev eth0 mtu 1400");
    for (boolean udp : new boolean[] {false, true}) {
      batch.clear();
      told.clear();
      if (udp) {
        Batches.addDatagram(batch, WEST, EAST, 0, octets(1400 - 40 - 8 + 1));
      } else {
        Batches.add(batch, Batches.ipv6(WEST, EAST, ESP, octets(1400 - 40 + 1)));
      }

      assertEquals(0, west.send(batch));

      listenUntil(1);
      assertToldByTheHost(1400);
    }
  }

  private void assertToldByTheHost(int mtu) {
    assertEquals(EAST, told.getLast().remote());
    assertEquals(mtu, told.getLast().mtuOctets());
    assertEquals(PathListener.NOTHING, told.getLast().begins());
    assertEquals(0, told.getLast().quote().length);
  }

  /// A message for several datagrams, which the host cuts before they are on the link: each is
  /// answered, and each answer quotes its own.
  @Test
  void eachDatagramOfAMessageIsQuoted() throws Exception {
    westHost.ip("link set dev eth0 gso_max_size 1500");
    List<byte[]> datagrams = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      datagrams.add(octets(1400));
      Batches.addDatagram(batch, WEST, EAST, 0, datagrams.getLast());
    }

    assertEquals(20, west.send(batch));

    listen(20);
    for (int i = 0; i < 20; i++) {
      assertTold(told.get(i), PathListener.ESP, datagrams.get(i));
    }
  }
}
