package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// The databases and their events, as PF_KEY has them (RFC 2367 §3.1).
class SadbTest {

  private static final Ipv6Address ELSEWHERE = Ipv6Address.parse("2001:db8:3:3::3");
  private static final Flow PACKET = Packets.tcp("2001:db8:1:1::1", 1024, "2001:db8:2:2::2", 80);

  private Instant now = Instant.EPOCH;
  private final List<String> events = new ArrayList<>();
  private final Sadb sadb = subscribed(new Sadb(() -> now, new Random(2367)));

  private Sadb subscribed(Sadb database) {
    database.subscribe(
        new SadbListener() {
          @Override
          public void acquire(SpdEntry entry, Selector packet) {
            events.add("acquire " + entry.id() + " " + packet);
          }

          @Override
          public void expire(Sa sa, Lifetime.Limit limit) {
            events.add("expire " + sa.parameters().spiText() + " " + limit);
          }

          @Override
          public void installed(Sa sa) {
            events.add("installed " + sa.parameters().spiText() + " " + sa.direction());
          }

          @Override
          public void removed(Sa sa) {
            events.add("removed " + sa.parameters().spiText() + " " + sa.direction());
          }

          @Override
          public void refused(int reqid) {
            events.add("refused " + reqid);
          }
        });
    return database;
  }

  // ---- SPIs (RFC 4303 §2.1) ----

  @Test
  void reservesNoSpiBelow256AndNoneThatIsInUse() {
    Sadb database = new Sadb(() -> now, numbers(0, 1, 255, 256, 256, 300, -1, 256, 400));
    assertEquals(256, database.reserveSpi());
    database.install(SaSample.ofSpi(256).inbound());
    assertEquals(300, database.reserveSpi(), "256 is an SA's");
    assertEquals(-1, database.reserveSpi(), "0xffffffff is a large number");
    assertEquals(400, database.reserveSpi());
  }

  @Test
  void reservesAnSpiAgainOnlyAfterItWasReleasedOrItsSaLeft() {
    Sadb database = new Sadb(() -> now, numbers(256, 256, 257, 256, 256, 258, 256));
    assertEquals(256, database.reserveSpi());
    assertEquals(257, database.reserveSpi(), "256 is reserved");
    database.releaseSpi(256);
    assertEquals(256, database.reserveSpi());
    InboundSa sa = SaSample.ofSpi(256).inbound();
    database.install(sa);
    assertEquals(258, database.reserveSpi(), "256 is an SA's");
    database.remove(sa);
    assertEquals(256, database.reserveSpi());
  }

  private static RandomGenerator numbers(int... numbers) {
    Iterator<Integer> next = Arrays.stream(numbers).iterator();
    return new RandomGenerator() {
      @Override
      public int nextInt() {
        return next.next();
      }

      @Override
      public long nextLong() {
        throw new UnsupportedOperationException("only integers are drawn");
      }
    };
  }

  // ---- install, remove, move ----

  @Test
  void installsAndRemovesEachDirectionByItsSpi() {
    InboundSa inbound = SaSample.ofSpi(0x1000).inbound();
    OutboundSa outbound = SaSample.ofSpi(0x1000).outbound();
    sadb.install(inbound);
    sadb.install(outbound);
    assertSame(inbound, sadb.sad().inbound(0x1000));
    assertSame(outbound, sadb.sad().outbound(1, PACKET));
    assertTrue(sadb.remove(inbound));
    assertFalse(sadb.remove(inbound));
    assertNull(sadb.sad().inbound(0x1000));
    assertSame(outbound, sadb.sad().outbound(1, PACKET));
    assertEquals(
        List.of(
            "installed 0x00001000 INBOUND",
            "installed 0x00001000 OUTBOUND",
            "removed 0x00001000 INBOUND"),
        events);
  }

  /// RFC 4301 §4.1: two peers may choose the same SPI, and have one address where a NAT is before
  /// them.
  @Test
  void removesTheOutboundSaOfTheRightPeer() {
    OutboundSa one = SaSample.ofSpi(0x1000).outbound();
    OutboundSa other = SaSample.ofSpi(0x1000).reqid(2).outbound();
    sadb.install(one);
    sadb.install(other);
    assertTrue(sadb.remove(one));
    assertEquals(List.of(other), sadb.sad().all());
  }

  @Test
  void replacesAnInboundSaOfTheSameSpiAndWipesTheOldOne() {
    InboundSa old = SaSample.ofSpi(0x1000).inbound();
    InboundSa replacement = SaSample.ofSpi(0x1000).inbound();
    sadb.install(old);
    sadb.install(replacement);
    assertSame(replacement, sadb.sad().inbound(0x1000));
    assertEquals(List.of(replacement), sadb.sad().all());
    assertEquals(
        List.of(
            "installed 0x00001000 INBOUND",
            "removed 0x00001000 INBOUND",
            "installed 0x00001000 INBOUND"),
        events);
    now = now.plusSeconds(5);
    sadb.expire();
    assertTrue(isWiped(old));
    assertFalse(isWiped(replacement));
  }

