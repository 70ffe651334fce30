package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.Connection.Rekeying;
import espd.ike.ConnectionBuilder;
import espd.ike.EapType;
import espd.ike.Identity;
import espd.ike.InternalAddresses;
import espd.ike.Proofs;
import espd.ike.Proofs.EapIdentity;
import espd.ike.Proofs.Proof;
import espd.ike.Uniqueness;
import espd.ike.eap.Identities;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// A peer that makes a second IKE SA (strongSwan's `uniqueids` and `unique`): alice is on the road,
/// at one address or at another, and bob lets her have as many IKE SAs as his connection says. Each
/// of her hosts knows nothing of the other; only what has lost its memory says INITIAL_CONTACT (RFC
/// 7296 §2.4).
final class UniquenessTest extends TwoHosts {

  private static final Ipv6Address ELSEWHERE = Ipv6Address.parse("2001:db8:7:7::1");
  private static final Identity HER = Identity.ofName("alice.example");
  private static final Identity HIM = Identity.ofName("bob.example");
  private static final String REPLACED =
      "deleting duplicate IKE_SA for peer 'alice.example' due to uniqueness policy";
  private static final String SUSPECTED =
      "schedule delete of duplicate IKE_SA for peer 'alice.example' due to uniqueness policy and"
          + " suspected reauthentication";
  private static final String CONTACT =
      "destroying duplicate IKE_SA for peer 'alice.example', received INITIAL_CONTACT";

  private static Connection hers(Ipv6Address from, Uniqueness policy) {
    return Connections.from(from, Connections.BOB)
        .identities(HER, Optional.of(HIM))
        .with(c -> c.options(c.build().options().unique(policy)))
        .connection();
  }

  private static Connection his(Uniqueness policy) {
    return Connections.bob()
        .identities(HIM, Optional.of(HER))
        .with(c -> c.remote(Optional.empty()))
        .with(c -> c.options(c.build().options().unique(policy)))
        .selectors(Selector.between(AddressRange.of(Connections.BOB), AddressRange.ANY))
        .connection();
  }

  /// Another host of alice's, which does not say INITIAL_CONTACT.
  private Host another(Ipv6Address from, Connection connection) {
    Host host = new Host(from, time, network, 77);
    host.load(connection);
    return host;
  }

  private Host silent(Ipv6Address from) {
    return another(from, hers(from, Uniqueness.NEVER));
  }

  private void first(Uniqueness policy) {
    alice.load(hers(Connections.ALICE, Uniqueness.NEVER));
    bob.load(his(policy));
    assertTrue(up(alice));
    assertProtected(1);
  }

  private boolean up(Host host) {
    CompletableFuture<Outcome> outcome = host.up("net");
    time.pass(Duration.ofSeconds(3));
    return outcome.isDone() && outcome.join().succeeded();
  }

  private void assertBobHas(int ikeSas, Host... peers) {
    assertEquals(ikeSas, bob.ike.list().size());
    assertEquals(ikeSas, bob.sas(Direction.OUTBOUND).size());
    assertEquals(ikeSas, bob.sas(Direction.INBOUND).size());
    for (Host peer : peers) {
      assertTrue(bob.spis(Direction.INBOUND).containsAll(peer.spis(Direction.OUTBOUND)));
      assertEquals(1, peer.ike.list().size());
    }
  }

  private int downs() {
    return (int) bob.changes.stream().filter(SaChange.ChildSaDown.class::isInstance).count();
  }

  // --- replace

  /// The old IKE SA is deleted at the peer too, and its Child SAs are told to be down.
  @Test
  void replaceClosesTheOneElsewhere() {
    first(Uniqueness.REPLACE);
    Host there = silent(ELSEWHERE);
    assertTrue(up(there));
    assertTrue(bob.said.contains(REPLACED), bob.said::toString);
    assertEquals(1, downs());
    assertBobHas(1, there);
    assertEquals(List.of(), alice.ike.list());
    assertEquals(0, alice.sas(Direction.INBOUND).size());
  }

