package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.QueueUnderlay.Wire;
import espd.dataplane.tap.RecordRing;
import espd.dataplane.tap.Recording;
import espd.dataplane.tap.Side;
import espd.dataplane.tap.Wish;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Mode;
import espd.spd.UdpEncapsulation;
import espd.tun.offload.Checksum;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a recording sees of packets on their way.
class TapTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final byte[] REQUEST =
      Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(5000, 6000, 101));

  @SuppressWarnings("ArrayRecordComponent")
  private record Seen(Side side, Direction direction, int spi, int original, byte[] octets) {}

  private static Wish wish(String connection, int snap) {
    return new Wish(
        Optional.of(connection).filter(name -> !name.isEmpty()), EnumSet.allOf(Side.class), snap);
  }

  private static List<Seen> take(Recording recording, int count) {
    List<Seen> seen = new ArrayList<>();
    long end = System.nanoTime() + 10_000_000_000L;
    while (seen.size() < count && System.nanoTime() < end) {
      recording.take((side, direction, packet) -> seen.add(seen(side, direction, packet)));
    }
    assertEquals(count, seen.size());
    return seen;
  }

  private static Seen seen(Side side, Direction direction, RecordRing packet) {
    byte[] octets =
        packet
            .memory()
            .asSlice(packet.offset(), packet.capturedOctets())
            .toArray(ValueLayout.JAVA_BYTE);
    return new Seen(side, direction, packet.spi(), packet.originalOctets(), octets);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void seesBothSidesOfWhatLeavesAndOfWhatArrives(Mode mode) {
    try (Host a = Host.a(mode);
        Host b = Host.b(mode)) {
      a.sends(new Host.Sa(GCM, mode));
      b.receives(new Host.Sa(GCM, mode));
      Recording leaving = a.plane.record(wish("", Wish.WHOLE)).orElseThrow();
      Recording arriving = b.plane.record(wish("test", Wish.WHOLE)).orElseThrow();
      Wire wire = a.protect(REQUEST);
      List<Seen> left = take(leaving, 2);
      assertArrayEquals(REQUEST, left.get(0).octets());
      assertEquals(Side.INNER, left.get(0).side());
      assertArrayEquals(wire.octets(), left.get(1).octets());
      assertEquals(Host.SPI, left.get(1).spi());
      b.arrives(wire);
      List<Seen> arrived = take(arriving, 2);
      assertEquals(Side.OUTER, arrived.get(0).side());
      assertEquals(Direction.INBOUND, arrived.get(0).direction());
      assertArrayEquals(
          withoutLabelAndHops(wire.octets()), withoutLabelAndHops(arrived.get(0).octets()));
      assertArrayEquals(b.nextDelivered(), arrived.get(1).octets());
    }
  }

  /// What the host takes from a packet that arrives: nobody can know it any more.
  private static byte[] withoutLabelAndHops(byte[] packet) {
    byte[] known = packet.clone();
    ByteBuffer header = ByteBuffer.wrap(known);
    header.putInt(0, header.getInt(0) & 0xfff0_0000);
    known[7] = 0;
    return known;
  }

  /// RFC 9329 §3.2: in a stream a packet has no headers before ESP; readers are given some.
  @Test
  void whatGoesThroughATcpStreamLooksAsIfItHadGoneByItself() {
    UdpEncapsulation stream = new UdpEncapsulation(UdpEncapsulation.FIRST_STREAM + 2, 4500);
    Host.Sa sa = new Host.Sa(GCM, Mode.TUNNEL, false, stream);
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.sends(sa);
      Recording recording = a.plane.record(wish("", Wish.WHOLE)).orElseThrow();
      Wire wire = a.protect(REQUEST);
      byte[] packet = take(recording, 2).get(1).octets();
      assertEquals(50, packet[6]);
      assertEquals(64, packet[7]);
      assertEquals(packet.length - 40, ByteBuffer.wrap(packet).getShort(4));
      assertArrayEquals(wire.octets(), Arrays.copyOfRange(packet, 40, packet.length));
    }
  }

  @Test
  void putsTheHeadersBackThatEspInUdpHasOnTheWire() {
    Host.Sa sa = new Host.Sa(GCM, Mode.TUNNEL, false, new UdpEncapsulation(4500, 61234));
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.sends(sa);
      Recording recording = a.plane.record(wish("", Wish.WHOLE)).orElseThrow();
      Wire wire = a.protect(REQUEST);
      byte[] datagram = take(recording, 2).get(1).octets();
      ByteBuffer header = ByteBuffer.wrap(datagram);
      assertEquals(17, datagram[6]);
      assertEquals(datagram.length - 40, header.getShort(4));
      assertEquals(4500 << 16 | 61234, header.getInt(40));
      assertEquals(datagram.length - 40, header.getShort(44));
      MemorySegment memory = MemorySegment.ofArray(datagram);
      int upper = datagram.length - 40;
      assertTrue(
          Checksum.isRight(
              Checksum.pseudoHeader(memory, 0, upper, 17) + Checksum.sum(memory, 40, upper)));
      assertArrayEquals(wire.octets(), Arrays.copyOfRange(datagram, 48, datagram.length));
    }
  }

  @Test
  void seesWhatIsOfNoSaUnlessOneConnectionIsWanted() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      Wire stranger = new Wire(Host.A, 0, Host.B, 0, 0, new byte[] {1, 2, 3, 4, 0, 0, 0, 1, 5, 6});
      try (Recording all = a.plane.record(wish("", Wish.WHOLE)).orElseThrow()) {
        a.underlay.arriving.add(stranger);
        assertEquals(0x01020304, take(all, 1).getFirst().spi());
        assertTrue(a.plane.record(wish("", Wish.WHOLE)).isEmpty(), "one at a time");
      }
      try (Recording ours = a.plane.record(wish("test", 64)).orElseThrow()) {
        a.receives(new Host.Sa(GCM, Mode.TUNNEL));
        a.underlay.arriving.add(stranger);
        byte[] known = new byte[100];
        ByteBuffer.wrap(known).putInt(Host.SPI);
        a.underlay.arriving.add(new Wire(Host.A, 0, Host.B, 0, 0, known));
        Seen seen = take(ours, 1).getFirst();
        assertEquals(Host.SPI, seen.spi());
        assertEquals(140, seen.original());
        assertEquals(64, seen.octets().length);
      }
      a.awaitDrops(Direction.INBOUND, DropReason.UNKNOWN_SPI, 2);
    }
  }

  @Test
  void losesPacketsRatherThanKeepThemWaitingForASlowReader() {
    try (Host a = Host.a(Mode.TUNNEL)) {
      Recording recording = a.plane.record(wish("", Wish.WHOLE)).orElseThrow();
      byte[] large = new byte[60_000];
      int packets = RecordRing.CAPACITY / large.length + 50;
      for (int i = 0; i < packets; i++) {
        a.underlay.arriving.add(
            new Wire(Host.A, 0, Host.B, 0, 0, Packets.join(new byte[] {9}, large)));
      }
      a.awaitDrops(Direction.INBOUND, DropReason.UNKNOWN_SPI, packets);
      assertTrue(recording.dropped(Side.OUTER) >= 50, "" + recording.dropped(Side.OUTER));
      assertEquals(0, recording.dropped(Side.INNER));
    }
  }
}
