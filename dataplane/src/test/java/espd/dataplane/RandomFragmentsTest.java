package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.DataPlaneConfiguration.Stages;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Mode;
import espd.spd.Policy;
import espd.spd.PortRange;
import espd.spd.Processing;
import espd.spd.Selector;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A host that sends headers and fragments that make no sense (RFC 8200 §4, RFC 4301 §7): each
/// packet is accounted for, and nothing ever throws.
class RandomFragmentsTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final int PACKETS = 20_000;

  /// How many datagrams wait to be put together at the most.
  private static final int WAITING = 64;

  private static final byte[] HEADERS = {0, 43, 44, 44, 44, 50, 60, 17, 6, 58, (byte) 135, 59};

  private final Random random = new Random(8200);

  /// Headers of any kind in any order, fragments among them, cut off anywhere.
  private byte[] chaos() {
    byte[] payload = new byte[random.nextInt(200)];
    random.nextBytes(payload);
    for (int at = 0; at + 8 <= payload.length; at += 8) {
      payload[at] = HEADERS[random.nextInt(HEADERS.length)];
      payload[at + 1] = (byte) random.nextInt(2);
      if (random.nextBoolean()) {
        payload[at + 2] = 0;
      }
    }
    int next = HEADERS[random.nextInt(HEADERS.length)] & 0xff;
    byte[] packet = Packets.ipv6(Host.A, Host.B, next, payload);
    if (random.nextInt(10) == 0) {
      ByteBuffer.wrap(packet).putShort(4, (short) random.nextInt(300));
    }
    return packet;
  }

  /// A fragment of a datagram of its own, of any offset, of any length up to 40 octets.
  private byte[] lone(int identification) {
    byte[] data = new byte[random.nextInt(41)];
    random.nextBytes(data);
    int offsetAndMore = random.nextInt(3) == 0 ? random.nextInt(2) : random.nextInt(1 << 16);
    return Pieces.fragment(identification, offsetAndMore, data);
  }

  /// One of a dozen of the same datagram of zeros, so that they overlap, repeat and complete it.
  private byte[] crowded(int k) {
    int unit = random.nextInt(4);
    int units = random.nextInt(10) == 0 ? 2 : 1;
    return Pieces.fragment(k / 12, 8 * unit | (unit == 3 ? 0 : 1), new byte[8 * units]);
  }

  private static long settled(Host host) {
    return host.plane.packets(Direction.OUTBOUND)
        + host.allDrops(Direction.OUTBOUND)
        + host.plane.heldPackets();
  }

  /// Has the host send all, then one more that must get through.
  private static void sends(Host host, IntFunction<byte[]> packets) throws InterruptedException {
    for (int k = 0; k < PACKETS; k++) {
      host.tun.fromHost.add(packets.apply(k));
    }
    byte[] last = Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(4242, 4242, 1000));
    host.tun.fromHost.add(last);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (host.tun.read.get() <= PACKETS && System.nanoTime() < end) {
      Thread.sleep(1);
    }
    assertEquals(PACKETS + 1, host.tun.read.get(), () -> host.dropsText(Direction.OUTBOUND));
    Thread.sleep(100);
    assertTrue(host.failures.isEmpty(), host.failures::toString);
  }

  private static Host host(Mode mode, Stages stages) {
    return new Host(Host.A, Host.B, new PlainEngine(run -> {}), Host.sizes(stages))
        .protecting(mode);
  }

  @ParameterizedTest
  @CsvSource({"TUNNEL, PARALLEL", "TUNNEL, FUSED", "TRANSPORT, PARALLEL", "TRANSPORT, FUSED"})
  void whatATunnelCarriesIsSentOrDropped(Mode mode, Stages stages) throws InterruptedException {
    try (Host a = host(mode, stages)) {
      a.sends(new Host.Sa(GCM, mode));
      sends(a, k -> chaos());
      long missing = PACKETS + 1 - settled(a);
      // Transport mode keeps what it is to put together; a tunnel keeps nothing.
      assertTrue(
          missing >= 0 && (mode == Mode.TRANSPORT || missing == 0), () -> missing + " missing");
      assertTrue(a.plane.packets(Direction.OUTBOUND) > 100);
    }
  }

  /// RFC 8200 §4.5: each is a datagram of its own, so all but those that wait are accounted for.
  @ParameterizedTest
  @EnumSource(Stages.class)
  void eachFragmentIsSentDroppedOrWaits(Stages stages) throws InterruptedException {
    try (Host a = host(Mode.TRANSPORT, stages)) {
      a.sends(new Host.Sa(GCM, Mode.TRANSPORT));
      sends(a, this::lone);
      assertEquals(PACKETS + 1 - WAITING, settled(a), () -> a.dropsText(Direction.OUTBOUND));
      assertTrue(a.plane.drops(Direction.OUTBOUND, DropReason.FRAGMENTS_MISSING) > 1000);
      assertTrue(a.plane.drops(Direction.OUTBOUND, DropReason.MALFORMED_HEADERS) > 1000);
    }
  }

  @ParameterizedTest
  @EnumSource(Stages.class)
  void fragmentsThatMeetAreNeverAnException(Stages stages) throws InterruptedException {
    try (Host a = host(Mode.TRANSPORT, stages)) {
      a.sends(new Host.Sa(GCM, Mode.TRANSPORT));
      sends(a, this::crowded);
      assertTrue(a.plane.packets(Direction.OUTBOUND) > 1, "none was completed");
      assertTrue(a.plane.drops(Direction.OUTBOUND, DropReason.FRAGMENT_OVERLAP) > 100);
      assertTrue(a.plane.drops(Direction.OUTBOUND, DropReason.FRAGMENT_DUPLICATE) > 100);
    }
  }

  /// RFC 5722 §4: after all that a whole datagram is still put together, octet for octet.
  @ParameterizedTest
  @EnumSource(Stages.class)
  void aWholeDatagramStillComesThrough(Stages stages) throws InterruptedException {
    byte[] datagram = Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(1, 2, 4000));
    try (Host a = host(Mode.TRANSPORT, stages)) {
      a.sends(new Host.Sa(GCM, Mode.TRANSPORT));
      sends(a, k -> k % 2 == 0 ? lone(k) : crowded(k));
      a.underlay.sent.clear();
      a.tun.fromHost.addAll(Pieces.cut(datagram, 1280));
      byte[] whole = Pieces.nextWhole(a, 1500).octets();
      byte[] inside = Arrays.copyOfRange(whole, 56, 56 + 4008);
      assertArrayEquals(Arrays.copyOfRange(datagram, 40, datagram.length), inside);
    }
  }

  /// RFC 4301 §5.1 step 3a: what waits for an SA is accounted for too.
  @ParameterizedTest
  @EnumSource(Mode.class)
  void whatWaitsForAnSaIsAccountedFor(Mode mode) throws InterruptedException {
    try (Host a = host(mode, Stages.PARALLEL)) {
      sends(a, k -> chaos());
      assertEquals(PACKETS + 1, settled(a), () -> a.dropsText(Direction.OUTBOUND));
      assertEquals(0, a.plane.packets(Direction.OUTBOUND));
      assertTrue(a.plane.heldPackets() > 0);
    }
  }

  /// RFC 4301 §7.4: under policies that look at ports nothing but what they let pass is in the
  /// clear, and all of it is accounted for.
  @ParameterizedTest
  @EnumSource(Stages.class)
  void policiesForPortsAccountForAll(Stages stages) throws InterruptedException {
    Selector low =
        new Selector(
            AddressRange.of(Host.A),
            AddressRange.of(Host.B),
            Packets.UDP,
            PortRange.ANY,
            new PortRange(0, 0x7fff));
    try (Host a = new Host(Host.A, Host.B, new PlainEngine(run -> {}), Host.sizes(stages))) {
      a.sadb.add(new Policy("low", Direction.OUTBOUND, low, 0, new Processing.Discard()));
      a.plane.start();
      sends(a, k -> chaos());
      assertEquals(PACKETS + 1, settled(a), () -> a.dropsText(Direction.OUTBOUND));
      assertTrue(a.plane.drops(Direction.OUTBOUND, DropReason.FRAGMENT_WITHOUT_FIRST) > 100);
      assertTrue(a.plane.drops(Direction.OUTBOUND, DropReason.POLICY_DISCARD) > 10);
    }
  }
}
