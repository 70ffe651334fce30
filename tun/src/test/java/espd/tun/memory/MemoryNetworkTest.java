package espd.tun.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.tun.HostNetwork.Route;
import espd.tun.memory.MemoryNetwork.Faults;
import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class MemoryNetworkTest {

  private static final Ipv6Address WEST = Ipv6Address.parse("2001:db8:9::1");
  private static final Ipv6Address EAST = Ipv6Address.parse("2001:db8:9::2");

  private final PacketBatch batch = new PacketBatch();

  private record Hosts(MemoryNetwork network, MemoryUnderlay west, MemoryUnderlay east) {
    static Hosts on(Faults faults) {
      MemoryNetwork network = new MemoryNetwork(faults);
      return new Hosts(
          network,
          network.underlay(Set.of(WEST), OptionalInt.of(4500)),
          network.underlay(Set.of(EAST), OptionalInt.of(4500)));
    }
  }

  private void add(byte[] octets) {
    int slot = batch.add(MemorySegment.ofArray(octets));
    batch.localPort[slot] = 0;
  }

  /// ESP behind destination options, as transport mode sends it (RFC 8200 §4.1).
  private static byte[] packet(byte... esp) {
    return ByteBuffer.allocate(48 + esp.length)
        .putInt(0x6b800000)
        .putShort((short) (8 + esp.length))
        .put((byte) 60)
        .put((byte) 61)
        .putLong(WEST.high())
        .putLong(WEST.low())
        .putLong(EAST.high())
        .putLong(EAST.low())
        .put(new byte[] {50, 0, 1, 4, 0, 0, 0, 0})
        .put(esp)
        .array();
  }

  @Test
  void receivesARawPacketFromItsEspHeaderOn() throws Exception {
    Hosts hosts = Hosts.on(Faults.NONE);
    add(packet((byte) 1, (byte) 2, (byte) 3));
    add(new byte[39]);
    add(new byte[1501]);

    assertEquals(1, hosts.west.send(batch));
    assertEquals(0, batch.length(1));
    assertEquals(0, batch.length(2));

    assertEquals(1, hosts.east.receive(batch, 0));
    assertArrayEquals(new byte[] {1, 2, 3}, Slots.copy(batch, 0));
    assertEquals(WEST, new Ipv6Address(batch.remoteHigh[0], batch.remoteLow[0]));
    assertEquals(EAST, new Ipv6Address(batch.localHigh[0], batch.localLow[0]));
    assertEquals(61, batch.hopLimit[0]);
    assertEquals(0xb8, batch.trafficClass[0]);
    assertEquals(0, batch.localPort[0]);
  }

  @Test
  void receivesDatagramsAndShowsThemToTheTap() throws Exception {
    Hosts hosts = Hosts.on(Faults.NONE);
    List<WirePacket> seen = new ArrayList<>();
    hosts.network.tap(seen::add);

    hosts.west.sendDatagram(WEST, 4500, EAST, 4500, new byte[] {4});

    assertEquals(1, hosts.east.receive(batch, 0));
    assertEquals(4500, batch.localPort[0]);
    assertEquals(4500, batch.remotePort[0]);
    assertTrue(seen.getFirst().isDatagram());
    assertTrue(hosts.network.deliver(seen.getFirst()));
    assertEquals(1, hosts.east.receive(batch, 0));
    assertThrows(
        IOException.class, () -> hosts.west.sendDatagram(WEST, 500, EAST, 500, new byte[1]));
    assertThrows(
        IllegalArgumentException.class,
        () -> hosts.network.underlay(Set.of(EAST), OptionalInt.empty()));
  }

  @Test
  void losesDoublesAndReordersByTheSeed() throws Exception {
    List<Integer> first = arrivals(new Faults(42, 0.1, 0.1, 0.1));

    assertEquals(first, arrivals(new Faults(42, 0.1, 0.1, 0.1)));
    int lost = 1000 - (int) first.stream().distinct().count();
    int doubled = first.size() - (1000 - lost);
    long late =
        IntStream.range(1, first.size()).filter(i -> first.get(i) < first.get(i - 1)).count();
    assertTrue(lost > 60 && lost < 140, "lost " + lost);
    assertTrue(doubled > 60 && doubled < 140, "doubled " + doubled);
    assertTrue(late > 50 && late < 140, "late " + late);
  }

  private List<Integer> arrivals(Faults faults) throws IOException {
    Hosts hosts = Hosts.on(faults);
    for (int i = 0; i < 1000; i++) {
      hosts.west.sendDatagram(WEST, 4500, EAST, 4500, ByteBuffer.allocate(4).putInt(i).array());
    }
    List<Integer> arrived = new ArrayList<>();
    while (hosts.east.receive(batch, 0) > 0) {
      for (int slot = 0; slot < batch.count(); slot++) {
        arrived.add(ByteBuffer.wrap(Slots.copy(batch, slot)).getInt());
      }
    }
    return arrived;
  }

  @Test
  void closeEndsAWaitingReceiveAndFreesTheAddress() throws Exception {
    Hosts hosts = Hosts.on(Faults.NONE);
    Thread waiting = new Thread(() -> assertEquals(-1, hosts.east.receive(batch, -1)));
    waiting.start();
    Thread.sleep(50);

    hosts.east.close();

    waiting.join();
    hosts.west.sendDatagram(WEST, 4500, EAST, 4500, new byte[1]);
    hosts.network.underlay(Set.of(EAST), OptionalInt.empty()).close();
    assertThrows(IOException.class, () -> hosts.east.send(batch));
  }

  @Test
  void theHostNetworkRemembersItsRoutes() throws Exception {
    Route route = new Route(AddressRange.parse("2001:db8:2::/64"), WEST);
    MemoryHostNetwork host = new MemoryHostNetwork(WEST);
    host.pathMtu(EAST, 1400);

    host.routes(Set.of(), Set.of(route));

    assertEquals(Set.of(route), host.routes());
    assertEquals(WEST, host.localAddressFor(EAST));
    assertEquals(1400, host.pathMtu(EAST));
    assertEquals(1500, host.pathMtu(WEST));
    host.close();
    assertEquals(Set.of(), host.routes());
    assertThrows(IOException.class, () -> host.routes(Set.of(), Set.of()));
    assertFalse(host.routes().contains(route));
  }
}