  @Test
  void keepsTheKeysOfAnSaThatIsPutBack() {
    InboundSa sa = SaSample.ofSpi(0x1000).inbound();
    sadb.install(sa);
    sadb.install(sa);
    assertEquals(List.of(sa), sadb.sad().all());
    sadb.remove(sa);
    sadb.install(sa);
    now = now.plusSeconds(60);
    sadb.expire();
    assertFalse(isWiped(sa));
    assertSame(sa, sadb.sad().inbound(0x1000));
  }

  /// RFC 4301 §4.4.2.1: a lifetime may end while the policies that its SA serves are changed.
  @Test
  void anSaThatHasLeftIsNotPutBackByOtherPackets() {
    OutboundSa sa = SaSample.ofSpi(0x1000).outbound();
    sadb.install(sa);
    sadb.remove(sa);
    sadb.select(sa, List.of(Selector.between(AddressRange.ANY, AddressRange.ANY)));
    assertEquals(List.of(), sadb.sad().all());
  }

  @Test
  void leavesSnapshotsAsTheyWere() {
    InboundSa sa = SaSample.ofSpi(0x1000).inbound();
    Sad empty = sadb.sad();
    sadb.install(sa);
    Sad one = sadb.sad();
    sadb.remove(sa);
    assertNull(empty.inbound(0x1000));
    assertSame(sa, one.inbound(0x1000));
  }

  /// RFC 7296 §2.23: a NAT gave the peer a new port; numbers and window go on.
  @Test
  void movesAnSaToAnotherEndpointWithItsNumbersAndKeys() {
    OutboundSa sa = SaSample.ofSpi(0x1000).outbound();
    sadb.install(sa);
    assertEquals(1, sa.nextSequence());
    sadb.move(
        sa, sa.parameters().local(), ELSEWHERE, Optional.of(new UdpEncapsulation(4500, 1024)));
    assertEquals(ELSEWHERE, sa.parameters().remote());
    assertEquals(Optional.of(new UdpEncapsulation(4500, 1024)), sa.parameters().encapsulation());
    assertEquals(2, sa.nextSequence());
    now = now.plusSeconds(60);
    sadb.expire();
    assertFalse(isWiped(sa));
    assertTrue(sadb.remove(sa));
  }

  // ---- acquire (RFC 2367 §3.1.6) ----

  @Test
  void asksOnceForAnSaUntilItIsInstalled() {
    SpdEntry entry = protect(1);
    sadb.acquire(entry, PACKET);
    sadb.acquire(entry, PACKET);
    assertEquals(List.of("acquire 1 " + PACKET.toSelector()), events);
    sadb.install(SaSample.ofSpi(0x1000).inbound());
    sadb.acquire(entry, PACKET);
    assertEquals(2, events.size(), "an inbound SA answers nothing");
    OutboundSa sa = SaSample.ofSpi(0x2000).outbound();
    sadb.install(sa);
    assertFalse(sadb.isAcquiring(1));
    sadb.remove(sa);
    sadb.acquire(entry, PACKET);
    assertEquals(5, events.size());
  }

  /// A packet that was looked up in an older SAD asks late, and would leave a question that nobody
  /// answers: the SA is there.
  @Test
  void asksForNothingThatHasJustBeenInstalled() {
    SpdEntry entry = protect(1);
    sadb.install(SaSample.ofSpi(0x2000).outbound());
    sadb.acquire(entry, PACKET);
    assertEquals(1, events.size());
    assertFalse(sadb.isAcquiring(1));
  }

  @Test
  void asksAgainAfterThirtySecondsWithoutAnswer() {
    SpdEntry entry = protect(1);
    sadb.acquire(entry, PACKET);
    now = now.plus(Sadb.ACQUIRE_AGAIN).minusMillis(1);
    sadb.acquire(entry, PACKET);
    assertEquals(1, events.size());
    now = now.plusMillis(1);
    sadb.acquire(entry, PACKET);
    assertEquals(2, events.size());
  }

  @Test
  void asksAnewAfterARefusalAndForEachPolicyByItself() {
    sadb.acquire(protect(1), PACKET);
    sadb.acquire(protect(2), PACKET);
    assertEquals(2, events.size());
    sadb.refuse(1);
    assertEquals("refused 1", events.getLast());
    sadb.acquire(sadb.spd().entries().getLast(), PACKET);
    sadb.acquire(sadb.spd().entries().getFirst(), PACKET);
    assertEquals(4, events.size());
  }

  @Test
  void asksForNothingWhereThePolicyProtectsNothing() {
    SpdEntry bypass = sadb.spd().lookup(Direction.OUTBOUND, PACKET);
    assertThrows(IllegalArgumentException.class, () -> sadb.acquire(bypass, PACKET));
  }

