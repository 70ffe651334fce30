package espd.tun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.Ipv6Address;
import espd.tun.packet.PacketBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Datagrams that the host cuts from one message and joins into one (UDP_SEGMENT, UDP_GRO; udp(7)),
/// between two hosts of which the one has two addresses.
@Tag("lab")
@Timeout(60)
class UnderlaySegmentsTest {

  private static final Ipv6Address WEST = Ipv6Address.parse("2001:db8:9::1");
  private static final Ipv6Address EAST = Ipv6Address.parse("2001:db8:9::2");
  private static final Ipv6Address OTHER = Ipv6Address.parse("2001:db8:9::3");

  /// What a datagram on a link of 1500 octets has room for.
  private static final int LONGEST = 1500 - 40 - 8;

  private static final int MOST = 65_535 - 8;

  /// Of datagrams in one message: with the headers of UDP, IPv6 and the link, below 65,536.
  private static final int MOST_TOGETHER = MOST - 40 - 32;

  private static final int PORT = 4500;
  private static final int FRAGMENT = 44;
  private static final int ESP = 50;

  private final Random random = new Random(4303);
  private Namespace westHost;
  private Namespace eastHost;
  private LinuxUnderlay west;
  private LinuxUnderlay east;
  private PacketBatch sent;
  private PacketBatch received;

  @BeforeEach
  void open() throws Exception {
    westHost = new Namespace();
    eastHost = new Namespace();
    Namespace.join(westHost, WEST + "/64", eastHost, EAST + "/64");
    eastHost.address(OTHER + "/64", "eth0");
    westHost.run("ping -6 -c 1 -W 5 " + OTHER);
    west = westHost.call(() -> LinuxUnderlay.open(sockets(WEST)));
    east = eastHost.call(() -> LinuxUnderlay.open(sockets(EAST, OTHER)));
    sent = new PacketBatch();
    received = new PacketBatch();
  }

  private static LinuxUnderlay.Configuration sockets(Ipv6Address... locals) {
    return new LinuxUnderlay.Configuration(Set.of(locals), OptionalInt.of(PORT), 4303);
  }

  @AfterEach
  void close() {
    west.close();
    east.close();
    westHost.close();
    eastHost.close();
    sent.close();
    received.close();
  }

  /// A packet with what was said beside it.
  private record Arrived(Ipv6Address local, int trafficClass, String octets) {}

  private void add(Ipv6Address remote, int trafficClass, int octets) {
    byte[] payload = new byte[octets];
    random.nextBytes(payload);
    Batches.addDatagram(sent, WEST, remote, trafficClass, payload);
  }

  private static String text(byte[] octets) {
    return octets.length + " octets, hash " + java.util.Arrays.hashCode(octets);
  }

  private List<Arrived> sentTo(Ipv6Address remote) {
    List<Arrived> packets = new ArrayList<>();
    for (int slot = 0; slot < sent.count(); slot++) {
      if (sent.length(slot) > 0 && Batches.remote(sent, slot).equals(remote)) {
        packets.add(new Arrived(remote, sent.trafficClass[slot], text(Batches.packet(sent, slot))));
      }
    }
    return packets;
  }

  /// Receives `wanted` packets.
  private List<Arrived> receive(int wanted) throws Exception {
    List<Arrived> packets = new ArrayList<>();
    while (packets.size() < wanted && east.receive(received, 2000) > 0) {
      for (int slot = 0; slot < received.count(); slot++) {
        assertEquals(WEST, Batches.remote(received, slot));
        assertEquals(PORT, received.remotePort[slot]);
        assertEquals(PORT, received.localPort[slot]);
        assertEquals(64, received.hopLimit[slot]);
        packets.add(
            new Arrived(
                Batches.local(received, slot),
                received.trafficClass[slot],
                text(Batches.packet(received, slot))));
      }
    }
    assertEquals(0, east.receive(received, 0), "more arrived than was sent");
    return packets;
  }

  private static List<Arrived> at(Ipv6Address local, List<Arrived> packets) {
    return packets.stream().filter(packet -> packet.local().equals(local)).toList();
  }

  /// Sends the batch, and compares all that arrives.
  private int assertArrives() throws Exception {
    int packets = west.send(sent);
    List<Arrived> arrived = receive(packets);
    assertEquals(packets, arrived.size());
    assertEquals(sentTo(EAST), at(EAST, arrived));
    assertEquals(sentTo(OTHER), at(OTHER, arrived));
    return packets;
  }

