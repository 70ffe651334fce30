package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.ConnectionBuilder;
import espd.ike.Identity;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.PortRange;
import espd.spd.Sa;
import espd.spd.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// IKE_SA_INIT and IKE_AUTH between two daemons (RFC 7296 §1.2).
final class EstablishmentTest {

  private final VirtualTime time = new VirtualTime();
  private final Network network = new Network(time, 1);
  private Host alice;
  private Host bob;

  @BeforeEach
  void twoHosts() {
    alice = new Host(Connections.ALICE, time, network, 10);
    bob = new Host(Connections.BOB, time, network, 20);
  }

  private Outcome up(Connections hers, Connections his) {
    alice.load(hers.connection());
    bob.load(his.connection());
    var outcome = alice.up("net");
    time.pass(Duration.ofSeconds(60));
    return outcome.join();
  }

  private void assertProtected(int pairs) {
    assertEquals(pairs, alice.sas(Direction.OUTBOUND).size());
    assertEquals(alice.spis(Direction.OUTBOUND), bob.spis(Direction.INBOUND));
    assertEquals(bob.spis(Direction.OUTBOUND), alice.spis(Direction.INBOUND));
  }

  private void assertUnprotected() {
    assertEquals(List.of(), alice.sadb.sad().all());
    assertEquals(List.of(), bob.sadb.sad().all());
  }

  private boolean aliceSaid(String part) {
    return alice.lines.stream().anyMatch(line -> line.contains(part));
  }

  /// RFC 7296 §1.2: two exchanges; §2.17: both ends have the same keys.
  @Test
  void fourMessagesMakeAnIkeSaAndAChildSa() {
    Outcome outcome = up(Connections.alice(), Connections.bob());
    assertTrue(outcome.succeeded(), alice.lines::toString);
    assertEquals(4, network.seen().size());
    assertProtected(1);
    assertArrayEquals(
        key(alice.sas(Direction.OUTBOUND).getFirst()), key(bob.sas(Direction.INBOUND).getFirst()));
    assertArrayEquals(
        key(bob.sas(Direction.OUTBOUND).getFirst()), key(alice.sas(Direction.INBOUND).getFirst()));
    assertEquals(1, alice.count("IKE_SA_INIT initiator ok"));
    assertEquals(1, bob.count("IKE_AUTH responder ok"));
  }

  private static byte[] key(Sa sa) {
    return sa.parameters().encryptionKey().use(byte[]::clone);
  }

  @Test
  void theLastLinesNameSuiteAndBothSpis() {
    up(Connections.alice(), Connections.bob());
    String inbound = alice.sas(Direction.INBOUND).getFirst().parameters().spiText();
    String outbound = alice.sas(Direction.OUTBOUND).getFirst().parameters().spiText();
    assertTrue(aliceSaid("inbound " + inbound + " outbound " + outbound), alice.lines::toString);
    assertTrue(aliceSaid("ESP:AES_GCM_16_128"));
    assertEquals("connection 'net' established successfully", alice.lines.getLast());
  }

  @Test
  void theListShowsWhatIsEstablished() {
    up(Connections.alice(), Connections.bob());
    IkeSaView view = bob.ike.list().getFirst();
    IkeSaView.Details details = view.established().orElseThrow();
    assertEquals("net", view.connection());
    assertEquals(Identity.of(Connections.ALICE), details.remoteId());
    assertEquals(1, details.children().size());
    assertEquals(bob.spis(Direction.INBOUND), List.of(details.children().getFirst().inboundSpi()));
  }

  /// RFC 7296 §1.2, §2.7: INVALID_KE_PAYLOAD names the group, and the initiator asks again with it.
  @Test
  void anotherGroupIsAskedForAndUsed() {
    Outcome outcome =
        up(
            Connections.alice()
                .ikeProposals(
                    Connections.ike(
                        Connections.AES_128,
                        Connections.SHA2_256,
                        Connections.PRF_SHA2_256,
                        Connections.P256,
                        Connections.X25519)),
            Connections.bob());
    assertTrue(outcome.succeeded(), alice.lines::toString);
    assertEquals(1, bob.count("sent INVALID_KE_PAYLOAD"));
    assertEquals(6, network.seen().size());
    assertProtected(1);
  }

  /// RFC 7296 §2.7: a group that is not allowed here is not taken because the peer wants it.
  @Test
  void aGroupThatIsNotConfiguredIsNotUsed() {
    Outcome outcome =
        up(
            Connections.alice(),
            Connections.bob()
                .ikeProposals(
                    Connections.ike(
                        Connections.AES_128,
                        Connections.SHA2_256,
                        Connections.PRF_SHA2_256,
                        Connections.P256)));
    assertFalse(outcome.succeeded());
    assertEquals(1, bob.count("sent NO_PROPOSAL_CHOSEN"));
  }

  /// RFC 7296 §2.7: what was offered, what is allowed, and the first transform that differs.
  @Test
  void noProposalChosenIsExplainedAsADifference() {
    Connections his =
        Connections.bob()
            .espProposals(
                Connections.esp(Connections.AES_128, Connections.SHA2_256, Connections.NO_ESN));
    Outcome outcome = up(Connections.alice(), his);
    assertFalse(outcome.succeeded());
    assertTrue(aliceSaid("NO_PROPOSAL_CHOSEN"), alice.lines::toString);
    assertUnprotected();
  }

