package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Integrity;
import espd.spd.Mode;
import espd.spd.SaParameters;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What peers could send under an SA with compression, well-behaved or not (RFC 3173 §2).
class IpcompArrivingTest {

  private static final int IPCOMP = 108;
  private static final int IPV6 = 41;
  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final byte[] PACKET = packet(Compressing.text(800));

  private final Host a = Host.a(Mode.TUNNEL);
  private final SaParameters sa =
      Compressing.compressed(Host.parameters(new Host.Sa(GCM, Mode.TUNNEL), Host.A, Host.B));
  private long number;

  @AfterEach
  void close() {
    a.close();
  }

  private static byte[] packet(byte[] datagram) {
    return Packets.ipv6(Host.B, Host.A, Packets.UDP, datagram);
  }

  private void arrives(int nextHeader, byte[] payload) {
    byte[] esp = Sealed.esp(sa, ++number, Sealed.padded(payload, nextHeader));
    a.underlay.arriving.add(Sealed.raw(Host.A, Host.B, esp));
  }

  private void accepts(int nextHeader, byte[] payload, byte[] packet) {
    arrives(nextHeader, payload);
    assertArrayEquals(packet, a.nextDelivered());
  }

  private void refuses(int nextHeader, byte[] payload, DropReason reason) {
    long before = a.plane.drops(Direction.INBOUND, reason);
    arrives(nextHeader, payload);
    a.awaitDrops(Direction.INBOUND, reason, (int) before + 1);
    assertTrue(a.tun.toHost.isEmpty());
  }

  private static byte[] compressed(byte[] packet) {
    return Compressing.ipcomp(IPV6, Compressing.CPI, Compressing.deflated(packet));
  }

  private void acceptsAsBefore() {
    accepts(IPCOMP, compressed(PACKET), PACKET);
  }

  /// RFC 3173 §2: packets that are not compressed are accepted beside those that are.
  @Test
  void bothKindsAreAccepted() {
    a.sadb.install(new InboundSa(sa));
    accepts(IPV6, PACKET, PACKET);
    acceptsAsBefore();
    accepts(IPV6, PACKET, PACKET);
  }

  /// RFC 3173 §3.3: the flags are not heeded.
  @Test
  void flagsAreNotHeeded() {
    a.sadb.install(new InboundSa(sa));
    byte[] flagged = compressed(PACKET);
    flagged[1] = (byte) 0xff;
    accepts(IPCOMP, flagged, PACKET);
  }

  /// RFC 3173 §2.2: what did not become shorter should not have been sent so, and is no harm.
  @Test
  void whatBecameLongerIsAcceptedToo() {
    a.sadb.install(new InboundSa(sa));
    byte[] noise = packet(Compressing.noise(500));
    accepts(IPCOMP, compressed(noise), noise);
  }

  /// RFC 4303 §2.7: padding behind what is compressed hides its length.
  @Test
  void paddingBehindItIsNoneOfIt() {
    a.sadb.install(new InboundSa(sa));
    byte[] compressed = compressed(PACKET);
    accepts(IPCOMP, Arrays.copyOf(compressed, compressed.length + 100), PACKET);
  }

  /// RFC 3173 §3.3: the receiver chose the CPI, and takes no other.
  @Test
  void anotherCpiIsRefused() {
    a.sadb.install(new InboundSa(sa));
    for (int cpi : new int[] {0, 2, Compressing.CPI + 1, 0xffff}) {
      byte[] deflated = Compressing.deflated(PACKET);
      refuses(IPCOMP, Compressing.ipcomp(IPV6, cpi, deflated), DropReason.UNKNOWN_CPI);
    }
    acceptsAsBefore();
  }

  /// RFC 2394 §2.2: every part of what is compressed is refused, and so is noise.
  @Test
  void whatIsNoDeflateIsRefused() {
    a.sadb.install(new InboundSa(sa));
    byte[] whole = compressed(PACKET);
    for (int octets = 0; octets < whole.length; octets++) {
      refuses(IPCOMP, Arrays.copyOf(whole, octets), DropReason.MALFORMED_IPCOMP);
    }
    byte[] reserved = {7}; // a last block of type 3 (RFC 1951 §3.2.3)
    byte[] payload = Compressing.ipcomp(IPV6, Compressing.CPI, reserved);
    refuses(IPCOMP, payload, DropReason.MALFORMED_IPCOMP);
    acceptsAsBefore();
  }

