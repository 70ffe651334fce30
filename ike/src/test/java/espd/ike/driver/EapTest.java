package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.EapType;
import espd.ike.Identity;
import espd.ike.PpkRule;
import espd.ike.Proofs;
import espd.ike.Proofs.EapIdentity;
import espd.ike.Proofs.Proof;
import espd.ike.eap.Identities;
import espd.ike.message.Header;
import espd.spd.Direction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Initiators that prove themselves by EAP (RFC 7296 §2.16): alice initiates, as carol.
final class EapTest extends TwoHosts {

  private static final Proof BY_KEY = new Proof.SharedKey();

  @BeforeEach
  void bobKnowsCarol() {
    bob.passwords.put("carol", "secret");
  }

  private static Proof eap(EapIdentity identity) {
    return new Proof.Eap(List.of(EapType.MSCHAPV2), identity);
  }

  private static Connections hers() {
    EapIdentity carol = new EapIdentity.Named(Identities.octets("carol"));
    return Connections.alice().proofs(new Proofs(eap(carol), BY_KEY));
  }

  private static Connections his(EapIdentity identity) {
    return Connections.bob().proofs(new Proofs(BY_KEY, eap(identity)));
  }

  private void connect(Connections hers, Connections his) {
    alice.load(hers.connection());
    bob.load(his.connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
  }

  private void assertRefused() {
    assertEquals(0, alice.sas(Direction.OUTBOUND).size());
    assertEquals(0, bob.sas(Direction.OUTBOUND).size());
  }

  private void assertSaid(Host host, String part) {
    assertTrue(
        host.lines.stream().anyMatch(line -> line.contains(part)), String.join("\n", host.lines));
  }

  @Test
  void thePasswordProvesTheInitiator() {
    alice.passwords.put("carol", "secret");
    connect(hers(), his(new EapIdentity.Asked()));
    assertProtected(1);
    assertSaid(alice, "EAP method EAP_MSCHAPV2 succeeded, MSK established");
    assertEquals(5, alice.count("IKE_AUTH initiator ok"), alice.counters.toString());
  }

  @Test
  void aResponderThatDoesNotAskTakesTheIdentityOfIke() { // RFC 7296 §2.16
    alice.passwords.put("carol", "secret");
    Identity carol = Identity.ofName("carol");
    Connections hers = hers().identities(carol, Optional.of(Identity.of(Connections.BOB)));
    Connections his =
        his(new EapIdentity.OfIke()).identities(Identity.of(Connections.BOB), Optional.of(carol));
    connect(hers, his);
    assertProtected(1);
    assertEquals(4, alice.count("IKE_AUTH initiator ok"), alice.counters.toString());
  }

  @Test
  void aWrongPasswordLeavesNothing() {
    alice.passwords.put("carol", "wrong");
    connect(hers(), his(new EapIdentity.Asked()));
    assertRefused();
    assertEquals(1, bob.count("sent AUTHENTICATION_FAILED"), bob.counters.toString());
    assertSaid(alice, "E=691");
  }

  @Test
  void anInitiatorWithoutAPasswordDoesNotBegin() {
    connect(hers(), his(new EapIdentity.Asked()));
    assertRefused();
    assertSaid(alice, "no EAP key found");
  }

  @Test
  void aResponderThatDoesNotProveItselfGetsNoAnswer() { // RFC 7296 §2.16
    alice.passwords.put("carol", "secret");
    bob.sharedKey = "another";
    connect(hers(), his(new EapIdentity.Asked()));
    assertRefused();
    assertEquals(0, bob.count("IKE_AUTH initiator ok"));
    assertSaid(alice, "the secrets differ");
    assertEnded("received AUTHENTICATION_FAILED");
  }

  /// Bob's IKE SA is gone long before its time is over, and so is alice's.
  private void assertEnded(String counted) {
    assertEquals(List.of(), alice.ike.list());
    assertEquals(List.of(), bob.ike.list());
    assertEquals(1, bob.count(counted), bob.counters.toString());
    String said = "deleting half open IKE_SA with " + Connections.ALICE;
    assertTrue(bob.said.stream().anyMatch(line -> line.endsWith(said)), bob.said::toString);
    assertEquals(1, bob.count("INFORMATIONAL responder ok"), bob.counters.toString());
  }

  /// RFC 7296 §2.21.2: an initiator that has to give up in the middle of EAP says so in an exchange
  /// of its own, which is answered once more when its request comes once more (§2.1).
  @Test
  void anInitiatorThatGivesUpTellsTheResponder() {
    alice.passwords.put("carol", "secret");
    network.middlebox(
        d -> {
          if (d.payload()[18] == Header.IKE_AUTH) {
            alice.passwords.clear();
          }
          return d.payload()[18] == Header.INFORMATIONAL ? List.of(d, d) : List.of(d);
        });
    connect(hers(), his(new EapIdentity.Asked()));
    assertRefused();
    assertSaid(alice, "no EAP key found");
    assertEnded("received AUTHENTICATION_FAILED");
    assertEquals(
        2,
        network.seen().stream()
            .filter(d -> d.payload()[18] == Header.INFORMATIONAL)
            .filter(d -> d.local().equals(Connections.BOB))
            .count());
  }

  @Test
  void whoHasToUseEapIsNotServedBySharedKey() {
    connect(Connections.alice(), his(new EapIdentity.Asked()));
    assertRefused();
    assertEquals(1, bob.count("sent AUTHENTICATION_FAILED"), bob.counters.toString());
  }

  @Test
  void whoHasToUseASharedKeyIsNotServedByEap() {
    alice.passwords.put("carol", "secret");
    connect(hers(), Connections.bob());
    assertRefused();
    assertEquals(1, bob.count("sent AUTHENTICATION_FAILED"), bob.counters.toString());
  }

  @Test
  void aPpkGoesIntoTheProofsAfterEap() { // RFC 8784 §3
    alice.passwords.put("carol", "secret");
    alice.ppks.put("p", "a key");
    bob.ppks.put("p", "a key");
    PpkRule rule = new PpkRule(List.of(Identities.octets("p")), true);
    connect(hers().ppk(rule), his(new EapIdentity.Asked()).ppk(rule));
    assertProtected(1);
    assertSaid(alice, "using PPK for PPK_ID 'p'");
  }

  @Test
  void anInitiatorThatFallsSilentIsForgotten() {
    alice.passwords.put("carol", "secret");
    alice.load(hers().connection());
    bob.load(his(new EapIdentity.Asked()).connection());
    network.middlebox(d -> network.seen().size() > 5 ? List.of() : List.of(d));
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    assertEquals(1, bob.ike.list().size());
    time.pass(Duration.ofSeconds(60));
    assertEquals(0, bob.ike.list().size());
  }

  @Test
  void lostAndDoubledDatagramsDoNotMatter() { // RFC 7296 §2.1
    alice.passwords.put("carol", "secret");
    network.faults(new Network.Faults(0.3, 0.3, Duration.ofMillis(20)));
    alice.load(hers().connection());
    bob.load(his(new EapIdentity.Asked()).connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(25));
    assertProtected(1);
  }
}
