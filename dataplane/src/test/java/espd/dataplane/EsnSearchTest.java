package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.QueueUnderlay.Wire;
import espd.dataplane.esp.EngineChoice;
import espd.dataplane.esp.Engines;
import espd.dataplane.esp.EspEngine;
import espd.dataplane.esp.UnavailableEngineException;
import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EsnResynchronisation;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Integrity;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/// A receiver that lost more than 2^32 packets in a row finds the high half of the numbers again
/// (RFC 4303 Appendix A3).
class EsnSearchTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);
  private static final EspSuite CBC =
      new EspSuite(Encryption.AES_CBC, 256, Integrity.HMAC_SHA2_256_128);

  /// How many packets are lost before one can be found, and in batches in flight.
  private static final int LOST = EsnResynchronisation.FAILURES;

  static Stream<Arguments> everyLoss() {
    return Stream.of(EngineChoice.JDK, EngineChoice.LIBCRYPTO, EngineChoice.IPSEC_MB)
        .flatMap(
            engine ->
                Stream.of(GCM, CBC)
                    .flatMap(
                        suite ->
                            IntStream.rangeClosed(1, EsnResynchronisation.ATTEMPTS)
                                .mapToObj(spans -> Arguments.of(engine, suite, spans))));
  }

  private static EspEngine engine(EngineChoice choice) {
    try {
      return Engines.open(choice);
    } catch (UnavailableEngineException e) {
      if (choice == EngineChoice.IPSEC_MB) {
        throw new TestAbortedException(e.getMessage());
      }
      throw new AssertionError(e);
    }
  }

  private static Host.Sa sa(EspSuite suite) {
    return new Host.Sa(suite, Mode.TUNNEL, true, null);
  }

  private static byte[] packet(int number) {
    return Packets.ipv6(Host.A, Host.B, Packets.UDP, Packets.udp(number, 6000, 40));
  }

  /// A sender that has come so far, while its receiver waits for the first packet.
  private static Host sender(EspSuite suite, long sequence) {
    Host a = Host.a(Mode.TUNNEL);
    a.sadb.install(new OutboundSa(Host.parameters(sa(suite), Host.A, Host.B), sequence));
    return a;
  }

  private static void assertLost(Host a, Host b, int packets) {
    for (int number = 0; number < packets; number++) {
      long before = b.plane.drops(Direction.INBOUND, DropReason.BAD_ICV);
      b.arrives(a.protect(packet(number)));
      b.awaitDrops(Direction.INBOUND, DropReason.BAD_ICV, (int) before + 1);
    }
    assertTrue(b.tun.toHost.isEmpty());
  }

  @ParameterizedTest(name = "{0}, {1}, {2} spans")
  @MethodSource("everyLoss")
  void theHighHalfIsFoundAndAllIsDeliveredFromThenOn(
      EngineChoice choice, EspSuite suite, int spans) {
    long sequence = ((long) spans << 32) + 1000;
    try (Host a = sender(suite, sequence);
        Host b = new Host(Host.B, Host.A, engine(choice)).protecting(Mode.TUNNEL)) {
      InboundSa in = b.receives(sa(suite));
      assertLost(a, b, LOST);
      for (int number = 0; number < 200; number++) {
        b.arrives(a.protect(packet(number)));
        assertArrayEquals(packet(number), b.nextDelivered());
      }
      assertEquals(sequence + LOST + 200, in.window().top());
      assertEquals(LOST, b.allDrops(Direction.INBOUND));
      assertEquals(200, in.packets());
    }
  }

  /// More than RFC 4303 Appendix A3 is asked to make good: nothing is ever delivered, nothing
  /// breaks.
  @Test
  void aGreaterLossIsNotMadeGood() {
    long sequence = ((EsnResynchronisation.ATTEMPTS + 1L) << 32) + 1000;
    for (EspSuite suite : new EspSuite[] {GCM, CBC}) {
      try (Host a = sender(suite, sequence);
          Host b = Host.b(Mode.TUNNEL)) {
        InboundSa in = b.receives(sa(suite));
        assertLost(a, b, 2 * LOST);
        assertEquals(0, in.window().top());
      }
    }
  }

  /// Forged packets are dropped under every number, and do not keep a genuine one from being found.
  @Test
  void forgedPacketsAreNeverDelivered() {
    try (Host a = sender(GCM, (2L << 32) + 1000);
        Host b = Host.b(Mode.TUNNEL)) {
      InboundSa in = b.receives(sa(GCM));
      Wire genuine = a.protect(packet(7));
      for (int i = 0; i < 300; i++) {
        byte[] forged = genuine.octets().clone();
        forged[48 + i % (forged.length - 48)] ^= (byte) (1 + i % 255);
        b.arrives(genuine.with(forged));
      }
      b.awaitDrops(Direction.INBOUND, DropReason.BAD_ICV, 300);
      assertTrue(b.tun.toHost.isEmpty());
      assertEquals(0, in.window().top());
      assertEquals(300, in.unauthentic());
      b.arrives(genuine);
      assertArrayEquals(packet(7), b.nextDelivered());
      assertEquals((2L << 32) + 1001, in.window().top());
      b.arrives(genuine);
      b.awaitDrops(Direction.INBOUND, DropReason.REPLAYED, 1);
    }
  }

  /// Forged packets alone move no window: who is in step stays in step (RFC 4303 §3.4.3).
  @Test
  void forgedPacketsMoveNobodyWhoIsInStep() {
    try (Host a = sender(CBC, 1000);
        Host b = Host.b(Mode.TUNNEL)) {
      InboundSa in = b.receives(sa(CBC));
      b.arrives(a.protect(packet(1)));
      b.nextDelivered();
      Wire genuine = a.protect(packet(2));
      for (int i = 0; i < 200; i++) {
        byte[] forged = genuine.octets().clone();
        forged[60] ^= (byte) (1 + i);
        b.arrives(genuine.with(forged));
      }
      b.awaitDrops(Direction.INBOUND, DropReason.BAD_ICV, 200);
      assertEquals(1001, in.window().top());
      b.arrives(genuine);
      assertArrayEquals(packet(2), b.nextDelivered());
    }
  }

  /// RFC 4303 §2.2.1: without ESN there is no high half to look for.
  @Test
  void withoutEsnNothingIsTried() {
    Host.Sa plain = new Host.Sa(GCM, Mode.TUNNEL);
    try (Host a = sender(GCM, 5000);
        Host b = Host.b(Mode.TUNNEL)) {
      InboundSa in = b.receives(plain);
      assertLost(a, b, 2 * LOST);
      assertEquals(0, in.window().top());
    }
  }
}