  private long messages() throws Exception {
    return TunnelledHosts.counter(westHost, "Udp6OutDatagrams");
  }

  @Test
  void equalDatagramsAndAShorterOneAreOneMessageAsFarAsItGoes() throws Exception {
    for (int i = 0; i < PacketBatch.CAPACITY - 1; i++) {
      add(EAST, 0, 1000);
    }
    add(EAST, 0, 7);
    long before = messages();

    assertEquals(PacketBatch.CAPACITY, assertArrives());

    assertEquals(1, messages() - before);
    assertTrue(TunnelledHosts.counter(eastHost, "Udp6InDatagrams") < 10, "nothing was joined");
  }

  @Test
  void aLongerDatagramAndAnotherPeerAndAnotherTrafficClassBeginAMessage() throws Exception {
    for (int octets : new int[] {100, 100, 1400, 1400, 50, 50, 1400}) {
      add(EAST, 0, octets);
    }
    for (Ipv6Address peer : new Ipv6Address[] {EAST, EAST, OTHER, OTHER, EAST, OTHER, EAST}) {
      add(peer, 2, 1200);
    }
    add(EAST, 0xb8, 1200);
    add(EAST, 0xb8, 1199);
    sent.drop(8);
    long before = messages();

    assertEquals(15, assertArrives());

    // 100+100, 1400+1400+50, 50, 1400; E, O+O, E, O, E; E+E.
    assertEquals(4 + 5 + 1, messages() - before);
  }

  /// 64 · 1022 fit one message, and 64 · 1023 need two; so do 46 · 1422 and one more octet. What
  /// the one host sends as a message, the other gets as one: nobody has cut it on the way.
  @ParameterizedTest
  @ValueSource(ints = {1022, 1023, 1422, 1423, LONGEST})
  void aMessageIsNoLongerThanALinkTakesWhole(int octets) throws Exception {
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      add(EAST, 0, octets);
    }
    long before = messages();
    long arrivedBefore = TunnelledHosts.counter(eastHost, "Udp6InDatagrams");

    assertEquals(PacketBatch.CAPACITY, assertArrives());

