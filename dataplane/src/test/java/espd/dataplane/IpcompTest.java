package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.QueueUnderlay.Wire;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Mode;
import espd.spd.OuterTraffic;
import espd.spd.UdpEncapsulation;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What leaves compressed (RFC 3173), and arrives so.
class IpcompTest {

  private static final int IPCOMP = 108;
  private static final int IPV6 = 41;

  /// ESP without encryption, so that what it carries can be looked at.
  private static final EspSuite PLAIN = new EspSuite(Encryption.NULL, 0, Integrity.HMAC_SHA1_96);

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);

  private static byte[] packet(byte[] datagram) {
    return Packets.ipv6(Host.A, Host.B, Packets.UDP, datagram);
  }

  private static SaDraft draft(EspSuite suite, Mode mode) {
    return SaDraft.of(new Host.Sa(suite, mode));
  }

  /// What ESP carries, without the trailer, of a packet in which nothing is encrypted.
  @SuppressWarnings("ArrayRecordComponent")
  private record Carried(int nextHeader, byte[] payload) {

    static Carried of(Wire wire) {
      byte[] packet = wire.octets();
      int esp = wire.localPort() == 0 ? Host.espOffset(packet) : 0;
      int end = packet.length - PLAIN.icvOctets();
      int padOctets = packet[end - 2] & 0xff;
      return new Carried(
          packet[end - 1] & 0xff, Arrays.copyOfRange(packet, esp + 8, end - 2 - padOctets));
    }
  }

  static Stream<Host.Sa> everyWay() {
    UdpEncapsulation ports = new UdpEncapsulation(4500, 4500);
    return Stream.of(Mode.values())
        .flatMap(
            mode ->
                Stream.of(
                    new Host.Sa(GCM, mode),
                    new Host.Sa(GCM, mode, true, ports),
                    new Host.Sa(
                        new EspSuite(Encryption.AES_CBC, 256, Integrity.HMAC_SHA2_256_128), mode)));
  }

  /// RFC 3173 §2: what was compressed and expanded is what it was; both ends count its octets.
  @ParameterizedTest
  @MethodSource("everyWay")
  void whatOneCompressesTheOtherExpands(Host.Sa sa) {
    try (Host a = Host.a(sa.mode());
        Host b = Host.b(sa.mode())) {
      Compressing.Ends ends = Compressing.between(a, b, SaDraft.of(sa));
      int sent = 0;
      for (int octets : new int[] {0, 81, 82, 83, 100, 500, 1000, 1300}) {
        for (byte[] datagram : new byte[][] {Compressing.text(octets), Compressing.noise(octets)}) {
          assertDelivered(a, b, packet(datagram), sa.mode());
          sent++;
        }
      }
      assertEquals(sent, ends.in().packets());
      assertEquals(ends.out().bytes(), ends.in().bytes());
      assertTrue(a.plane.compressedPackets(Direction.OUTBOUND) >= 6);
      assertEquals(
          a.plane.compressedPackets(Direction.OUTBOUND),
          b.plane.compressedPackets(Direction.INBOUND));
      assertEquals(
          a.plane.sparedOctets(Direction.OUTBOUND), b.plane.sparedOctets(Direction.INBOUND));
      assertEquals(0, b.allDrops(Direction.INBOUND));
    }
  }

  private static void assertDelivered(Host a, Host b, byte[] packet, Mode mode) {
    b.arrives(a.protect(packet));
    byte[] expected = packet.clone();
    if (mode == Mode.TRANSPORT) {
      expected[7] = QueueUnderlay.HOP_LIMIT;
    }
    byte[] delivered = b.nextDelivered();
    assertArrayEquals(expected, delivered, () -> HexFormat.of().formatHex(delivered));
  }

  /// RFC 3173 §3.3: next header, flags of zero, the receiver's CPI. ESP says 108, and IPComp what
  /// ESP would have said. Fewer octets leave than would have without.
  @ParameterizedTest
  @EnumSource(Mode.class)
  void theHeaderSaysWhatIsCompressedAndHow(Mode mode) {
    byte[] packet = packet(Compressing.text(1000));
    byte[] payload = mode == Mode.TUNNEL ? packet : Compressing.text(1000);
    try (Host a = Host.a(mode);
        Host b = Host.b(mode)) {
      Compressing.between(a, b, draft(PLAIN, mode));
      Wire wire = a.protect(packet);
      assertTrue(wire.octets().length < 400, () -> "" + wire.octets().length);
      assertEquals(wire.octets().length - 40, wire.octets()[4] * 256 + (wire.octets()[5] & 0xff));
      Carried carried = Carried.of(wire);
      assertEquals(IPCOMP, carried.nextHeader());
      byte[] header = {(byte) (mode == Mode.TUNNEL ? IPV6 : Packets.UDP), 0, 0x0c, 0x0d};
      assertArrayEquals(header, Arrays.copyOf(carried.payload(), 4));
      assertEquals(
          payload.length - carried.payload().length, a.plane.sparedOctets(Direction.OUTBOUND));
    }
  }

  /// RFC 3173 §2: hop-by-hop options and routing headers are read on the way and stay outside;
  /// destination options behind them are compressed with the rest.
  @Test
  void whatRoutersReadStaysOutside() {
    byte[] datagram = Compressing.text(600);
    byte[] inside = Packets.extension(Packets.UDP, datagram);
    byte[] chain = Packets.extension(Packets.DESTINATION_OPTIONS, inside);
    byte[] packet = Packets.ipv6(Host.A, Host.B, Packets.HOP_BY_HOP, chain);
    try (Host a = Host.a(Mode.TRANSPORT);
        Host b = Host.b(Mode.TRANSPORT)) {
      Compressing.between(a, b, draft(PLAIN, Mode.TRANSPORT));
      Wire wire = a.protect(packet);
      assertEquals(Packets.HOP_BY_HOP, wire.octets()[6]);
      assertEquals(48, Host.espOffset(wire.octets()));
      assertEquals(Packets.DESTINATION_OPTIONS, Carried.of(wire).payload()[0]);
      b.arrives(wire);
      byte[] delivered = b.nextDelivered();
      assertEquals(Packets.DESTINATION_OPTIONS, delivered[6]);
      assertArrayEquals(inside, Arrays.copyOfRange(delivered, 40, delivered.length));
    }
  }

  /// RFC 3173 §2.2: what would not become shorter leaves as it is, and without the header.
  @ParameterizedTest
  @EnumSource(Mode.class)
  void whatWouldNotBecomeShorterLeavesAsItIs(Mode mode) {
    byte[] noise = Compressing.noise(1000);
    try (Host a = Host.a(mode);
        Host b = Host.b(mode)) {
      Compressing.between(a, b, draft(PLAIN, mode));
      Carried carried = Carried.of(a.protect(packet(noise)));
      assertEquals(mode == Mode.TUNNEL ? IPV6 : Packets.UDP, carried.nextHeader());
      assertArrayEquals(mode == Mode.TUNNEL ? packet(noise) : noise, carried.payload());
      assertEquals(0, a.plane.compressedPackets(Direction.OUTBOUND));
    }
  }

  /// RFC 2394 §3: short payloads are not worth a try, even of one octet again and again.
  @Test
  void shortPayloadsAreNotTried() {
    try (Host a = Host.a(Mode.TRANSPORT);
        Host b = Host.b(Mode.TRANSPORT)) {
      Compressing.between(a, b, draft(PLAIN, Mode.TRANSPORT));
      byte[] datagram = Arrays.copyOf(Packets.udp(1, 2, 0), 89);
      assertEquals(Packets.UDP, Carried.of(a.protect(packet(datagram))).nextHeader());
      datagram = Arrays.copyOf(Packets.udp(1, 2, 0), 90);
      assertEquals(IPCOMP, Carried.of(a.protect(packet(datagram))).nextHeader());
    }
  }

  /// RFC 3173 §2.2: a flow that does not become shorter is tried less and less; others are not
  /// concerned. There are two workers, which learn by themselves.
  @Test
  void flowsThatDoNotBecomeShorterAreLeftAlone() {
    try (Host a = Host.a(Mode.TUNNEL);
        Host b = Host.b(Mode.TUNNEL)) {
      Compressing.between(a, b, draft(PLAIN, Mode.TUNNEL));
      for (int i = 0; i < 400; i++) {
        a.protect(packet(Compressing.noise(1000)));
      }
      for (int i = 0; i < 4; i++) {
        assertEquals(IPV6, Carried.of(a.protect(packet(Compressing.text(1000)))).nextHeader());
      }
      byte[] other = Compressing.text(1000);
      other[1] ^= 1; // another source port
      for (int i = 0; i < 4; i++) {
        assertEquals(IPCOMP, Carried.of(a.protect(packet(other))).nextHeader());
      }
    }
  }

  /// RFC 3173 §2: compression comes before fragmentation; what fits by then is not cut.
  @Test
  void whatFitsOnceCompressedIsNotCut() {
    try (Host a = Host.a(Mode.TUNNEL);
        Host b = Host.b(Mode.TUNNEL)) {
      a.plane.pathMtu(1280);
      Compressing.between(a, b, draft(PLAIN, Mode.TUNNEL));
      byte[] packet = packet(Compressing.text(1280 - 48));
      assertDelivered(a, b, packet, Mode.TUNNEL);
    }
  }

  /// RFC 4303 §2.7: to hide a length and to shorten it are opposites; the former was asked for by
  /// name.
  @Test
  void whatHidesItsLengthIsNotCompressed() {
    try (Host a = Host.a(Mode.TUNNEL);
        Host b = Host.b(Mode.TUNNEL)) {
      OuterTraffic padded = new OuterTraffic(1200, 0, true, false);
      Compressing.between(a, b, draft(PLAIN, Mode.TUNNEL).traffic(padded));
      Carried carried = Carried.of(a.protect(packet(Compressing.text(500))));
      assertEquals(IPV6, carried.nextHeader());
      assertEquals(1200, carried.payload().length);
    }
  }
}
