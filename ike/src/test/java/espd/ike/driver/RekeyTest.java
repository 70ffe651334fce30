package espd.ike.driver;

import static espd.ike.driver.Connections.after;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection.Rekeying;
import espd.ike.Connection.Volume;
import espd.ike.message.Header;
import espd.spd.Direction;
import espd.spd.Flow;
import espd.spd.Mode;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Sa;
import espd.spd.SadbListener;
import espd.spd.Selector;
import espd.spd.SpdEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// CREATE_CHILD_SA: further SAs and successors (RFC 7296 §1.3, §2.8).
final class RekeyTest extends TwoHosts {

  private static final Rekeying NEVER = Rekeying.NEVER;
  private static final Rekeying MINUTE = after(Duration.ofSeconds(60), Duration.ofSeconds(20));
  private static final Rekeying VOLUME =
      new Rekeying(Duration.ZERO, Duration.ZERO, Volume.UNLIMITED, new Volume(100, 10), 0, true);

  private static int rekeys(Host host) {
    return host.count("CREATE_CHILD_SA initiator ok");
  }

  /// RFC 7296 §1.3.3: N(REKEY_SA), SA, Ni, TSi, TSr --> then D of the old one.
  @Test
  void theInitiatorRekeysTheChildSa() {
    up(Connections.alice().lifetimes(NEVER, MINUTE), Connections.bob());
    List<Integer> before = alice.spis(Direction.INBOUND);
    time.pass(Duration.ofSeconds(45));
    assertEquals(1, rekeys(alice));
    assertNotEquals(before, alice.spis(Direction.INBOUND));
    assertProtected(1);
  }

  /// RFC 7296 §2.8: the old IKE SA's lifetime ends while its successor is still being asked for.
  @Test
  void theEndOfAnOldIkeSaIsNotThatOfItsSuccessor() {
    up(Connections.alice().lifetimes(MINUTE, NEVER), Connections.bob());
    network.middlebox(d -> d.payload()[18] == Header.CREATE_CHILD_SA ? List.of() : List.of(d));
    time.pass(Duration.ofMillis(55_500));
    network.middlebox(List::of);
    time.pass(Duration.ofSeconds(10));
    assertEquals(1, rekeys(alice));
    assertProtected(1);
    assertEquals(1, alice.ike.list().size());
  }

  /// RFC 7296 §1.3.3: either end may.
  @Test
  void theResponderRekeysTheChildSa() {
    up(Connections.alice(), Connections.bob().lifetimes(NEVER, MINUTE));
    time.pass(Duration.ofSeconds(45));
    assertEquals(1, rekeys(bob));
    assertProtected(1);
  }

  /// RFC 4301 §4.4.2.1: a soft limit of packets, in whichever direction, negotiates one successor.
  @ParameterizedTest
  @EnumSource(Direction.class)
  void packetsInEitherDirectionRekeyTheChildSa(Direction direction) {
    up(Connections.alice().lifetimes(NEVER, VOLUME), Connections.bob());
    List<Integer> before = alice.spis(Direction.INBOUND);
    count(alice, direction, 89);
    time.pass(Duration.ofSeconds(5));
    assertEquals(0, rekeys(alice));
    count(alice, direction, 1);
    time.pass(Duration.ofSeconds(5));
    assertEquals(1, rekeys(alice));
    assertNotEquals(before, alice.spis(Direction.INBOUND));
    assertProtected(1);
  }

  @Test
  void bothDirectionsAtOnceRekeyTheChildSaOnce() {
    up(Connections.alice().lifetimes(NEVER, VOLUME), Connections.bob());
    count(alice, Direction.INBOUND, 90);
    count(alice, Direction.OUTBOUND, 90);
    time.pass(Duration.ofSeconds(30));
    assertEquals(1, rekeys(alice));
    assertProtected(1);
  }

  /// The responder of an SA has limits of its own, and heeds them (RFC 7296 §2.8).
  @Test
  void theResponderRekeysByPacketsToo() {
    up(Connections.alice(), Connections.bob().lifetimes(NEVER, VOLUME));
    count(bob, Direction.INBOUND, 90);
    time.pass(Duration.ofSeconds(5));
    assertEquals(1, rekeys(bob));
    assertProtected(1);
  }

  /// Both ends count the same packets, so with the same limits they rekey at once (RFC 7296
  /// §2.8.1).
  @Test
  void bothEndsWithTheSameLimitOfPacketsLeaveOne() {
    up(Connections.alice().lifetimes(NEVER, VOLUME), Connections.bob().lifetimes(NEVER, VOLUME));
    for (int round = 0; round < 5; round++) {
      count(alice, Direction.OUTBOUND, 90);
      count(bob, Direction.INBOUND, 90);
      time.pass(Duration.ofSeconds(10));
      assertProtected(1);
    }
    assertTrue(rekeys(alice) + rekeys(bob) >= 5);
  }