  private SpdEntry protect(int reqid) {
    Processing protect =
        new Processing.Protect(Mode.TUNNEL, SaSample.LOCAL, SaSample.REMOTE, reqid);
    Selector selector =
        Selector.between(AddressRange.of(SaSample.LOCAL), AddressRange.of(SaSample.REMOTE));
    return sadb.add(new Policy("sample", Direction.OUTBOUND, selector, 0, protect));
  }

  // ---- expire (RFC 2367 §3.1.8) ----

  @Test
  void tellsOfTheSoftLimitOnceAndRemovesAtTheHardOne() {
    Lifetime lifetime = Lifetime.ofTime(Duration.ofSeconds(10), Duration.ofSeconds(20));
    sadb.install(SaSample.ofSpi(0x1000).lifetime(lifetime).inbound());
    events.clear();
    passTo(9);
    assertEquals(List.of(), events);
    passTo(10);
    passTo(19);
    assertEquals(List.of("expire 0x00001000 SOFT"), events);
    assertNotNull(sadb.sad().inbound(0x1000));
    passTo(20);
    passTo(21);
    assertEquals(
        List.of("expire 0x00001000 SOFT", "expire 0x00001000 HARD", "removed 0x00001000 INBOUND"),
        events);
    assertNull(sadb.sad().inbound(0x1000));
  }

  @Test
  void expiresByBytesAndPacketsToo() {
    OutboundSa bytes =
        SaSample.ofSpi(0x1000).lifetime(new Lifetime(0, 0, 100, 200, 0, 0)).outbound();
    OutboundSa packets = SaSample.ofSpi(0x2000).lifetime(new Lifetime(0, 0, 0, 0, 2, 3)).outbound();
    sadb.install(bytes);
    sadb.install(packets);
    events.clear();
    bytes.count(100, 0);
    packets.count(1, 0);
    sadb.expire();
    assertEquals(List.of("expire 0x00001000 SOFT"), events);
    packets.count(1, 0);
    sadb.expire();
    assertEquals("expire 0x00002000 SOFT", events.getLast());
    bytes.count(100, 0);
    packets.count(1, 0);
    sadb.expire();
    assertEquals(List.of(), sadb.sad().all());
    assertEquals(6, events.size());
  }

  /// A gigabit fills a small limit long before a second has passed.
  @Test
  void saysAtOnceThatAnSaIsDueAndAgainAtTheHardLimit() {
    List<Sa> due = new ArrayList<>();
    sadb.subscribe(
        new SadbListener() {
          @Override
          public void due(Sa sa) {
            due.add(sa);
          }
        });
    OutboundSa sa = SaSample.ofSpi(0x1000).lifetime(new Lifetime(0, 0, 100, 200, 0, 0)).outbound();
    sadb.install(sa);
    events.clear();
    sa.count(99, 0);
    assertEquals(List.of(), due);
    sa.count(1, 0);
    assertEquals(List.of(sa), due);
    assertEquals(List.of(), events, "who counts does not deal with it");
    sadb.expire();
    sa.count(99, 0);
    sa.count(1, 0);
    sa.count(1, 0);
    assertEquals(List.of(sa, sa), due);
    assertTrue(sa.isSpent());
    sadb.expire();
    assertEquals(
        List.of("expire 0x00001000 SOFT", "expire 0x00001000 HARD", "removed 0x00001000 OUTBOUND"),
        events);
  }

  /// RFC 4303 §3.3.3: a new SA is needed before the numbers are used up, whatever the lifetime.
  @Test
  void asksForASuccessorBeforeTheNumbersEnd() {
    SaSample sample = SaSample.ofSpi(0x1000).lifetime(Lifetime.UNLIMITED);
    OutboundSa early = new OutboundSa(sample.parameters(), 0xdfff_fffeL);
    OutboundSa late = new OutboundSa(SaSample.ofSpi(0x2000).parameters(), 0xf000_0000L);
    OutboundSa esn = new OutboundSa(SaSample.ofSpi(0x3000).esn().parameters(), 0xf000_0000L);
    sadb.install(early);
    sadb.install(late);
    sadb.install(esn);
    events.clear();
    sadb.expire();
    sadb.expire();
    assertEquals(List.of("expire 0x00002000 SOFT"), events);
    assertEquals(3, sadb.sad().all().size(), "it serves until its successor is there");
  }

  @Test
  void wipesTheKeysFiveSecondsAfterTheSaLeft() {
    InboundSa sa = SaSample.ofSpi(0x1000).inbound();
    sadb.install(sa);
    sadb.remove(sa);
    passTo(4);
    assertFalse(isWiped(sa), "a packet may be in flight");
    passTo(5);
    assertTrue(isWiped(sa));
  }

  private void passTo(long seconds) {
    now = Instant.EPOCH.plusSeconds(seconds);
    sadb.expire();
  }

  private static boolean isWiped(Sa sa) {
    try {
      return sa.parameters().encryptionKey().use(octets -> octets.length == 0);
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
