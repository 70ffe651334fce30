package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.dataplane.DataPlaneConfiguration.Sizes;
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
import espd.spd.UdpEncapsulation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Two data planes, back to back: what one protects the other accepts, in every suite, mode and way
/// of travelling (RFC 4303 §3).
class RoundTripTest {

  static List<EspSuite> suites() {
    List<EspSuite> suites = new ArrayList<>();
    for (int bits : new int[] {128, 192, 256}) {
      suites.add(new EspSuite(Encryption.AES_GCM_16, bits, Integrity.NONE));
      for (Integrity integrity : Integrity.values()) {
        if (integrity != Integrity.NONE) {
          suites.add(new EspSuite(Encryption.AES_CBC, bits, integrity));
        }
      }
    }
    suites.add(new EspSuite(Encryption.CHACHA20_POLY1305, 256, Integrity.NONE));
    return suites;
  }

  static Stream<Host.Sa> everySa() {
    UdpEncapsulation ports = new UdpEncapsulation(4500, 4500);
    return suites().stream()
        .flatMap(
            suite ->
                Stream.of(Mode.values())
                    .flatMap(
                        mode ->
                            Stream.of(
                                new Host.Sa(suite, mode, false, null),
                                new Host.Sa(suite, mode, true, null),
                                new Host.Sa(suite, mode, true, ports))));
  }

  @ParameterizedTest
  @MethodSource("everySa")
  void whatOneProtectsTheOtherAccepts(Host.Sa sa) {
    assertRoundTrip(sa, Stages.PARALLEL);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void soDoHostsThatUseOneThreadEachWay(Mode mode) {
    for (EspSuite suite : suites()) {
      assertRoundTrip(new Host.Sa(suite, mode, true, null), Stages.FUSED);
    }
  }

  private static void assertRoundTrip(Host.Sa sa, Stages stages) {
    Sizes sizes = Host.sizes(stages);
    try (Host a = new Host(Host.A, Host.B, new SunJce(), sizes).protecting(sa.mode());
        Host b = new Host(Host.B, Host.A, new SunJce(), sizes).protecting(sa.mode())) {
      OutboundSa out = a.sends(sa);
      InboundSa in = b.receives(sa);
      long payload = 0;
      for (int octets : new int[] {0, 1, 2, 3, 13, 14, 15, 16, 17, 100, 1200, 1300}) {
        byte[] packet = Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(5000, 6000, octets));
        Wire wire = a.protect(packet);
        b.arrives(wire);
        byte[] expected = packet.clone();
        if (sa.mode() == Mode.TRANSPORT) {
          expected[7] = QueueUnderlay.HOP_LIMIT;
        }
        assertArrayEquals(expected, b.nextDelivered(), () -> octets + " " + sa);
        payload += packet.length - (sa.mode() == Mode.TRANSPORT ? 40 : 0);
      }
      assertEquals(12, in.packets());
      assertEquals(12, out.packets());
      assertEquals(payload, in.bytes());
      assertEquals(payload, out.bytes());
      a.awaitPackets(Direction.OUTBOUND, 12);
      b.awaitPackets(Direction.INBOUND, 12);
      assertEquals(0, b.allDrops(Direction.INBOUND));
    }
  }
}
