package espd.ike.driver;

import static espd.ike.driver.Connections.after;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection.DeadPeer;
import espd.ike.Connection.Rekeying;
import espd.ike.Datagram;
import espd.ike.Extension;
import espd.ike.Identity;
import espd.ike.exchange.Path;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Sa;
import espd.spd.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// An initiator that moves from one address to another (RFC 4555).
final class MobilityTest extends TwoHosts {

  private static final Ipv6Address CAFE = Ipv6Address.parse("2001:db8:3:3::3");
  private static final Ipv6Address HOME = Ipv6Address.parse("2001:db8:4:4::4");

  private static Connections alice() {
    return Connections.alice();
  }

  private static Connections bob() {
    return Connections.bob();
  }

  private static Connections unmoved(Connections c) {
    return c.with(b -> b.options(c.connection().options().announcing(Extension.MOBIKE, false)));
  }

  private void assertBetween(Ipv6Address hers, Ipv6Address his) {
    for (Direction direction : Direction.values()) {
      for (Sa sa : alice.sas(direction)) {
        assertEquals(hers, sa.parameters().local());
        assertEquals(his, sa.parameters().remote());
      }
      for (Sa sa : bob.sas(direction)) {
        assertEquals(his, sa.parameters().local());
        assertEquals(hers, sa.parameters().remote());
      }
    }
    assertEquals(hers, path(alice).local());
    assertEquals(hers, path(bob).remote());
    assertProtected(1);
  }

  private static Path path(Host host) {
    return host.ike.list().getLast().path();
  }

  private void roams(Ipv6Address from, Ipv6Address to) {
    alice.roam(from, to);
    time.pass(Duration.ofSeconds(5));
  }

  /// RFC 4555 §3.3: both speak from port 4500 in IKE_AUTH on, so that no port has to change when a
  /// NAT comes in between later; ESP goes in UDP only where there is one.
  @Test
  void thePortIsThatOfNatsFromTheBeginning() {
    up(alice(), bob());
    assertEquals(4500, path(alice).localPort());
    assertEquals(4500, path(bob).remotePort());
    assertTrue(alice.sas(Direction.OUTBOUND).getFirst().parameters().encapsulation().isEmpty());
  }

  /// RFC 4555 §3.5: IKE and Child SAs of both ends follow, and no SA is new.
  @Test
  void theSasOfBothEndsFollow() {
    up(alice(), bob());
    List<Integer> before = alice.spis(Direction.INBOUND);
    roams(Connections.ALICE, CAFE);
    assertBetween(CAFE, Connections.BOB);
    assertEquals(before, alice.spis(Direction.INBOUND));
    roams(CAFE, HOME);
    assertBetween(HOME, Connections.BOB);
    assertEquals(before, alice.spis(Direction.INBOUND));
  }

  /// RFC 4555 §3.7: packets go to the new address only when the peer has shown that it is there.
  @Test
  void nothingIsSentToWhereNobodyAnswers() {
    up(alice(), bob());
    network.middlebox(d -> d.local().equals(CAFE) && isResponse(d) ? List.of() : List.of(d));
    alice.roam(Connections.ALICE, CAFE);
    time.pass(Duration.ofSeconds(3));
    assertEquals(Connections.ALICE, bob.sas(Direction.OUTBOUND).getFirst().parameters().remote());
    network.middlebox(List::of);
    time.pass(Duration.ofSeconds(10));
    assertBetween(CAFE, Connections.BOB);
  }

  private static boolean isResponse(Datagram d) {
    return (d.payload()[19] & 0x20) != 0;
  }

  /// RFC 4555 §3.5: a move while the news of the one before is on its way.
  @Test
  void theLastMoveCounts() {
    up(alice(), bob());
    network.middlebox(d -> d.local().equals(CAFE) ? List.of() : List.of(d));
    roams(Connections.ALICE, CAFE);
    roams(CAFE, HOME);
    assertBetween(HOME, Connections.BOB);
  }