  /// RFC 4301 §4.4.2.1: at the hard limit the pair goes, and the peer is told.
  @Test
  void theHardLimitOfPacketsDeletesThePair() {
    up(Connections.alice().lifetimes(NEVER, VOLUME), Connections.bob());
    count(alice, Direction.OUTBOUND, 100);
    time.pass(Duration.ofSeconds(10));
    assertEquals(List.of(), alice.sadb.sad().all());
    assertEquals(List.of(), bob.sadb.sad().all());
  }

  private static void count(Host host, Direction direction, int packets) {
    Sa sa = host.sas(direction).getFirst();
    for (int i = 0; i < packets; i++) {
      sa.count(100, 0);
    }
  }

  /// RFC 7296 §1.3.1: with a group in the ESP proposal the successor has its own key exchange.
  @Test
  void aChildSaIsRekeyedWithPerfectForwardSecrecy() {
    var pfs = Connections.esp(Connections.GCM_128, Connections.X25519, Connections.NO_ESN);
    up(
        Connections.alice().espProposals(pfs).lifetimes(NEVER, MINUTE),
        Connections.bob().espProposals(pfs));
    time.pass(Duration.ofSeconds(45));
    assertEquals(1, rekeys(alice));
    assertProtected(1);
  }

  /// RFC 7296 §1.3.1: INVALID_KE_PAYLOAD in CREATE_CHILD_SA.
  @Test
  void anotherGroupIsUsedForPerfectForwardSecrecy() {
    up(
        Connections.alice()
            .espProposals(
                Connections.esp(
                    Connections.GCM_128, Connections.P256, Connections.X25519, Connections.NO_ESN))
            .lifetimes(NEVER, MINUTE),
        Connections.bob()
            .espProposals(
                Connections.esp(Connections.GCM_128, Connections.X25519, Connections.NO_ESN)));
    time.pass(Duration.ofSeconds(45));
    assertEquals(1, bob.count("sent INVALID_KE_PAYLOAD"));
    assertEquals(1, rekeys(alice));
    assertProtected(1);
  }

  /// RFC 7296 §2.8.1: both ends rekey the same Child SA at once; one pair remains.
  @Test
  void childSasRekeyedByBothEndsAtOnceLeaveOne() {
    up(Connections.alice().lifetimes(NEVER, MINUTE), Connections.bob().lifetimes(NEVER, MINUTE));
    time.pass(Duration.ofSeconds(60));
    assertEquals(1, rekeys(alice), "both asked, so neither saw the other's request before");
    assertEquals(1, rekeys(bob));
    assertProtected(1);
    time.pass(Duration.ofMinutes(2));
    assertProtected(1);
  }

  /// RFC 7296 §1.3.2, §2.18: the successor inherits the Child SAs.
  @Test
  void theInitiatorRekeysTheIkeSa() {
    up(Connections.alice().lifetimes(MINUTE, NEVER), Connections.bob());
    List<Integer> before = alice.spis(Direction.INBOUND);
    long spi = alice.ike.list().getFirst().localSpi();
    time.pass(Duration.ofSeconds(45));
    assertEquals(1, alice.ike.list().size());
    assertEquals(1, bob.ike.list().size());
    assertNotEquals(spi, alice.ike.list().getFirst().localSpi());
    assertEquals(before, alice.spis(Direction.INBOUND));
    assertProtected(1);
    assertEquals(1, children(alice));
    assertEquals(1, children(bob));
  }

  private static int children(Host host) {
    return host.ike.list().stream()
        .flatMap(view -> view.established().stream())
        .mapToInt(details -> details.children().size())
        .sum();
  }

  @Test
  void theResponderRekeysTheIkeSa() {
    up(Connections.alice(), Connections.bob().lifetimes(MINUTE, NEVER));
    time.pass(Duration.ofMinutes(5));
    assertTrue(rekeys(bob) >= 5);
    assertEquals(1, alice.ike.list().size());
    assertEquals(1, children(bob));
    assertProtected(1);
  }

  /// RFC 7296 §2.8.1: IKE SAs rekeyed by both ends at once.
  @Test
  void ikeSasRekeyedByBothEndsAtOnceLeaveOne() {
    up(Connections.alice().lifetimes(MINUTE, NEVER), Connections.bob().lifetimes(MINUTE, NEVER));
    time.pass(Duration.ofSeconds(60));
    assertEquals(1, rekeys(alice));
    assertEquals(1, rekeys(bob));
    assertEquals(1, alice.ike.list().size(), alice.ike.list()::toString);
    assertEquals(1, bob.ike.list().size());
    assertEquals(1, children(alice));
    assertEquals(1, children(bob));
    assertProtected(1);
  }