  /// RFC 7296 §1.2: without a Child SA the IKE SA stands.
  @Test
  void theIkeSaStandsWithoutAChildSa() {
    Connections his =
        Connections.bob()
            .espProposals(
                Connections.esp(Connections.AES_128, Connections.SHA2_256, Connections.NO_ESN));
    up(Connections.alice(), his);
    assertTrue(alice.ike.list().getFirst().established().isPresent());
    assertTrue(bob.ike.list().getFirst().established().isPresent());
  }

  /// RFC 7296 §2.21.2: AUTHENTICATION_FAILED, and no IKE SA.
  @Test
  void aWrongSecretMakesNothing() {
    bob.sharedKey = "notsosecret";
    Outcome outcome = up(Connections.alice(), Connections.bob());
    assertFalse(outcome.succeeded());
    assertTrue(aliceSaid("AUTHENTICATION_FAILED"), alice.lines::toString);
    assertUnprotected();
    assertEquals(List.of(), alice.ike.list());
    assertEquals(List.of(), bob.ike.list());
  }

  @Test
  void noSecretIsSaidBeforeAnythingIsProven() {
    alice.sharedKey = "";
    assertFalse(up(Connections.alice(), Connections.bob()).succeeded());
    assertTrue(aliceSaid("no shared key found"), alice.lines::toString);
  }

  /// RFC 7296 §2.15, §3.5: the responder is who the configuration says.
  @Test
  void aPeerOfAnotherIdentityIsRefused() {
    Identity carol = Identity.ofName("carol.example.org");
    Connections his =
        Connections.bob().identities(carol, Optional.of(Identity.of(Connections.ALICE)));
    Connections hers =
        Connections.alice()
            .identities(Identity.of(Connections.ALICE), Optional.of(Identity.ofName("bob")));
    assertFalse(up(hers, his).succeeded());
    assertUnprotected();
  }

  @Test
  void namesProveAsWellAsAddresses() {
    Identity a = Identity.ofName("alice.example.org");
    Identity b = Identity.ofName("bob@example.org");
    assertTrue(
        up(
                Connections.alice().identities(a, Optional.of(b)),
                Connections.bob().identities(b, Optional.of(a)))
            .succeeded());
    assertProtected(1);
  }

  /// RFC 7296 §1.3.1: USE_TRANSPORT_MODE, offered and accepted.
  @Test
  void transportModeIsNegotiated() {
    assertTrue(
        up(Connections.alice().mode(Mode.TRANSPORT), Connections.bob().mode(Mode.TRANSPORT))
            .succeeded());
    assertEquals(Mode.TRANSPORT, alice.sas(Direction.INBOUND).getFirst().parameters().mode());
    assertEquals(Mode.TRANSPORT, bob.sas(Direction.INBOUND).getFirst().parameters().mode());
  }

  /// RFC 7296 §1.3.1: an end that needs the other mode does not do without.
  @Test
  void modesThatDifferAreRefusedAndExplained() {
    assertFalse(
        up(Connections.alice().mode(Mode.TRANSPORT), Connections.bob().mode(Mode.TUNNEL))
            .succeeded());
    assertUnprotected();
  }

  /// RFC 7296 §2.9: the responder narrows to what it allows.
  @Test
  void selectorsAreNarrowedToWhatBothAllow() {
    Outcome outcome =
        up(
            Connections.alice()
                .selectors(Connections.between("2001:db8:1::/48", "2001:db8:2::/48")),
            Connections.bob()
                .selectors(Connections.between("2001:db8:2:2::/64", "2001:db8:1:1::/64")));
    assertTrue(outcome.succeeded());
    assertEquals(
        List.of(Connections.between("2001:db8:1:1::/64", "2001:db8:2:2::/64")),
        alice.sas(Direction.OUTBOUND).getFirst().parameters().selectors());
    assertEquals(
        List.of(Connections.between("2001:db8:2:2::/64", "2001:db8:1:1::/64")),
        bob.sas(Direction.OUTBOUND).getFirst().parameters().selectors());
  }

  /// RFC 7296 §2.9: TS_UNACCEPTABLE when nothing is left.
  @Test
  void selectorsThatHaveNothingInCommonAreUnacceptable() {
    Outcome outcome =
        up(
            Connections.alice()
                .selectors(Connections.between("2001:db8:1::/48", "2001:db8:2::/48")),
            Connections.bob().selectors(Connections.between("2001:db8:7::/48", "2001:db8:1::/48")));
    assertFalse(outcome.succeeded());
    assertTrue(aliceSaid("TS_UNACCEPTABLE"), alice.lines::toString);
    assertUnprotected();
  }