  /// A peer that does not answer any more is not waited for with its Child SAs.
  @Test
  void replaceDoesNotWaitForADeadPeer() {
    first(Uniqueness.REPLACE);
    network.detach(Connections.ALICE);
    Host there = silent(ELSEWHERE);
    assertTrue(up(there));
    assertEquals(1, bob.sas(Direction.OUTBOUND).size());
    assertEquals(there.spis(Direction.OUTBOUND), bob.spis(Direction.INBOUND));
    time.pass(Duration.ofMinutes(3));
    assertBobHas(1, there);
  }

  /// A second one from the same address may be the make before break of RFC 7296 §2.8.3: the old
  /// one has some seconds.
  @Test
  void replaceGivesOneAtTheSameAddressTenSeconds() {
    first(Uniqueness.REPLACE);
    Host again = silent(Connections.ALICE);
    assertTrue(up(again));
    assertTrue(bob.said.contains(SUSPECTED), bob.said::toString);
    assertBobHas(2, again);
    time.pass(Duration.ofSeconds(9));
    assertEquals(1, bob.sas(Direction.INBOUND).size());
    assertEquals(again.spis(Direction.OUTBOUND), bob.spis(Direction.INBOUND));
  }

  /// RFC 7296 §2.18: what takes the place of an IKE SA that is to go has to go as well.
  @Test
  void replaceFindsTheSuccessorOfOne() {
    first(Uniqueness.REPLACE);
    assertTrue(up(silent(Connections.ALICE)));
    var _ = bob.ike.rekey(ikeSa -> ikeSa.serial() == 1);
    network.attach(Connections.ALICE, alice.ike::receive);
    time.pass(Duration.ofSeconds(20));
    assertEquals(1, bob.sas(Direction.INBOUND).size());
    assertEquals(List.of(), alice.ike.list());
  }

  /// RFC 7296 §2.8.3: a peer that proves itself anew closes the old one itself; nothing else goes.
  @Test
  void replaceLeavesReauthenticationAlone() {
    Rekeying life = Connections.after(Duration.ofSeconds(60), Duration.ofSeconds(10));
    Connection hers = hers(Connections.ALICE, Uniqueness.REPLACE);
    alice.load(
        new ConnectionBuilder(hers)
            .ikeLifetime(life)
            .options(hers.options().reauthenticating(true))
            .build());
    bob.load(his(Uniqueness.REPLACE));
    assertTrue(up(alice));
    for (int second = 0; second < 55; second++) {
      time.pass(Duration.ofSeconds(1));
      assertFalse(bob.sas(Direction.OUTBOUND).isEmpty());
    }
    assertEquals(2, alice.count("IKE_AUTH initiator ok"));
    assertTrue(bob.said.contains(SUSPECTED));
    time.pass(Duration.ofSeconds(15));
    assertBobHas(1, alice);
    assertProtected(1);
  }

  /// RFC 7296 §2.18: a successor is the same IKE SA, whoever rekeys.
  @Test
  void replaceLeavesRekeyingAlone() {
    first(Uniqueness.REPLACE);
    var _ = alice.ike.rekey(ikeSa -> true);
    time.pass(Duration.ofSeconds(20));
    var _ = bob.ike.rekey(ikeSa -> true);
    time.pass(Duration.ofSeconds(20));
    assertBobHas(1, alice);
    assertEquals(0, downs());
  }

  /// Both begin at once: each has been the responder of one, and one at least stays.
  @Test
  void replaceLeavesOneWhereBothEndsBegin() {
    Connections hers =
        Connections.alice().with(c -> c.options(c.build().options().unique(Uniqueness.REPLACE)));
    Connections his =
        Connections.bob().with(c -> c.options(c.build().options().unique(Uniqueness.REPLACE)));
    for (int millis = 0; millis < 60; millis += 4) {
      twoHosts();
      alice.load(hers.connection());
      bob.load(his.connection());
      alice.begin("net");
      time.pass(Duration.ofMillis(millis));
      bob.begin("net");
      time.pass(Duration.ofSeconds(30));
      assertFalse(alice.sas(Direction.OUTBOUND).isEmpty());
      assertProtected(alice.sas(Direction.OUTBOUND).size());
    }
  }