    int inOne = MOST_TOGETHER / octets;
    int messages = Math.ceilDiv(PacketBatch.CAPACITY, inOne);
    assertEquals(messages, messages() - before);
    long arrived = TunnelledHosts.counter(eastHost, "Udp6InDatagrams") - arrivedBefore;
    assertEquals(messages, arrived, "messages that came whole");
  }

  /// RFC 8200 §5: the host fragments what it may; the rest it refuses, and nothing else.
  @ParameterizedTest
  @ValueSource(ints = {LONGEST + 1, 5000, MOST})
  void onlyADatagramThatMayBeFragmentedIsLongerThanTheLink(int octets) throws Exception {
    add(EAST, 0, LONGEST);
    add(EAST, 0, octets);
    if (octets < MOST) {
      add(EAST, 0, octets);
    }
    add(OTHER, 0, 100);
    assertEquals(2, assertArrives());
    assertEquals(0, sent.length(1));

    sent.clear();
    add(EAST, 0x20, octets);
    sent.fragmentable[0] = true;
    add(EAST, 0x20, 100);
    assertEquals(2, assertArrives());
  }

  /// Whatever the batch, what can go arrives: each datagram in its bounds, in the order of its
  /// peer, with its traffic class.
  @Test
  void anyBatchArrivesWholeAndInOrder() throws Exception {
    for (int round = 0; round < 300; round++) {
      sent.clear();
      int run = 0;
      int octets = 0;
      Ipv6Address peer = EAST;
      while (sent.hasRoom(PacketBatch.LEAST_OCTETS + 64)) {
        if (run-- <= 0) {
          run = random.nextInt(12);
          octets = 1 + random.nextInt(random.nextInt(10) == 0 ? 1600 : LONGEST);
          peer = random.nextInt(3) == 0 ? OTHER : EAST;
        }
        add(peer, random.nextInt(8) == 0 ? 2 : 0, random.nextInt(9) == 0 ? octets / 2 + 1 : octets);
        sent.fragmentable[sent.count() - 1] = random.nextInt(10) == 0;
        if (random.nextInt(10) == 0) {
          sent.drop(sent.count() - 1);
        }
      }
      int able = 0;
      for (int slot = 0; slot < sent.count(); slot++) {
        boolean goes = sent.length(slot) <= LONGEST || sent.fragmentable[slot];
        able += sent.length(slot) > 0 && goes ? 1 : 0;
      }
      assertEquals(able, assertArrives());
    }
  }

  @Test
  void whatOneBatchDoesNotTakeComesWithTheNext() throws Exception {
    List<Arrived> all = new ArrayList<>();
    for (int burst = 0; burst < 5; burst++) {
      sent.clear();
      for (int i = 0; i < 50; i++) {
        add(EAST, 4 * burst, 600 + burst);
      }
      assertEquals(50, west.send(sent));
      all.addAll(sentTo(EAST));
    }

    List<Arrived> arrived = new ArrayList<>();
    int batches = 0;
    for (; arrived.size() < 250; batches++) {
      assertTrue(east.receive(received, 2000) > 0);
      for (int slot = 0; slot < received.count(); slot++) {
        arrived.add(
            new Arrived(EAST, received.trafficClass[slot], text(Batches.packet(received, slot))));
      }
    }
    assertEquals(all, arrived);
    assertTrue(batches >= 4 && batches <= 10, batches + " batches");
  }

  /// Datagrams longer than a batch has room for at once: one of these and some short ones, as often
  /// as it takes.
  @Test
  void longDatagramsComeInAsManyBatchesAsTheyNeed() throws Exception {
    for (int round = 0; round < 3; round++) {
      sent.clear();
      add(EAST, 0, MOST);
      sent.fragmentable[0] = true;
      add(EAST, 0, 1000);
      assertEquals(2, west.send(sent));
    }
    List<Integer> lengths = new ArrayList<>();
    while (lengths.size() < 6) {
      assertTrue(east.receive(received, 2000) > 0);
      for (int slot = 0; slot < received.count(); slot++) {
        lengths.add(received.length(slot));
      }
    }
    assertEquals(List.of(MOST, 1000, MOST, 1000, MOST, 1000), lengths);
  }

  /// RFC 4303 §3.4.1: the host puts fragments together before ESP sees them.
  @Test
  void fragmentedEspArrivesWhole() throws Exception {
    byte[] packet = new byte[60_000];
    random.nextBytes(packet);
    for (int at = 0; at < packet.length; at += 1448) {
      int octets = Math.min(1448, packet.length - at);
      int more = at + octets < packet.length ? 1 : 0;
      byte[] fragment =
          ByteBuffer.allocate(8 + octets)
              .putShort((short) (ESP << 8))
              .putShort((short) (at | more))
              .putInt(7)
              .put(packet, at, octets)
              .array();
      Batches.add(sent, Batches.ipv6(WEST, EAST, FRAGMENT, fragment));
    }

    assertEquals(42, west.send(sent));

    assertEquals(1, east.receive(received, 2000));
    assertArrayEquals(packet, Batches.packet(received, 0));
    assertEquals(0, received.localPort[0]);
    assertEquals(WEST, Batches.remote(received, 0));
    assertEquals(EAST, Batches.local(received, 0));
  }

  /// An error that an earlier packet met is no failure of this one.
  @Test
  void aDatagramOfIkeGoesAfterAnIcmpError() throws Exception {
    east.close();
    westHost.run("ping -6 -c 1 -W 5 " + EAST);
    for (int i = 0; i < 3; i++) {
      west.sendDatagram(WEST, PORT, EAST, PORT, new byte[100]);
      Thread.sleep(50);
    }
    assertEquals(3, messages());
    assertThrows(
        HostException.class, () -> west.sendDatagram(WEST, PORT, EAST, PORT, new byte[70_000]));
  }

  @Test
  void allocatesNothing() throws Exception {
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      add(i % 16 < 12 ? EAST : OTHER, 0, i % 16 == 11 ? 100 : 1400);
    }
    LongAdder packets = new LongAdder();
    // sendmmsg, and twice poll and recvmmsg, for sixty-four packets
    Batches.assertAllocatesNothing(
        5,
        () -> {
          west.send(sent);
          packets.add(Math.max(0, east.receive(received, 0)));
          packets.add(Math.max(0, east.receive(received, 0)));
        });
    long arrived = packets.sum();
    assertTrue(arrived > 100_000, arrived + " packets arrived");
    long messages = TunnelledHosts.counter(eastHost, "Udp6InDatagrams");
    assertTrue(messages < arrived / 4, messages + " messages for " + arrived + " packets");
  }
}
