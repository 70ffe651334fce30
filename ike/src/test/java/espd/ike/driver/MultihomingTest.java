package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection.DeadPeer;
import espd.ike.Datagram;
import espd.ike.exchange.Path;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Sa;
import espd.spd.Selector;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Ends with several addresses (RFC 4555 §3.4, §3.6, §3.10 to §3.12). Arrows to the right are
/// Alice's messages, who has called; those that get lost are left out.
final class MultihomingTest extends TwoHosts {

  private static final Ipv6Address ALICE = Connections.ALICE;
  private static final Ipv6Address BOB = Connections.BOB;
  private static final Ipv6Address ALICE_TOO = Ipv6Address.parse("2001:db8:3:3::a");
  private static final Ipv6Address BOB_TOO = Ipv6Address.parse("2001:db8:3:3::b");
  private static final Ipv6Address LATER = Ipv6Address.parse("2001:db8:5:5::5");

  private final Set<Ipv6Address> dead = new HashSet<>();

  private Transcript both(Connections hers, Connections his) {
    Transcript transcript = new Transcript(alice, bob);
    network.middlebox(
        d -> {
          if (dead.contains(d.local()) || dead.contains(d.remote()) || d.isKeepalive()) {
            return List.of();
          }
          transcript.note(isAlices(d.local()) ? "-->" : "<--", d);
          return List.of(d);
        });
    up(hers, his);
    return transcript;
  }

  private static boolean isAlices(Ipv6Address address) {
    return List.of(ALICE, ALICE_TOO, LATER).contains(address);
  }

  private static Connections alice() {
    return Connections.alice();
  }

  private static Connections bob() {
    return Connections.bob();
  }

  private void passes(int seconds) {
    time.pass(Duration.ofSeconds(seconds));
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
    assertEquals(new Path(hers, 4500, his, 4500), alice.ike.list().getLast().path());
    assertEquals(new Path(his, 4500, hers, 4500), bob.ike.list().getLast().path());
    assertProtected(1);
  }

  /// RFC 4555 §3.4: both say so in IKE_AUTH; the address in use is seen anyway.
  @Test
  void othersAreAnnouncedWithTheFirstChildSa() {
    alice.gets(ALICE_TOO);
    bob.gets(BOB_TOO);
    Transcript said = both(alice(), bob());
    assertTrue(said.text().contains("TSr N(MOBIKE_SUP) N(ADD_6_ADDR) ]\n<--"), said::text);
    assertTrue(said.text().endsWith("TSr N(MOBIKE_SUP) N(ADD_6_ADDR) ]"), said::text);
  }

  /// What leads into a tunnel is no way to its end.
  @Test
  void addressesInsideOfTheTunnelAreNot() {
    alice.gets(LATER);
    Selector inside =
        Selector.between(AddressRange.parse("2001:db8:5:5::/64"), AddressRange.of(BOB));
    Transcript said =
        both(
            alice().selectors(inside),
            bob()
                .selectors(
                    Selector.between(
                        AddressRange.of(BOB), AddressRange.parse("2001:db8:5:5::/64"))));
    assertFalse(said.text().contains("ADD_6_ADDR"), said::text);
  }

  /// Nor does anybody go there when the address in use is gone, until there is another.
  @Test
  void nobodyMovesIntoTheTunnel() {
    Selector inside =
        Selector.between(AddressRange.parse("2001:db8:5:5::/64"), AddressRange.of(BOB));
    both(
        alice().selectors(inside),
        bob()
            .selectors(
                Selector.between(AddressRange.of(BOB), AddressRange.parse("2001:db8:5:5::/64"))));
    alice.gets(LATER);
    alice.loses(ALICE);
    passes(1);
    assertEquals(ALICE, alice.ike.list().getLast().path().local());
    alice.loses(LATER);
    alice.gets(ALICE_TOO);
    passes(5);
    assertBetween(ALICE_TOO, BOB);
  }

  /// RFC 4555 §3.6: either end says all that there are now, or that there are none.
  @Test
  void changesAreToldByEitherEnd() {
    Transcript said = both(alice(), bob());
    said.clear();
    alice.gets(ALICE_TOO);
    passes(1);
    bob.gets(BOB_TOO);
    passes(1);
    alice.loses(ALICE_TOO);
    passes(1);
    assertEquals(
        """
        --> [1] INFORMATIONAL request 2 [ N(ADD_6_ADDR) ]
        <-- [1] INFORMATIONAL response 2 [  ]
        <-- [1] INFORMATIONAL request 0 [ N(ADD_6_ADDR) ]
        --> [1] INFORMATIONAL response 0 [  ]
        --> [1] INFORMATIONAL request 3 [ N(NO_ADD_ADDR) ]
        <-- [1] INFORMATIONAL response 3 [  ]
        """
            .strip(),
        said.text());
    assertBetween(ALICE, BOB);
  }