  /// What was in flight when the address went is sent again from the new one, and then the news:
  /// there is one request at a time (RFC 7296 §2.3).
  @Test
  void whatIsInFlightGoesFromTheNewAddress() {
    up(
        alice().lifetimes(Rekeying.NEVER, after(Duration.ofSeconds(60), Duration.ofSeconds(20))),
        bob());
    network.middlebox(d -> d.local().equals(Connections.ALICE) ? List.of() : List.of(d));
    time.pass(Duration.ofSeconds(41));
    roams(Connections.ALICE, CAFE);
    assertBetween(CAFE, Connections.BOB);
    assertEquals(1, alice.count("CREATE_CHILD_SA initiator ok"));
  }

  /// RFC 4555 §1.3: it is the first initiator who may move, whoever rekeys.
  @Test
  void rekeyingTheIkeSaDoesNotChangeWhoMayMove() {
    Rekeying often = after(Duration.ofSeconds(60), Duration.ofSeconds(20));
    up(alice(), bob().lifetimes(often, Rekeying.NEVER));
    time.pass(Duration.ofSeconds(45));
    assertEquals(1, bob.count("CREATE_CHILD_SA initiator ok"));
    roams(Connections.ALICE, CAFE);
    time.pass(Duration.ofSeconds(45));
    assertBetween(CAFE, Connections.BOB);
  }

  /// RFC 4555 §3.5, RFC 7296 §2.8: the peer rekeys the IKE SA, and its answer to the news is lost.
  @Test
  void theSuccessorOfAnIkeSaGoesOnWithItsMove() {
    up(alice(), bob());
    network.middlebox(
        d -> d.local().equals(Connections.BOB) && isResponse(d) ? List.of() : List.of(d));
    alice.roam(Connections.ALICE, CAFE);
    time.pass(Duration.ofMillis(100));
    var _ = bob.ike.rekey(ikeSa -> true);
    time.pass(Duration.ofMillis(100));
    network.middlebox(List::of);
    time.pass(Duration.ofSeconds(10));
    assertEquals(1, bob.count("CREATE_CHILD_SA initiator ok"));
    assertBetween(CAFE, Connections.BOB);
  }

  @Test
  void thePeerIsAskedWhetherItLivesAtItsNewAddress() {
    up(alice(), bob().liveness(Duration.ofSeconds(10), DeadPeer.CLEAR));
    roams(Connections.ALICE, CAFE);
    time.pass(Duration.ofMinutes(2));
    assertBetween(CAFE, Connections.BOB);
    assertEquals(0, bob.count("retransmitted"));
  }

  /// RFC 4555 §3.5: what the notifications say of NATs on the new path decides how ESP goes.
  @Test
  void behindANatEspGoesInUdpFromThenOn() {
    up(alice(), bob());
    Ipv6Address outside = Ipv6Address.parse("2001:db8:9::9");
    network.middlebox(
        d ->
            d.local().equals(CAFE)
                ? List.of(new Datagram(outside, 61_000, d.remote(), d.remotePort(), d.payload()))
                : List.of(d));
    network.attach(
        outside,
        d -> network.carry(new Datagram(d.remote(), d.remotePort(), CAFE, 4500, d.payload())));
    roams(Connections.ALICE, CAFE);
    assertEquals(outside, path(bob).remote());
    Sa his = bob.sas(Direction.OUTBOUND).getFirst();
    assertEquals(outside, his.parameters().remote());
    assertEquals(61_000, his.parameters().encapsulation().orElseThrow().remotePort());
    Sa hers = alice.sas(Direction.OUTBOUND).getFirst();
    assertEquals(CAFE, hers.parameters().local());
    assertEquals(4500, hers.parameters().encapsulation().orElseThrow().remotePort());
    network.middlebox(List::of);
    roams(CAFE, HOME);
    assertBetween(HOME, Connections.BOB);
    assertTrue(alice.sas(Direction.OUTBOUND).getFirst().parameters().encapsulation().isEmpty());
    assertTrue(bob.sas(Direction.OUTBOUND).getFirst().parameters().encapsulation().isEmpty());
  }