  /// What was rekeyed works on: the successor can rekey and delete.
  @Test
  void everythingIsRekeyedAgainAndAgain() {
    Rekeying fast = after(Duration.ofSeconds(47), Duration.ofSeconds(13));
    up(Connections.alice().lifetimes(MINUTE, fast), Connections.bob().lifetimes(fast, MINUTE));
    time.pass(Duration.ofMinutes(30));
    assertProtected(1);
    assertEquals(1, alice.ike.list().size());
    var down = bob.down("net");
    time.pass(Duration.ofSeconds(10));
    assertTrue(down.join().succeeded());
    assertEquals(List.of(), alice.sadb.sad().all());
    assertEquals(List.of(), bob.sadb.sad().all());
  }

  /// RFC 7296 §1.3.1: a second connection with the same peer uses the IKE SA there is.
  @Test
  void aFurtherChildSaUsesTheSameIkeSa() {
    Selector other = Connections.between("2001:db8:a::/48", "2001:db8:b::/48");
    Selector mirrored = Connections.between("2001:db8:b::/48", "2001:db8:a::/48");
    alice.load(
        Connections.alice().connection(),
        Connections.alice().named("more", 2).selectors(other).connection());
    bob.load(
        Connections.bob().connection(),
        Connections.bob().named("more", 2).selectors(mirrored).connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(2));
    var more = alice.up("more");
    time.pass(Duration.ofSeconds(2));
    assertTrue(more.join().succeeded(), alice.lines::toString);
    assertProtected(2);
    assertEquals(1, alice.ike.list().size());
    assertEquals(6, network.seen().size());
    var down = alice.down("more");
    time.pass(Duration.ofSeconds(5));
    assertTrue(down.join().succeeded());
    assertProtected(1);
    assertEquals(1, alice.ike.list().size());
  }

  /// RFC 2367 §3.1.6, RFC 7296 §2.9: a packet without an SA has one negotiated.
  @Test
  void anAcquireNegotiates() {
    alice.load(Connections.alice().connection());
    bob.load(Connections.bob().connection());
    time.pass(Duration.ofSeconds(1));
    SpdEntry entry = policy(alice);
    alice.sadb.acquire(entry, ping());
    time.pass(Duration.ofSeconds(2));
    assertProtected(1);
  }

  @Test
  void anAcquireThatFailsIsRefused() {
    List<Integer> refused = new ArrayList<>();
    alice.sadb.subscribe(
        new SadbListener() {
          @Override
          public void refused(int reqid) {
            refused.add(reqid);
          }
        });
    alice.load(Connections.alice().connection());
    bob.load(Connections.bob().connection());
    bob.sharedKey = "another";
    time.pass(Duration.ofSeconds(1));
    alice.sadb.acquire(policy(alice), ping());
    time.pass(Duration.ofSeconds(2));
    assertEquals(List.of(1), refused);
  }

  private static SpdEntry policy(Host host) {
    Selector selector = Connections.alice().connection().selectors().getFirst();
    return host.sadb.add(
        new Policy(
            "net",
            Direction.OUTBOUND,
            selector,
            0,
            new Processing.Protect(Mode.TUNNEL, Connections.ALICE, Connections.BOB, 1)));
  }

  private static Flow ping() {
    Flow flow = new Flow();
    flow.localHigh = Connections.ALICE.high();
    flow.localLow = Connections.ALICE.low();
    flow.remoteHigh = Connections.BOB.high();
    flow.remoteLow = Connections.BOB.low();
    flow.protocol = Selector.ICMPV6;
    flow.localPort = 128 << 8;
    flow.remotePort = 128 << 8;
    return flow;
  }

  /// RFC 7296 §2.1: the octets of a retransmission are the same, and its answer too.
  @Test
  void aDuplicateRequestGetsTheSameAnswer() {
    up(Connections.alice(), Connections.bob());
    var request =
        network.seen().stream()
            .filter(d -> d.payload()[18] == Header.IKE_AUTH && d.local().equals(Connections.ALICE))
            .findFirst()
            .orElseThrow();
    var answer = network.seen().getLast();
    network.send(request);
    time.pass(Duration.ofSeconds(1));
    var again = network.seen().getLast();
    assertEquals(
        HexFormat.of().formatHex(answer.payload()), HexFormat.of().formatHex(again.payload()));
    assertProtected(1);
    assertFalse(bob.ike.list().isEmpty());
  }
}