  /// The peer that comes back from elsewhere has the address it had (RFC 7296 §2.19).
  @Test
  void replaceKeepsTheVirtualAddress() {
    AddressRange net = AddressRange.parse("2001:db8:2:2::/64");
    String pool = "2001:db8:9::/64";
    Connection his =
        new ConnectionBuilder(his(Uniqueness.REPLACE))
            .internal(new InternalAddresses(List.of(), List.of(pool), List.of()))
            .selectors(List.of(Selector.between(net, AddressRange.ANY)))
            .build();
    bob.load(his);
    for (Ipv6Address from : List.of(Connections.ALICE, ELSEWHERE, Connections.ALICE)) {
      Connection hers =
          new ConnectionBuilder(hers(from, Uniqueness.NEVER))
              .internal(
                  new InternalAddresses(
                      List.of(Ipv6Address.parse("2001:db8:9::77")), List.of(), List.of()))
              .selectors(List.of(Selector.between(AddressRange.ANY, net)))
              .build();
      assertTrue(up(another(from, hers)));
      time.pass(Duration.ofSeconds(10));
      assertEquals(
          "[2001:db8:9::77]",
          bob.ike.list().getLast().established().orElseThrow().assigned().remote().toString());
      assertEquals(1, bob.pools.list().getFirst().online());
    }
  }

  /// Another identity, or the same one to another connection, is nobody's duplicate.
  @Test
  void replaceIsForTheSameIdentityOnly() {
    bob.load(new ConnectionBuilder(his(Uniqueness.REPLACE)).remoteId(Optional.empty()).build());
    alice.load(hers(Connections.ALICE, Uniqueness.NEVER));
    assertTrue(up(alice));
    Connection carols =
        new ConnectionBuilder(hers(ELSEWHERE, Uniqueness.NEVER))
            .localId(Identity.ofName("carol.example"))
            .build();
    Host carol = another(ELSEWHERE, carols);
    assertTrue(up(carol));
    time.pass(Duration.ofSeconds(20));
    assertBobHas(2, alice, carol);
  }

  // --- keep

  @Test
  void keepRefusesAnotherElsewhere() {
    first(Uniqueness.KEEP);
    Host there = silent(ELSEWHERE);
    assertFalse(up(there));
    assertEquals(1, there.count("received AUTHENTICATION_FAILED"));
    assertTrue(
        bob.said.stream()
            .anyMatch(line -> line.contains("canceling IKE_SA setup due to uniqueness policy")),
        bob.said::toString);
    assertBobHas(1, alice);
    assertProtected(1);
  }

  /// A peer that has closed its IKE SA gets another wherever it is.
  @Test
  void keepLetsAPeerMoveThatHasClosedItsIkeSa() {
    first(Uniqueness.KEEP);
    var _ = alice.down("net");
    time.pass(Duration.ofSeconds(3));
    Host there = silent(ELSEWHERE);
    assertTrue(up(there));
    assertBobHas(1, there);
  }

  /// RFC 7296 §2.8.3: from the same address it may be proving itself anew.
  @Test
  void keepAllowsReauthentication() {
    first(Uniqueness.KEEP);
    var _ = alice.ike.reauthenticate(ikeSa -> true);
    time.pass(Duration.ofSeconds(5));
    assertEquals(2, alice.count("IKE_AUTH initiator ok"));
    assertBobHas(1, alice);
  }

  // --- no and never

  @Test
  void noLetsAPeerHaveSeveral() {
    first(Uniqueness.NO);
    Host there = silent(ELSEWHERE);
    assertTrue(up(there));
    time.pass(Duration.ofSeconds(20));
    assertBobHas(2, alice, there);
  }