  /// RFC 4555 §3.5: what the NAT before us does we cannot see, so we tell the peer where we are
  /// whenever we ask it whether it lives, and it looks.
  @Test
  void behindANatThePeerIsToldWhereWeAreNowAndThen() {
    Ipv6Address outside = Ipv6Address.parse("2001:db8:9::9");
    int[] port = {61_000};
    network.middlebox(
        d ->
            d.local().equals(Connections.ALICE)
                ? List.of(new Datagram(outside, port[0], d.remote(), d.remotePort(), d.payload()))
                : List.of(d));
    network.attach(outside, d -> network.carry(inward(d)));
    Identity hers = Identity.of(Connections.ALICE);
    up(
        alice().liveness(Duration.ofSeconds(10), DeadPeer.CLEAR),
        bob().with(b -> b.remote(Optional.empty()).remoteId(Optional.of(hers))));
    port[0] = 62_000;
    time.pass(Duration.ofSeconds(30));
    assertEquals(62_000, path(bob).remotePort());
    Sa his = bob.sas(Direction.OUTBOUND).getFirst();
    assertEquals(62_000, his.parameters().encapsulation().orElseThrow().remotePort());
    assertProtected(1);
  }

  private static Datagram inward(Datagram d) {
    return new Datagram(d.remote(), d.remotePort(), Connections.ALICE, d.remotePort(), d.payload());
  }

  /// RFC 4555 §3.1: without the other's announcement nobody moves.
  @Test
  void whoHasNotAnnouncedItDoesNotMove() {
    up(alice(), unmoved(bob()));
    alice.roam(Connections.ALICE, CAFE);
    time.pass(Duration.ofSeconds(1));
    assertEquals(Connections.ALICE, path(alice).local());
    assertEquals(Connections.ALICE, path(bob).remote());
  }

  /// RFC 4555 §1.2: it is for tunnels only.
  @Test
  void anSaInTransportModeDoesNotMove() {
    Selector hers =
        Selector.between(AddressRange.of(Connections.ALICE), AddressRange.of(Connections.BOB));
    up(alice().mode(Mode.TRANSPORT).selectors(hers), bob().mode(Mode.TRANSPORT));
    roams(Connections.ALICE, CAFE);
    assertEquals(Connections.ALICE, bob.sas(Direction.OUTBOUND).getFirst().parameters().remote());
    assertEquals(1, alice.count("received UNACCEPTABLE_ADDRESSES"));
  }

  /// Through loss, duplication and reordering, moving all the time, the ends agree in the end.
  @Test
  void movesPassABadNetwork() {
    for (int seed = 0; seed < 40; seed++) {
      VirtualTime clock = new VirtualTime();
      Network bad = new Network(clock, seed);
      bad.faults(new Network.Faults(0.1, 0.1, Duration.ofMillis(200)));
      Host one = new Host(Connections.ALICE, clock, bad, 10 + seed);
      Host two = new Host(Connections.BOB, clock, bad, 20_000 + seed);
      one.load(
          alice()
              .lifetimes(Rekeying.NEVER, after(Duration.ofSeconds(90), Duration.ofSeconds(40)))
              .connection());
      two.load(bob().connection());
      one.begin("net");
      clock.pass(Duration.ofSeconds(40));
      one.roam(Connections.ALICE, CAFE);
      clock.pass(Duration.ofMillis(100L * seed));
      one.roam(CAFE, HOME);
      clock.pass(Duration.ofMinutes(3));
      bad.faults(Network.Faults.NONE);
      clock.pass(Duration.ofMinutes(1));
      for (Sa sa : two.sas(Direction.OUTBOUND)) {
        assertEquals(HOME, sa.parameters().remote(), "seed " + seed);
      }
      for (Sa sa : one.sas(Direction.INBOUND)) {
        assertEquals(HOME, sa.parameters().local(), "seed " + seed);
      }
      assertEquals(one.spis(Direction.OUTBOUND), two.spis(Direction.INBOUND), "seed " + seed);
      assertEquals(1, one.sas(Direction.OUTBOUND).size(), "seed " + seed);
    }
  }
}
