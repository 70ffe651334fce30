package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What an outbound SA knows of its path (RFC 4301 §8.2, RFC 8201 §4).
class PathMtuTest {

  private static final Ipv6Address ELSEWHERE = Ipv6Address.parse("2001:db8:3:3::3");
  private static final int UNKNOWN = OutboundSa.PATH_MTU_UNKNOWN;

  private Instant now = Instant.EPOCH;
  private final Sadb sadb = new Sadb(() -> now, new Random(8201));
  private final OutboundSa sa = SaSample.ofSpi(0x1000).outbound();

  private boolean lower(int octets) {
    return sa.lowerPathMtu(octets, now.toEpochMilli());
  }

  private void pass(Duration time) {
    now = now.plus(time);
    sadb.expire();
  }

  /// RFC 8201 §4: Packet Too Big never raises the estimate.
  @Test
  void isOnlyLowered() {
    assertEquals(UNKNOWN, sa.pathMtu());
    assertTrue(lower(1400));
    assertFalse(lower(1400));
    assertFalse(lower(1500));
    assertEquals(1400, sa.pathMtu());
    assertTrue(lower(1280));
    assertEquals(1280, sa.pathMtu());
  }

  /// RFC 8201 §4: a message that says less than the minimum link MTU is discarded.
  @Test
  void isNeverLessThanWhatEveryLinkCarries() {
    assertFalse(lower(1279));
    assertFalse(lower(0));
    assertFalse(lower(-1));
    assertEquals(UNKNOWN, sa.pathMtu());
  }

  /// RFC 8201 §4: the recommended ten minutes.
  @Test
  void isForgottenTenMinutesAfterItWasSaidLast() {
    sadb.install(sa);
    lower(1400);
    pass(Duration.ofMinutes(9));
    lower(1500);
    assertEquals(1400, sa.pathMtu());
    pass(Duration.ofMinutes(1));
    assertEquals(UNKNOWN, sa.pathMtu(), "more than is known confirms nothing");
    lower(1400);
    pass(Duration.ofMinutes(9));
    lower(1400);
    pass(Duration.ofMinutes(9));
    assertEquals(1400, sa.pathMtu());
    pass(Duration.ofMinutes(1));
    assertEquals(UNKNOWN, sa.pathMtu());
  }

  @Test
  void passesToTheSuccessorWithItsAge() {
    sadb.install(sa);
    lower(1400);
    pass(Duration.ofMinutes(6));
    OutboundSa successor = SaSample.ofSpi(0x2000).outbound();
    OutboundSa otherPeer = SaSample.ofSpi(0x3000).remote(ELSEWHERE).outbound();
    OutboundSa otherPolicy = SaSample.ofSpi(0x4000).reqid(2).outbound();
    sadb.install(successor);
    sadb.install(otherPeer);
    sadb.install(otherPolicy);
    assertEquals(1400, successor.pathMtu());
    assertEquals(UNKNOWN, otherPeer.pathMtu());
    assertEquals(UNKNOWN, otherPolicy.pathMtu());
    pass(Duration.ofMinutes(4));
    assertEquals(UNKNOWN, successor.pathMtu());
  }

  @Test
  void isUnknownOnceThePeerIsElsewhere() {
    UdpEncapsulation ports = new UdpEncapsulation(4500, 4500);
    sadb.install(sa);
    lower(1400);
    sadb.move(sa, sa.parameters().local(), SaSample.REMOTE, Optional.of(ports));
    assertEquals(1400, sa.pathMtu(), "another port is the same path");
    sadb.move(sa, sa.parameters().local(), ELSEWHERE, Optional.of(ports));
    assertEquals(UNKNOWN, sa.pathMtu());
  }

  /// RFC 4301 §8.2.1: an ICMPv6 error quotes SPI and destination of the packet that left.
  @Test
  void isFoundByTheSpiAndDestinationThatAnErrorQuotes() {
    OutboundSa other = SaSample.ofSpi(0x1000).reqid(2).remote(ELSEWHERE).outbound();
    sadb.install(SaSample.ofSpi(0x1000).inbound());
    sadb.install(sa);
    sadb.install(other);
    Sad sad = sadb.sad();
    assertSame(sa, sad.outbound(0x1000, SaSample.REMOTE.high(), SaSample.REMOTE.low()));
    assertSame(other, sad.outbound(0x1000, ELSEWHERE.high(), ELSEWHERE.low()));
    assertNull(sad.outbound(0x1001, SaSample.REMOTE.high(), SaSample.REMOTE.low()));
    assertNull(sad.outbound(0x1000, SaSample.LOCAL.high(), SaSample.LOCAL.low()));
  }
}