  /// RFC 4555 §3.10, §3.12: the initiator asks by all paths when that in use is silent, goes on by
  /// the one that is answered, and SAs follow once the peer has heard so by that path, and shown
  /// itself there (§3.7).
  @Test
  void theInitiatorFindsAnotherPathWhenThatInUseIsDead() {
    alice.gets(ALICE_TOO);
    bob.gets(BOB_TOO);
    Transcript said = both(alice().liveness(Duration.ofSeconds(10), DeadPeer.CLEAR), bob());
    List<Integer> before = alice.spis(Direction.INBOUND);
    said.clear();
    dead.addAll(List.of(ALICE, BOB));
    passes(10);
    assertEquals(
        """
        --> [1] INFORMATIONAL request 2 [  ]
        <-- [1] INFORMATIONAL response 2 [  ]
        --> [1] INFORMATIONAL request 3 [ N(UPD_SA_ADDR) N(NATD_S_IP) N(NATD_D_IP) N(ADD_6_ADDR) N(COOKIE2) ]
        <-- [1] INFORMATIONAL response 3 [ N(NATD_S_IP) N(NATD_D_IP) N(COOKIE2) ]
        <-- [1] INFORMATIONAL request 0 [ N(ADD_6_ADDR) N(COOKIE2) ]
        --> [1] INFORMATIONAL response 0 [ N(COOKIE2) ]
        """
            .strip(),
        said.text());
    assertBetween(ALICE_TOO, BOB_TOO);
    assertEquals(before, alice.spis(Direction.INBOUND));
    assertTrue(
        alice.sas(Direction.OUTBOUND).getFirst().parameters().encapsulation().isEmpty(),
        "and no NAT is found on it");
  }

  /// One end of the path is enough, and it may die again.
  @Test
  void itFindsThemTimeAndAgain() {
    alice.gets(ALICE_TOO);
    bob.gets(BOB_TOO);
    both(alice().liveness(Duration.ofSeconds(10), DeadPeer.CLEAR), bob());
    dead.add(BOB);
    passes(30);
    assertBetween(ALICE, BOB_TOO);
    dead.add(ALICE);
    passes(30);
    assertBetween(ALICE_TOO, BOB_TOO);
    dead.clear();
    dead.add(BOB_TOO);
    passes(30);
    assertEquals(BOB, alice.ike.list().getLast().path().remote());
    assertProtected(1);
  }

  /// RFC 4555 §3.5: only the initiator chooses. The responder asks where it knows the peer to be.
  @Test
  void theResponderDoesNotChoose() {
    alice.gets(ALICE_TOO);
    bob.gets(BOB_TOO);
    both(alice(), bob().liveness(Duration.ofSeconds(10), DeadPeer.CLEAR));
    dead.addAll(List.of(ALICE, BOB));
    int before = network.seen().size();
    passes(30);
    assertTrue(
        network.seen().subList(before, network.seen().size()).stream()
            .allMatch(d -> d.local().equals(BOB) && d.remote().equals(ALICE)));
  }

  /// A responder that loses the address in use says so from another, and the initiator follows.
  @Test
  void aResponderThatLosesItsAddressIsFollowed() {
    bob.gets(BOB_TOO);
    Transcript said = both(alice(), bob());
    said.clear();
    bob.loses(BOB);
    passes(2);
    assertTrue(said.text().startsWith("<-- [1] INFORMATIONAL request 0 [ N(NO_ADD_ADDR) ]"));
    assertBetween(ALICE, BOB_TOO);
  }

  /// An initiator that loses its address and has another goes on from there, and says which there
  /// are in the same message (RFC 4555 §3.6).
  @Test
  void anInitiatorThatLosesItsAddressTellsBothAtOnce() {
    alice.gets(ALICE_TOO);
    Transcript said = both(alice(), bob());
    said.clear();
    alice.loses(ALICE);
    passes(2);
    assertTrue(
        said.text()
            .startsWith(
                "--> [1] INFORMATIONAL request 2 [ N(UPD_SA_ADDR) N(NATD_S_IP) N(NATD_D_IP)"
                    + " N(NO_ADD_ADDR) N(COOKIE2) ]"),
        said::text);
    assertBetween(ALICE_TOO, BOB);
  }

  /// A successor knows them as well.
  @Test
  void theyOutliveTheIkeSa() {
    alice.gets(ALICE_TOO);
    bob.gets(BOB_TOO);
    both(alice().liveness(Duration.ofSeconds(10), DeadPeer.CLEAR), bob());
    var _ = alice.ike.rekey(ikeSa -> true);
    passes(5);
    dead.addAll(List.of(ALICE, BOB));
    passes(30);
    assertBetween(ALICE_TOO, BOB_TOO);
  }

  /// A peer may say that it has any number; some are kept, and some paths tried.
  @Test
  void aPeerThatHasTooManyIsBounded() {
    IntStream.range(0, 60)
        .mapToObj(i -> new Ipv6Address(0x2001_0db8_0007_0007L, i + 1))
        .forEach(bob::gets);
    both(alice().liveness(Duration.ofSeconds(10), DeadPeer.CLEAR), bob());
    dead.add(BOB);
    int before = network.seen().size();
    passes(12);
    List<Datagram> tried = network.seen().subList(before, network.seen().size());
    long paths =
        tried.stream()
            .filter(d -> d.local().equals(ALICE))
            .map(Datagram::remote)
            .distinct()
            .count();
    assertTrue(paths <= 17, "tried " + paths);
    passes(20);
    assertProtected(1);
    assertTrue(!alice.ike.list().getLast().path().remote().equals(BOB));
  }

  /// Whoever has a message of the peer could send it on from elsewhere; where the peer has not said
  /// that it is, nobody goes.
  @Test
  void anAnswerFromAnAddressThatThePeerHasNotNamedLeadsNowhere() {
    both(alice().liveness(Duration.ofSeconds(10), DeadPeer.CLEAR), bob());
    network.middlebox(
        d ->
            d.local().equals(BOB)
                ? List.of(
                    new Datagram(LATER, d.localPort(), d.remote(), d.remotePort(), d.payload()))
                : List.of(d));
    passes(12);
    network.middlebox(List::of);
    assertBetween(ALICE, BOB);
  }
}