  /// Whatever is in it: a drop that is counted, or a packet, and the next one passes.
  @Test
  void noiseIsNoHarm() {
    a.sadb.install(new InboundSa(sa));
    Random random = new Random(3173);
    for (int i = 0; i < 2000; i++) {
      byte[] payload = compressed(PACKET);
      for (int k = random.nextInt(4); k >= 0; k--) {
        payload[4 + random.nextInt(payload.length - 4)] ^= (byte) (1 << random.nextInt(8));
      }
      arrives(IPCOMP, payload);
    }
    long end = System.nanoTime() + 10_000_000_000L;
    while (a.allDrops(Direction.INBOUND) + a.tun.toHost.size() < 2000 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertEquals(2000, a.allDrops(Direction.INBOUND) + a.tun.toHost.size());
    a.tun.toHost.clear();
    acceptsAsBefore();
  }

  /// RFC 8200 §3: a hundred octets that would become a hundred thousand become nothing.
  @Test
  void whatBecomesLongerThanAnyPacketIsRefused() {
    a.sadb.install(new InboundSa(sa));
    byte[] bomb = Compressing.deflated(new byte[100_000]);
    assertTrue(bomb.length < 150, () -> "" + bomb.length);
    byte[] payload = Compressing.ipcomp(IPV6, Compressing.CPI, bomb);
    for (int i = 0; i < 100; i++) {
      refuses(IPCOMP, payload, DropReason.EXPANDED_TOO_LONG);
    }
    acceptsAsBefore();
  }

  /// What arrives is short and what becomes of it is long, up to the longest there is: all arrive,
  /// and in order.
  @Test
  void longPacketsArriveFromShortOnes() {
    a.sadb.install(new InboundSa(sa));
    int[] lengths = {9000, 2000, 65_527, 1800};
    for (int i = 0; i < 100; i++) {
      byte[] packet = packet(Compressing.text(lengths[i % lengths.length]));
      ByteBuffer.wrap(packet).putInt(100, i);
      arrives(IPCOMP, compressed(packet));
    }
    for (int i = 0; i < 100; i++) {
      byte[] packet = a.nextDelivered();
      assertEquals(i, ByteBuffer.wrap(packet).getInt(100));
      assertEquals(48 + lengths[i % lengths.length], packet.length);
    }
    assertEquals(0, a.allDrops(Direction.INBOUND));
  }

  /// RFC 3173 §2: in transport mode a long payload gets its IPv6 header as a short one does.
  @Test
  void longPayloadsGetTheirHeaderInTransportMode() {
    byte[] datagram = Compressing.text(9000);
    byte[] deflated = Compressing.deflated(datagram);
    byte[] payload = Compressing.ipcomp(Packets.UDP, Compressing.CPI, deflated);
    SaParameters transport =
        Compressing.compressed(Host.parameters(new Host.Sa(GCM, Mode.TRANSPORT), Host.A, Host.B));
    try (Host host = Host.a(Mode.TRANSPORT)) {
      host.sadb.install(new InboundSa(transport));
      byte[] esp = Sealed.esp(transport, 1, Sealed.padded(payload, IPCOMP));
      host.underlay.arriving.add(Sealed.raw(Host.A, Host.B, esp));
      byte[] expected = packet(datagram);
      expected[7] = QueueUnderlay.HOP_LIMIT;
      assertArrayEquals(expected, host.nextDelivered());
    }
  }

  /// RFC 4301 §5.2 step 4: compression hides nothing from the SA's selectors.
  @Test
  void whatIsCompressedHasToBeSelectedToo() {
    a.sadb.install(new InboundSa(sa));
    byte[] stranger = Packets.ipv6(Host.A, Host.A, Packets.UDP, Compressing.text(100));
    refuses(IPCOMP, compressed(stranger), DropReason.NOT_SELECTED);
    byte[] twice = Compressing.ipcomp(IPCOMP, Compressing.CPI, Compressing.deflated(PACKET));
    refuses(IPCOMP, twice, DropReason.NOT_TUNNELLED);
  }

  /// RFC 3173 §2: without an association there is nothing to expand with.
  @Test
  void anSaWithoutCompressionExpandsNothing() {
    a.receives(new Host.Sa(GCM, Mode.TUNNEL));
    refuses(IPCOMP, compressed(PACKET), DropReason.NOT_TUNNELLED);
  }
}