  /// RFC 7296 §2.4: a peer that has no other IKE SA says so; all but never heed it.
  @Test
  void initialContactEndsTheOthersUnlessNeverIsSaid() {
    for (Uniqueness policy : Uniqueness.values()) {
      twoHosts();
      first(policy);
      Host there = another(ELSEWHERE, hers(ELSEWHERE, Uniqueness.NO));
      assertTrue(up(there), policy::toString);
      boolean heeds = policy != Uniqueness.NEVER;
      assertEquals(heeds, bob.said.contains(CONTACT), policy::toString);
      assertEquals(heeds ? 1 : 2, bob.ike.list().size(), policy::toString);
    }
  }

  // --- EAP

  /// A user is who it has proven to be by EAP, whatever it says it is in IKE (RFC 7296 §2.16).
  @Test
  void usersOfEapAreToldApartByTheirNames() {
    List<EapType> methods = List.of(EapType.MSCHAPV2);
    Proof asked = new Proof.Eap(methods, new EapIdentity.Asked());
    Proof key = new Proof.SharedKey();
    bob.load(new ConnectionBuilder(his(Uniqueness.REPLACE)).proofs(new Proofs(key, asked)).build());
    Host first = user(ELSEWHERE, "carol");
    Host second = user(Connections.ALICE, "dave");
    assertTrue(up(first));
    assertTrue(up(second));
    assertBobHas(2, first, second);
    Ipv6Address third = Ipv6Address.parse("2001:db8:7:7::3");
    assertTrue(up(user(third, "carol")));
    assertTrue(
        bob.said.contains("deleting duplicate IKE_SA for peer 'carol' due to uniqueness policy"));
    assertEquals(List.of(), first.ike.list());
    assertEquals(1, second.ike.list().size());
  }

  private Host user(Ipv6Address from, String name) {
    bob.passwords.put(name, "secret");
    Proof eap =
        new Proof.Eap(List.of(EapType.MSCHAPV2), new EapIdentity.Named(Identities.octets(name)));
    Host host =
        another(
            from,
            new ConnectionBuilder(hers(from, Uniqueness.NEVER))
                .proofs(new Proofs(eap, new Proof.SharedKey()))
                .build());
    host.passwords.put(name, "secret");
    return host;
  }

  // --- IKEv1

  private static Connection one(Connection connection) {
    return Ikev1Test.one(new Connections(connection)).connection();
  }

  /// IKEv1's IPsec SAs go with the ISAKMP SA they came by, not to the new one.
  @Test
  void ikev1ClosesTheOneElsewhere() {
    alice.load(one(hers(Connections.ALICE, Uniqueness.NEVER)));
    bob.load(one(his(Uniqueness.REPLACE)));
    assertTrue(up(alice));
    Host there = another(ELSEWHERE, one(hers(ELSEWHERE, Uniqueness.NEVER)));
    assertTrue(up(there));
    assertTrue(bob.said.contains(REPLACED), bob.said::toString);
    time.pass(Duration.ofSeconds(20));
    assertBobHas(1, there);
    assertEquals(List.of(), alice.ike.list());
  }

  /// Hosts of one identity are two peers: the IPsec SAs of the one are nothing that the other could
  /// replace, or answer for.
  @Test
  void ikev1DoesNotGiveTheIpsecSasOfOneHostToAnother() {
    alice.load(one(hers(Connections.ALICE, Uniqueness.NEVER)));
    bob.load(one(his(Uniqueness.NEVER)));
    assertTrue(up(alice));
    Host there = another(ELSEWHERE, one(hers(ELSEWHERE, Uniqueness.NEVER)));
    assertTrue(up(there));
    assertBobHas(2, alice, there);
    bob.ike.list().forEach(ikeSa -> assertEquals(1, ikeSa.children().size(), ikeSa::toString));
  }

  @Test
  void ikev1KeepsTheOneThatIs() {
    alice.load(one(hers(Connections.ALICE, Uniqueness.NEVER)));
    bob.load(one(his(Uniqueness.KEEP)));
    assertTrue(up(alice));
    assertFalse(up(another(ELSEWHERE, one(hers(ELSEWHERE, Uniqueness.NEVER)))));
    assertTrue(
        bob.said.stream()
            .anyMatch(line -> line.contains("canceling Main Mode due to uniqueness policy")),
        bob.said::toString);
    assertBobHas(1, alice);
  }
}