  /// RFC 7296 §2.9, §3.13.1: protocols and ports are selectors too.
  @Test
  void portsAndProtocolsAreNarrowed() {
    AddressRange a = AddressRange.of(Connections.ALICE);
    AddressRange b = AddressRange.of(Connections.BOB);
    Selector web = new Selector(b, a, 6, PortRange.of(80), PortRange.ANY);
    assertTrue(up(Connections.alice(), Connections.bob().selectors(web)).succeeded());
    assertEquals(
        List.of(new Selector(a, b, 6, PortRange.ANY, PortRange.of(80))),
        alice.sas(Direction.OUTBOUND).getFirst().parameters().selectors());
  }

  /// RFC 7296 §2.4: attempts end after so many retransmissions; `keyingTries` begin anew.
  @Test
  void aSilentPeerIsGivenUpAfterAllTries() {
    network.middlebox(d -> List.of());
    alice.load(Connections.alice().keyingTries(2).connection());
    var outcome = alice.up("net");
    time.pass(Duration.ofMinutes(10));
    assertFalse(outcome.join().succeeded());
    assertEquals(2, alice.count("IKE_SA_INIT initiator timeout"));
    assertEquals(16, alice.count("retransmitted"));
    assertEquals(List.of(), alice.ike.list());
  }

  /// RFC 7296 §2.6: with many half-open IKE SAs the responder wants its cookie back.
  @Test
  void aCookieIsAskedForAndGiven() throws MalformedException {
    Host.Options options =
        new Host.Options(
            Host.Options.USUAL.retransmission(),
            new IkeLimits(0, 500, 50, Duration.ofSeconds(30), 1 << 20, 10, 100));
    bob = new Host(Connections.BOB, time, network, 20, options);
    Outcome outcome = up(Connections.alice(), Connections.bob());
    assertTrue(outcome.succeeded(), alice.lines::toString);
    assertEquals(1, bob.count("cookie"));
    assertEquals(6, network.seen().size());
    assertEquals(0, Header.read(network.seen().get(1).payload()).spiR());
    assertProtected(1);
  }

  /// RFC 7296 §2.4: who proves itself in time is not kept waiting for; who does not is forgotten.
  @Test
  void aHalfOpenIkeSaIsForgotten() {
    network.middlebox(d -> d.payload()[18] == Header.IKE_AUTH ? List.of() : List.of(d));
    alice.load(Connections.alice().connection());
    bob.load(Connections.bob().connection());
    var outcome = alice.up("net");
    time.pass(Duration.ofSeconds(5));
    assertEquals(1, bob.ike.list().size());
    time.pass(Duration.ofMinutes(5));
    assertEquals(List.of(), bob.ike.list());
    assertFalse(outcome.join().succeeded());
  }

  /// RFC 7296 §2.4: INITIAL_CONTACT ends what a peer that lost its memory had.
  @Test
  void aPeerThatBeginsAnewReplacesItsOldSas() {
    up(Connections.alice(), Connections.bob());
    List<Integer> before = bob.spis(Direction.INBOUND);
    Host again = new Host(Connections.ALICE, time, network, 77);
    again.load(Connections.alice().connection());
    again.begin("net");
    time.pass(Duration.ofSeconds(5));
    assertEquals(1, bob.ike.list().size());
    assertEquals(1, bob.sas(Direction.INBOUND).size());
    assertFalse(bob.spis(Direction.INBOUND).equals(before));
    assertEquals(again.spis(Direction.OUTBOUND), bob.spis(Direction.INBOUND));
  }

  /// RFC 7296 §2.4: INITIAL_CONTACT speaks of identities, wherever the peer is.
  @Test
  void aPeerWithTwoAddressesKeepsItsIkeSaAtBoth() {
    Ipv6Address other = Ipv6Address.parse("2001:db8:2:2::3");
    network.attach(other, bob.ike::receive);
    Identity name = Identity.ofName("bob.example");
    alice.load(
        Connections.alice()
            .identities(Identity.of(Connections.ALICE), Optional.of(name))
            .connection(),
        Connections.from(Connections.ALICE, other)
            .identities(Identity.of(Connections.ALICE), Optional.of(name))
            .named("other", 2)
            .connection());
    bob.load(
        Connections.bob()
            .identities(name, Optional.of(Identity.of(Connections.ALICE)))
            .connection(),
        Connections.from(other, Connections.ALICE)
            .identities(name, Optional.of(Identity.of(Connections.ALICE)))
            .named("other", 2)
            .connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    alice.begin("other");
    time.pass(Duration.ofSeconds(5));
    assertEquals(2, alice.ike.list().size());
    assertEquals(2, bob.ike.list().size());
  }

  @Test
  void aPeerOfAnyAddressIsAnsweredByAnOpenConnection() {
    var c = Connections.bob().connection();
    bob.load(
        new ConnectionBuilder(c)
            .name("road")
            .remote(Optional.empty())
            .remoteId(Optional.empty())
            .reqid(7)
            .build());
    alice.load(Connections.alice().connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(2));
    assertProtected(1);
    assertEquals("road", bob.sas(Direction.INBOUND).getFirst().parameters().connection());
  }

  @Test
  void anUnknownConnectionIsSaid() {
    var outcome = alice.up("nothing");
    time.pass(Duration.ofSeconds(1));
    assertEquals("no config named 'nothing'", outcome.join().text());
  }
}
