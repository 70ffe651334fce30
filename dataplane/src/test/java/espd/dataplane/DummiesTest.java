package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.DataPlaneConfiguration.Stages;
import espd.dataplane.QueueUnderlay.Wire;
import espd.dataplane.esp.SunJce;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Integrity;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.OuterTraffic;
import espd.spd.UdpEncapsulation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Dummy packets between two hosts (RFC 4303 §2.6).
class DummiesTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final Host.Sa TUNNEL = new Host.Sa(GCM, Mode.TUNNEL);

  private static SaDraft dummies(Host.Sa sa, int perSecond) {
    return SaDraft.of(sa).traffic(new OuterTraffic(0, perSecond, true, false));
  }

  private static byte[] packet() {
    return Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(5000, 6000, 100));
  }

  private static void pause(int millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }

  /// They come at about their rate, of many lengths, under the numbers between those of others, and
  /// nobody behind the peer notices.
  @ParameterizedTest
  @CsvSource({
    "TRANSPORT, PARALLEL, false",
    "TUNNEL, PARALLEL, true",
    "TUNNEL, FUSED, false",
    "TRANSPORT, FUSED, true"
  })
  void dummiesComeAmongTheOthersAndVanish(Mode mode, Stages stages, boolean udp)
      throws InterruptedException {
    Host.Sa sa = new Host.Sa(GCM, mode, false, udp ? new UdpEncapsulation(4500, 4500) : null);
    try (Host a = new Host(Host.A, Host.B, new SunJce(), Host.sizes(stages)).protecting(mode);
        Host b = Host.b(mode)) {
      OutboundSa out = a.sends(dummies(sa, 500));
      InboundSa in = b.receives(sa);
      for (int k = 0; k < 20; k++) {
        a.tun.fromHost.add(packet());
        pause(100);
      }
      int sent = a.underlay.sent.size();
      assertTrue(sent > 320 && sent < 1720, () -> "sent " + sent);
      Set<Integer> lengths = new HashSet<>();
      for (int number = 1; number <= sent; number++) {
        Wire wire = a.nextSent();
        assertEquals(number, number(wire));
        assertTrue(wire.octets().length <= (udp ? 1452 : 1500));
        lengths.add(wire.octets().length);
        b.arrives(wire);
      }
      assertTrue(lengths.size() > 20, () -> lengths.size() + " lengths");
      b.awaitDrops(Direction.INBOUND, DropReason.DUMMY, sent - 20);
      b.awaitPackets(Direction.INBOUND, 20);
      assertEquals(20, in.packets());
      assertEquals(20, out.packets());
      assertEquals(sent - 20, b.allDrops(Direction.INBOUND));
    }
  }

  private static int number(Wire wire) {
    return wire.localPort() == 0
        ? Pieces.number(wire.octets())
        : ByteBuffer.wrap(wire.octets()).getInt(4);
  }

  /// The host need not send anything: an SA that is installed while it is silent has dummies too.
  @Test
  void aSilentHostSendsThem() {
    try (Host a = Host.a(Mode.TUNNEL);
        Host b = Host.b(Mode.TUNNEL)) {
      b.receives(TUNNEL);
      a.awaitPackets(Direction.OUTBOUND, 0);
      a.sends(dummies(TUNNEL, 200));
      for (int number = 1; number <= 50; number++) {
        b.arrives(a.nextSent());
      }
      b.awaitDrops(Direction.INBOUND, DropReason.DUMMY, 50);
      assertTrue(b.tun.toHost.isEmpty());
    }
  }

  /// A rate above one a millisecond is kept too.
  @Test
  void manyASecondAreMany() throws InterruptedException {
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.sends(dummies(TUNNEL, 10_000));
      a.protect(packet());
      pause(1000);
      int sent = a.underlay.sent.size();
      assertTrue(sent > 2000 && sent < 20_000, () -> "sent " + sent);
    }
  }

  @Test
  void nobodySendsAnyWhoWasNotAsked() throws InterruptedException {
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.sends(TUNNEL);
      a.protect(packet());
      pause(300);
      assertTrue(a.underlay.sent.isEmpty());
    }
  }

  private static Set<Integer> spisOf(Host host, int packets) {
    Set<Integer> spis = new HashSet<>();
    for (int k = 0; k < packets; k++) {
      spis.add(ByteBuffer.wrap(host.nextSent().octets()).getInt(40));
    }
    return spis;
  }

  /// RFC 7296 §2.8: after a rekey the old SA is left to end; the new one sends, or nobody where it
  /// was not asked to.
  @Test
  void onlyTheNewestSaOfAPolicySends() throws InterruptedException {
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.sends(dummies(TUNNEL, 500));
      assertEquals(Set.of(Host.SPI), spisOf(a, 50));
      a.sends(dummies(TUNNEL, 500).spi(Host.SPI + 1));
      pause(100);
      a.underlay.sent.clear();
      assertEquals(Set.of(Host.SPI + 1), spisOf(a, 50));
      a.sends(dummies(TUNNEL, 0).spi(Host.SPI + 2));
      pause(200);
      a.underlay.sent.clear();
      pause(200);
      assertTrue(a.underlay.sent.isEmpty());
    }
  }

  /// RFC 4303 §2.6, §2.7: where all packets are padded to one length, dummies have it too, else
  /// they would stand out.
  @Test
  void dummiesArePaddedAsOthersAre() {
    try (Host a = Host.a(Mode.TUNNEL);
        Host b = Host.a(Mode.TUNNEL)) {
      a.sends(
          SaDraft.of(TUNNEL).traffic(new OuterTraffic(OuterTraffic.PATH_MTU, 500, true, false)));
      b.sends(SaDraft.of(TUNNEL).traffic(new OuterTraffic(1000, 500, true, false)));
      int full = a.protect(packet()).octets().length;
      int padded = 40 + GCM.packetOctets(1000);
      for (int k = 0; k < 100; k++) {
        assertEquals(full, a.nextSent().octets().length);
        assertTrue(b.nextSent().octets().length >= padded);
      }
    }
  }

  /// RFC 4301 §4.4.2.1: an SA that has carried all it may sends none either, and its packets wait.
  @Test
  void aSpentSaSendsNone() throws InterruptedException {
    try (Host a = Host.a(Mode.TUNNEL)) {
      a.sends(dummies(TUNNEL, 500).packets(0, 1));
      spisOf(a, 20);
      a.tun.fromHost.add(packet());
      pause(200);
      a.underlay.sent.clear();
      pause(200);
      assertTrue(a.underlay.sent.isEmpty());
    }
  }

  /// RFC 4303 §2.6: what a dummy carries is not what other packets left in memory.
  @Test
  void dummiesCarryRandomOctets() {
    try (Host a =
        new Host(Host.A, Host.B, new PlainEngine(run -> {}), Host.sizes(Stages.FUSED))
            .protecting(Mode.TUNNEL)) {
      a.sends(dummies(TUNNEL, 500));
      byte[] telling = packet();
      Arrays.fill(telling, 48, telling.length, (byte) 0x55);
      a.protect(telling);
      for (int k = 0; k < 50; k++) {
        byte[] sent = a.nextSent().octets();
        int longest = 0;
        int row = 0;
        for (int at = 56; at < sent.length - 20; at++) {
          row = sent[at] == 0x55 ? row + 1 : 0;
          longest = Math.max(longest, row);
        }
        assertTrue(longest < 5, "octets of another packet");
        assertEquals(59, sent[sent.length - 17]);
        assertArrayEquals(Host.B.octets(), Arrays.copyOfRange(sent, 24, 40));
      }
    }
  }
}
