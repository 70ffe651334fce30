package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Which SA a packet gets (RFC 4301 §4.4.2).
class SadTest {

  private static final Flow WEB = Packets.tcp("2001:db8:1:1::1", 1024, "2001:db8:2:2::2", 80);
  private static final Flow MAIL = Packets.tcp("2001:db8:1:1::1", 1024, "2001:db8:2:2::2", 25);

  /// RFC 4303 §2.1: the SPI alone tells the SA of an arriving packet.
  @Test
  void findsAnInboundSaByItsSpi() {
    InboundSa one = SaSample.ofSpi(0x100).inbound();
    InboundSa other = SaSample.ofSpi(0xffff_ffff).inbound();
    OutboundSa outbound = SaSample.ofSpi(0x200).outbound();
    Sad sad = new Sad(List.of(one, other, outbound));
    assertSame(one, sad.inbound(0x100));
    assertSame(other, sad.inbound(0xffff_ffff));
    assertNull(sad.inbound(0x200), "the SPI of an outbound SA");
    assertNull(sad.inbound(0x101));
  }

  @Test
  void takesTheNewestOutboundSaOfThePolicy() {
    OutboundSa old = SaSample.ofSpi(0x100).outbound();
    OutboundSa middle = SaSample.ofSpi(0x101).outbound();
    OutboundSa newest = SaSample.ofSpi(0x102).outbound();
    OutboundSa foreign = SaSample.ofSpi(0x103).reqid(2).outbound();
    assertSame(newest, new Sad(List.of(old, middle, newest, foreign)).outbound(1, WEB));
    assertSame(middle, new Sad(List.of(old, middle)).outbound(1, WEB));
    assertSame(foreign, new Sad(List.of(old, foreign)).outbound(2, WEB));
    assertNull(new Sad(List.of(old)).outbound(3, WEB));
  }

  /// RFC 7296 §2.9: an SA narrowed below its policy serves only what it was narrowed to.
  @Test
  void takesAnOutboundSaOnlyForThePacketsItsSelectorsPermit() {
    OutboundSa wide = SaSample.ofSpi(0x100).outbound();
    OutboundSa web = SaSample.ofSpi(0x101).selectors(port(80)).outbound();
    OutboundSa both = SaSample.ofSpi(0x102).selectors(port(80), port(25)).outbound();
    assertSame(web, new Sad(List.of(wide, web)).outbound(1, WEB));
    assertSame(wide, new Sad(List.of(wide, web)).outbound(1, MAIL));
    assertSame(both, new Sad(List.of(wide, both)).outbound(1, MAIL));
    assertNull(new Sad(List.of(web)).outbound(1, MAIL));
  }

  @Test
  void listsTheNewestFirst() {
    InboundSa one = SaSample.ofSpi(0x100).inbound();
    OutboundSa two = SaSample.ofSpi(0x100).outbound();
    assertEquals(List.of(two, one), new Sad(List.of(one, two)).all());
    assertEquals(List.of(), new Sad(List.of()).all());
  }

  /// A SAD changed step by step is as one made at once.
  @Test
  void changesBySingleSas() {
    Random random = new Random(4301);
    List<Sa> all = new ArrayList<>();
    Sad sad = new Sad(all);
    for (int step = 0; step < 3_000; step++) {
      if (!all.isEmpty() && random.nextInt(3) == 0) {
        Sa leaving = all.remove(random.nextInt(all.size()));
        sad = sad.without(leaving);
      } else {
        SaSample sample = SaSample.ofSpi(0x1000 + step).reqid(random.nextInt(50));
        Sa sa = random.nextBoolean() ? sample.inbound() : sample.outbound();
        all.add(sa);
        sad = sad.with(sa);
      }
      assertAlike(new Sad(all), sad);
    }
  }

  /// RFC 4301 §4.4.1.2: thousands of peers of one connection, each with a selector of its own.
  @Test
  void tellsThePeersOfOneReqidApart() {
    Random random = new Random(4301);
    List<OutboundSa> installed = new ArrayList<>();
    Sad sad = new Sad(List.of());
    for (int step = 0; step < 3_000; step++) {
      if (random.nextInt(installed.size() + 1) > 100) {
        OutboundSa leaving = installed.remove(random.nextInt(installed.size()));
        sad = sad.without(leaving);
        assertFalse(sad.contains(leaving));
      } else {
        OutboundSa coming =
            SaSample.ofSpi(0x1000 + random.nextInt(50))
                .selectors(port(random.nextInt(40)), port(random.nextInt(40)))
                .outbound();
        installed.add(coming);
        sad = sad.with(coming);
        assertTrue(sad.contains(coming));
      }
      Flow packet = Packets.tcp("2001:db8:1:1::1", 1024, "2001:db8:2:2::2", random.nextInt(41));
      assertSame(
          installed.reversed().stream()
              .filter(sa -> sa.parameters().selects(packet))
              .findFirst()
              .orElse(null),
          sad.outbound(1, packet));
      assertEquals(installed.size(), sad.size());
    }
  }

  /// A successor begins with the path MTU of the SA it takes over from.
  @Test
  void findsAnOlderSaToTheSamePeer() {
    Ipv6Address elsewhere = Ipv6Address.parse("2001:db8:3::3");
    List<Sa> all = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      OutboundSa successor = SaSample.ofSpi(0x900).selectors(port(i)).outbound();
      assertSame(i <= 8 && i > 0 ? all.getLast() : null, new Sad(all).older(successor));
      all.add(SaSample.ofSpi(0x100 + i).selectors(port(i)).outbound());
      assertSame(all.getLast(), new Sad(all).older(successor));
      assertNull(new Sad(all).older(SaSample.ofSpi(0x901).remote(elsewhere).outbound()));
    }
  }

  private static void assertAlike(Sad expected, Sad sad) {
    assertEquals(expected.all(), sad.all());
    assertEquals(expected.size(), sad.size());
    for (Sa sa : expected.all()) {
      Ipv6Address remote = sa.parameters().remote();
      assertTrue(sad.contains(sa));
      assertSame(
          expected.outbound(sa.spi(), remote.high(), remote.low()),
          sad.outbound(sa.spi(), remote.high(), remote.low()));
    }
    for (int reqid = 0; reqid < 50; reqid++) {
      assertSame(expected.outbound(reqid, WEB), sad.outbound(reqid, WEB));
    }
    expected.all().forEach(sa -> assertSame(expected.inbound(sa.spi()), sad.inbound(sa.spi())));
  }

  private static Selector port(int port) {
    return new Selector(
        AddressRange.of(SaSample.LOCAL),
        AddressRange.of(SaSample.REMOTE),
        Packets.TCP,
        PortRange.ANY,
        PortRange.of(port));
  }
}
