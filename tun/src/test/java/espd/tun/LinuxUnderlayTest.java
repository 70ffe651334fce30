package espd.tun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.Ipv6Address;
import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LinuxUnderlayTest {

  private static final Ipv6Address WEST = Ipv6Address.parse("2001:db8:9::1");
  private static final Ipv6Address EAST = Ipv6Address.parse("2001:db8:9::2");
  private static final int MARK = 4303;
  private static final int ESP = 50;
  private static final int DSCP_EF = 0xb8;

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
    Namespace.join(westHost, "2001:db8:9::1/64", eastHost, "2001:db8:9::2/64");
    west = westHost.call(() -> LinuxUnderlay.open(sockets(WEST)));
    east = eastHost.call(() -> LinuxUnderlay.open(sockets(EAST)));
    sent = new PacketBatch();
    received = new PacketBatch();
  }

  private static LinuxUnderlay.Configuration sockets(Ipv6Address local) {
    return new LinuxUnderlay.Configuration(Set.of(local), OptionalInt.of(4500), MARK);
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

  /// {@return all that arrives until `wanted` packets have}
  private List<byte[]> receive(LinuxUnderlay underlay, int wanted) throws IOException {
    List<byte[]> packets = new ArrayList<>();
    while (packets.size() < wanted && underlay.receive(received, 2000) > 0) {
      for (int slot = 0; slot < received.count(); slot++) {
        packets.add(Batches.packet(received, slot));
      }
    }
    return packets;
  }

  @Test
  void carriesRawPacketsInBatchesWithTheHeaderAsGiven() throws Exception {
    for (int sequence = 0; sequence < PacketBatch.CAPACITY; sequence++) {
      Batches.add(sent, Batches.ipv6(WEST, EAST, ESP, Batches.esp(sequence, 100 + sequence)));
    }

    assertEquals(PacketBatch.CAPACITY, west.send(sent));

    assertEquals(PacketBatch.CAPACITY, east.receive(received, 2000));
    for (int slot = 0; slot < received.count(); slot++) {
      assertArrayEquals(Batches.esp(slot, 100 + slot), Batches.packet(received, slot));
      assertEquals(WEST, Batches.remote(received, slot));
      assertEquals(EAST, Batches.local(received, slot));
      assertEquals(0, received.localPort[slot]);
      assertEquals(0, received.remotePort[slot]);
      assertEquals(61, received.hopLimit[slot]);
      assertEquals(DSCP_EF, received.trafficClass[slot]);
    }
    assertEquals(0, east.receive(received, 0));
  }

  @Test
  void carriesUdpBothWaysWithItsTrafficClass() throws Exception {
    for (int sequence = 0; sequence < 10; sequence++) {
      Batches.addDatagram(sent, WEST, EAST, DSCP_EF | 3, Batches.esp(sequence, 200));
    }
    assertEquals(10, west.send(sent));
    assertEquals(10, receive(east, 10).size());
    assertArrayEquals(Batches.esp(9, 200), Batches.packet(received, received.count() - 1));
    assertEquals(WEST, Batches.remote(received, 0));
    assertEquals(EAST, Batches.local(received, 0));
    assertEquals(4500, received.localPort[0]);
    assertEquals(4500, received.remotePort[0]);
    assertEquals(64, received.hopLimit[0]);
    assertEquals(DSCP_EF | 3, received.trafficClass[0]);

    sent.clear();
    Batches.addDatagram(sent, EAST, WEST, 0, Batches.esp(1, 8));
    assertEquals(1, east.send(sent));
    assertEquals(1, receive(west, 1).size());
    assertEquals(0, received.trafficClass[0]);
  }

  @Test
  void keepsRawAndUdpOfOneBatchApart() throws Exception {
    for (int sequence = 0; sequence < 8; sequence++) {
      Batches.add(sent, Batches.ipv6(WEST, EAST, ESP, Batches.esp(sequence, 8)));
      Batches.addDatagram(sent, WEST, EAST, 0, Batches.esp(sequence, 16));
    }
    sent.drop(3);

    assertEquals(15, west.send(sent));

    List<byte[]> packets = receive(east, 15);
    assertEquals(8, packets.stream().filter(packet -> packet.length == 8).count());
    assertEquals(7, packets.stream().filter(packet -> packet.length == 16).count());
  }

  /// Whoever connects may send through TCP without a pause (RFC 9329).
  @Test
  void streamsLeaveTheSocketsTheirTurn() throws Exception {
    Batches.addDatagram(sent, WEST, EAST, 0, Batches.esp(1, 200));
    Batches.add(sent, Batches.ipv6(WEST, EAST, ESP, Batches.esp(2, 200)));
    assertEquals(2, west.send(sent));
    Set<Integer> ports = new HashSet<>();
    for (int sequence = 0; sequence < 10; sequence++) {
      ByteBuffer packet = ByteBuffer.wrap(Batches.esp(sequence, 100));
      assertTrue(east.streamed(EAST, Streams.FIRST, WEST, 1024, packet));
      assertTrue(east.receive(received, 2000) > 0);
      for (int slot = 0; slot < received.count(); slot++) {
        ports.add(received.localPort[slot]);
      }
    }
    assertEquals(Set.of(0, 4500, Streams.FIRST), ports);
  }

  /// A host that moves: one thread waits for packets all the while.
  @Test
  void receivesAtAddressesThatTheHostGetsLater() throws Exception {
    Ipv6Address second = Ipv6Address.parse("2001:db8:9::3");
    Ipv6Address third = Ipv6Address.parse("2001:db8:9::4");
    eastHost.address("2001:db8:9::3/64", "eth0");
    eastHost.address("2001:db8:9::4/64", "eth0");

    assertMovesTo(second, address -> true);
    assertEquals(Set.of(EAST, second), east.locals());
    assertMovesTo(third, address -> !address.equals(second));
    assertEquals(Set.of(EAST, third), east.locals(), "in the place of the one that is lost");
    assertMovesTo(EAST, address -> true);
  }

  private void assertMovesTo(Ipv6Address local, Predicate<Ipv6Address> isHere) throws Exception {
    CompletableFuture<Integer> arrived =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return receive(east, 2).size();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    eastHost.call(
        () -> {
          east.listen(local, isHere);
          return true;
        });
    sent.clear();
    Batches.addDatagram(sent, WEST, local, 0, Batches.esp(1, 8));
    Batches.add(sent, Batches.ipv6(WEST, local, ESP, Batches.esp(2, 8)));
    assertEquals(2, west.send(sent));
    assertEquals(2, arrived.join());
    assertEquals(local, Batches.local(received, 0));
    sent.clear();
    Batches.addDatagram(sent, local, WEST, 0, Batches.esp(3, 8));
    assertEquals(1, east.send(sent));
    assertEquals(1, receive(west, 1).size());
    assertEquals(local, Batches.remote(received, 0));
  }

  @Test
  void sendsDatagramsOfIkeEvenLongerThanTheLink() throws Exception {
    byte[] certificates = Batches.esp(7, 5000);
    try (PacketBatch large = new PacketBatch()) {
      west.sendDatagram(WEST, 4500, EAST, 4500, certificates);

      assertEquals(1, east.receive(large, 2000));
      assertArrayEquals(certificates, Batches.packet(large, 0));
    }
    assertThrows(
        HostException.class, () -> west.sendDatagram(WEST, 4501, EAST, 4500, certificates));
    assertThrows(HostException.class, () -> west.sendDatagram(EAST, 4500, EAST, 4500, new byte[1]));
    assertThrows(
        HostException.class,
        () -> west.sendDatagram(WEST, 4500, Ipv6Address.parse("2001:db8::1"), 4500, new byte[1]));
  }

  @Test
  void refusesOnlyThePacketsThatCannotGo() throws Exception {
    Ipv6Address nowhere = Ipv6Address.parse("2001:db8:77::1");
    Batches.add(sent, Batches.ipv6(WEST, EAST, ESP, Batches.esp(0, 1460)));
    Batches.add(sent, Batches.ipv6(WEST, EAST, ESP, Batches.esp(1, 1461)));
    Batches.add(sent, Batches.ipv6(WEST, nowhere, ESP, Batches.esp(2, 100)));
    Batches.add(sent, new byte[39]);
    Batches.addDatagram(sent, WEST, EAST, 0, Batches.esp(4, 1452));
    Batches.addDatagram(sent, WEST, EAST, 0, Batches.esp(5, 1453));
    Batches.addDatagram(sent, EAST, EAST, 0, Batches.esp(6, 100));
    Batches.add(sent, Batches.ipv6(WEST, EAST, ESP, Batches.esp(7, 100)));

    assertEquals(3, west.send(sent));

    int[] lengths = new int[sent.count()];
    for (int slot = 0; slot < lengths.length; slot++) {
      lengths[slot] = sent.length(slot);
    }
    assertArrayEquals(new int[] {1500, 0, 0, 0, 1452, 0, 0, 140}, lengths);
    assertEquals(3, receive(east, 3).size());
  }

  @Test
  void icmpErrorsDisturbNeitherSendingNorReceiving() throws Exception {
    east.close();
    for (int round = 0; round < 5; round++) {
      sent.clear();
      Batches.add(sent, Batches.ipv6(WEST, EAST, ESP, Batches.esp(round, 100)));
      Batches.addDatagram(sent, WEST, EAST, 0, Batches.esp(round, 100));
      assertEquals(2, west.send(sent));
      assertEquals(0, west.receive(received, 50));
    }
    long cpu = Batches.cpuNanos();
    assertEquals(0, west.receive(received, 400));
    assertTrue(Batches.cpuNanos() - cpu < 20_000_000, "turned round on queued errors");
    assertEquals(100, sent.length(1));
  }

  @Test
  void closeEndsAWaitingReceive() throws Exception {
    CompletableFuture<Integer> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return east.receive(received, -1);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    Thread.sleep(100);
    assertFalse(waiting.isDone());
    long start = System.nanoTime();

    east.close();

    assertEquals(-1, waiting.get());
    assertTrue(System.nanoTime() - start < 1_000_000_000L);
    assertThrows(ClosedChannelException.class, () -> east.send(sent));
    assertThrows(
        ClosedChannelException.class, () -> east.sendDatagram(EAST, 4500, WEST, 4500, new byte[1]));
  }

  @Test
  void waitsWithoutUsingTheCpu() throws Exception {
    east.receive(received, 100);
    long cpu = Batches.cpuNanos();
    long start = System.nanoTime();

    assertEquals(0, east.receive(received, 600));

    assertTrue(System.nanoTime() - start >= 599_000_000);
    assertTrue(Batches.cpuNanos() - cpu < 20_000_000, "used the CPU while it waited");
  }

  @Test
  void allocatesNothing() throws Exception {
    for (int sequence = 0; sequence < 8; sequence++) {
      Batches.add(sent, Batches.ipv6(WEST, EAST, ESP, Batches.esp(sequence, 100)));
    }
    for (int sequence = 0; sequence < 8; sequence++) {
      Batches.addDatagram(sent, WEST, EAST, 0, Batches.esp(sequence, 100));
    }
    // a sendmmsg for each socket, poll and recvmmsg, for sixteen packets
    Batches.assertAllocatesNothing(
        4,
        () -> {
          west.send(sent);
          east.receive(received, 0);
        });
  }

  @Test
  void waitsForRoomInsteadOfLosing() throws Exception {
    westHost.run("tc qdisc add dev eth0 root tbf rate 1gbit burst 100k limit 100m");
    CompletableFuture<Integer> arrived =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                int packets = 0;
                int some = 1;
                while (some > 0 && packets < 19_200) {
                  some = east.receive(received, 10_000);
                  packets += Math.max(0, some);
                }
                return packets;
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      Batches.add(sent, Batches.ipv6(WEST, EAST, ESP, Batches.esp(i, 1400)));
    }
    int packets = 0;
    for (int round = 0; round < 300; round++) {
      packets += west.send(sent);
    }
    assertEquals(19_200, packets);
    assertEquals(19_200, arrived.get());
  }

  @Test
  void saysThatThePortIsInUse() {
    HostException refusal =
        assertThrows(
            HostException.class, () -> eastHost.call(() -> LinuxUnderlay.open(sockets(EAST))));

    assertEquals(
        "cannot bind UDP port 4500 of 2001:db8:9::2: Address already in use; another IKE daemon"
            + " runs on this host: stop it (\"ss -ulpn\" names it)",
        refusal.getMessage());
  }

  @Test
  void saysThatTheAddressIsNotOfThisHost() {
    HostException refusal =
        assertThrows(
            HostException.class, () -> eastHost.call(() -> LinuxUnderlay.open(sockets(WEST))));

    assertTrue(refusal.toString().contains("no address of this host"), refusal.toString());
  }

  @Test
  void saysWhichCapabilitiesAreMissing() {
    HostException refusal =
        assertThrows(
            HostException.class, () -> eastHost.powerless(() -> LinuxUnderlay.open(sockets(EAST))));

    assertEquals(
        "cannot receive ESP for 2001:db8:9::2: Operation not permitted; run as root, or give the"
            + " process the capabilities CAP_NET_ADMIN and CAP_NET_RAW",
        refusal.getMessage());
  }
}
