package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection.DeadPeer;
import espd.ike.Datagram;
import espd.ike.exchange.Retransmission;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.spd.Ipv6Address;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// IKE SAs that are resumed by a ticket (RFC 5723): alice calls bob, loses him, and calls again.
final class ResumptionTest extends LostHosts {

  private static final Ipv6Address STRANGER = Ipv6Address.parse("2001:db8:66:6::1");
  private static final String REFUSED = "IKE_SESSION_RESUME initiator refused";

  private static Connections hers() {
    return resuming(Connections.alice());
  }

  private static Connections his() {
    return resuming(Connections.bob()).liveness(Duration.ZERO, DeadPeer.CLEAR);
  }

  private void up() {
    up(hers(), his());
    assertEquals(1, alice.count("IKE_SA_INIT initiator ok"));
  }

  private void assertResumed(int times) {
    assertEquals(times, alice.count(OK), alice.lines::toString);
    assertEquals(0, alice.count(REFUSED));
    assertEquals(1, alice.count("IKE_SA_INIT initiator ok"));
  }

  private void assertMadeAnew() {
    assertEquals(0, alice.count(OK));
    assertEquals(2, alice.count("IKE_SA_INIT initiator ok"));
  }

  private static boolean isResumeRequest(Datagram d) {
    return is(d, Header.IKE_SESSION_RESUME) && Transcript.isRequest(d);
  }

  /// Has requests of IKE_SESSION_RESUME pass this.
  private void resumeRequests(Function<Datagram, List<Datagram>> box) {
    network.middlebox(d -> isResumeRequest(d) ? box.apply(d) : List.of(d));
  }

  private Datagram resumeRequestSeen() {
    return network.seen().stream().filter(ResumptionTest::isResumeRequest).toList().getLast();
  }

  private String lastResponse() throws MalformedException {
    List<Datagram> responses =
        network.seen().stream()
            .filter(d -> is(d, Header.IKE_SESSION_RESUME) && !Transcript.isRequest(d))
            .toList();
    return Message.read(responses.getLast().payload()).toString();
  }

  // --- what happens ------------------------------------------------------------------------------

  /// RFC 5723 §4.1–§4.3.3: a ticket is asked for and given in IKE_AUTH; two exchanges without a key
  /// exchange resume the IKE SA, what both ends can do is said anew (§5), and there is another
  /// ticket.
  @Test
  void anIkeSaWhosePeerWasLostIsResumed() {
    up();
    losesBob();
    Transcript transcript = new Transcript(alice, bob);
    network.middlebox(
        d -> {
          if (is(d, Header.IKE_SESSION_RESUME) || is(d, Header.IKE_AUTH)) {
            transcript.note(d.local().equals(Connections.ALICE) ? "-->" : "<--", d);
          }
          return List.of(d);
        });
    again();
    assertResumed(1);
    assertEquals(
        """
        --> [1] IKE_SESSION_RESUME request 0 [ No N(TKT_OPAK) N(NATD_S_IP) N(NATD_D_IP) N(FRAG_SUP) N(REDIR_SUP) ]
        <-- [1] IKE_SESSION_RESUME response 0 [ No N(NATD_S_IP) N(NATD_D_IP) N(FRAG_SUP) N(CHDLESS_SUP) ]
        --> [1] IKE_AUTH request 1 [ IDi IDr AUTH N(INIT_CONTACT) SA TSi TSr N(MOBIKE_SUP) N(TKT_REQ) ]
        <-- [1] IKE_AUTH response 1 [ IDr AUTH SA TSi TSr N(MOBIKE_SUP) N(TKT_LT_OPAK) ]\
        """,
        transcript.text());
    losesBob();
    again();
    assertResumed(2);
  }

  /// Nothing of it where neither end wants it.
  @Test
  void withoutTheOptionNobodyAsksForATicket() {
    up(Connections.alice().liveness(Duration.ofSeconds(10), DeadPeer.CLEAR), Connections.bob());
    losesBob();
    again();
    assertMadeAnew();
    assertFalse(alice.lines.toString().contains("TKT"));
  }

  /// RFC 5723 §4.2: a responder that does not want it says so, and all else goes on.
  @Test
  void aResponderThatGivesNoTicketsSaysSo() {
    up(hers(), Connections.bob());
    assertTrue(alice.lines.toString().contains("N(TKT_NACK)"));
    losesBob();
    again();
    assertMadeAnew();
    assertEquals(0, alice.count(REFUSED));
  }

  /// RFC 5723 §6.2: with an IKE SA that is deleted the ticket goes, whoever deletes it.
  @Test
  void theTicketOfAnIkeSaThatIsDeletedIsForgotten() {
    up();
    var _ = alice.down("net");
    time.pass(Duration.ofSeconds(5));
    again();
    var _ = bob.down("net");
    time.pass(Duration.ofSeconds(5));
    again();
    assertEquals(0, alice.count(OK) + alice.count(REFUSED));
    assertEquals(3, alice.count("IKE_SA_INIT initiator ok"));
  }

  /// RFC 5723 §6.2: also where nobody hears of the deletion.
  @Test
  void theTicketOfAnIkeSaThatIsClosedInVainIsForgotten() {
    up();
    network.middlebox(d -> List.of());
    var _ = alice.down("net");
    time.pass(Duration.ofMinutes(3));
    network.middlebox(List::of);
    again();
    assertMadeAnew();
  }

  /// RFC 5723 §6.2: an IKE SA that is rekeyed has a ticket of its own, whoever has rekeyed it.
  @Test
  void anIkeSaThatWasRekeyedIsResumed() {
    up();
    for (Host host : List.of(alice, bob)) {
      var _ = host.ike.rekey(ikeSa -> true);
      time.pass(Duration.ofSeconds(5));
      assertEquals(1, alice.ike.list().size());
    }
    losesBob();
    again();
    assertResumed(1);
  }

  /// RFC 5723 §4.3: a ticket that has expired is not presented. A proof gets no younger by being
  /// resumed: all tickets that come of it expire together (§5).
  @Test
  void ticketsExpireWithTheProofThatTheyComeOf() {
    Duration hour = Duration.ofHours(1);
    up(
        hers(),
        his()
            .lifetimes(Connections.after(hour, Duration.ZERO), his().connection().childLifetime()));
    time.pass(Duration.ofMinutes(50));
    losesBob();
    again();
    assertResumed(1);
    time.pass(Duration.ofMinutes(5));
    losesBob();
    time.pass(Duration.ofMinutes(5));
    again();
    assertEquals(2, alice.count("IKE_SA_INIT initiator ok"));
    assertEquals(0, alice.count(REFUSED));
  }

  // --- tickets that are not taken ----------------------------------------------------------------

  /// RFC 5723 §4.3.2: a ticket that is not as bob sealed it gets TICKET_NACK, and IKE_SA_INIT
  /// follows at once.
  @Test
  void aTicketThatWasTamperedWithLeadsToIkeSaInit() {
    up();
    losesBob();
    resumeRequests(
        d -> {
          byte[] octets = d.payload().clone();
          octets[200] ^= 1; // within the ticket
          return List.of(to(d, octets));
        });
    again();
    assertMadeAnew();
    assertEquals(1, alice.count(REFUSED));
    assertTrue(bob.said.toString().contains("TICKET_NACK sent: the ticket: it is not as it was"));
  }

  /// A responder keeps its keys in memory alone (RFC 5723 §6.1): one that has begun anew takes no
  /// ticket of before.
  @Test
  void aTicketOfBeforeTheResponderBeganAnewLeadsToIkeSaInit() {
    up();
    losesBob();
    bob = new Host(Connections.BOB, time, network, 30);
    bob.load(his().connection());
    again();
    assertMadeAnew();
    assertEquals(1, alice.count(REFUSED));
  }

  /// A connection that is not as it was is no reason to trust a proof of before.
  @Test
  void aTicketOfAConnectionThatWasChangedLeadsToIkeSaInit() {
    up();
    losesBob();
    bob.load(his().keyingTries(7).connection());
    again();
    assertMadeAnew();
    assertEquals(1, alice.count(REFUSED));
  }

  /// A connection that has been configured anew at the initiator has no ticket either.
  @Test
  void aConnectionThatIsConfiguredAnewHasNoTicket() {
    up();
    losesBob();
    alice.load(hers().keyingTries(7).connection());
    again();
    assertMadeAnew();
    assertEquals(0, alice.count(REFUSED));
  }

  /// RFC 5723 §4.3.1: a ticket is taken once, and it is used when its IKE SA is established: who
  /// has seen it go by gets nothing for it, and does not take it from alice.
  @Test
  void aTicketThatWasSeenIsWorthNothingToOthers() throws MalformedException {
    up();
    losesBob();
    List<Datagram> held = new ArrayList<>();
    resumeRequests(
        d -> {
          held.add(d);
          return List.of();
        });
    alice.begin("net");
    time.pass(Duration.ofMillis(50));
    byte[] octets = held.getFirst().payload();
    byte[] other = ByteBuffer.allocate(octets.length).put(octets).putLong(0, 66).array();
    bob.ike.receive(new Datagram(Connections.BOB, 500, Connections.ALICE, 500, other));
    time.pass(Duration.ofMillis(50));
    assertTrue(lastResponse().startsWith("IKE_SESSION_RESUME response 0 [ No "), lastResponse());
    network.middlebox(List::of);
    held.forEach(network::carry);
    time.pass(Duration.ofSeconds(10));
    assertResumed(1);
    assertProtected(1);
    byte[] third = ByteBuffer.allocate(octets.length).put(octets).putLong(0, 67).array();
    bob.ike.receive(new Datagram(Connections.BOB, 500, Connections.ALICE, 500, third));
    time.pass(Duration.ofMillis(50));
    assertEquals("IKE_SESSION_RESUME response 0 [ N(TKT_NACK) ]", lastResponse());
    assertTrue(bob.said.toString().contains("it has been used"));
    time.pass(Duration.ofMinutes(1));
    assertEquals(1, bob.ike.list().size(), "the stranger has had its time");
  }

  /// Nor does a ticket open a connection from where that is not to be.
  @Test
  void aTicketFromElsewhereIsNotTaken() throws MalformedException {
    up();
    losesBob();
    resumeRequests(d -> List.of());
    alice.begin("net");
    time.pass(Duration.ofMillis(50));
    bob.ike.receive(
        new Datagram(Connections.BOB, 500, STRANGER, 500, resumeRequestSeen().payload()));
    time.pass(Duration.ofMillis(50));
    assertEquals("IKE_SESSION_RESUME response 0 [ N(TKT_NACK) ]", lastResponse());
  }

  // --- the network, and strangers ----------------------------------------------------------------

  /// A peer that does not know the exchange says nothing: the ticket is kept, and IKE_SA_INIT
  /// follows after two tries, in the same attempt.
  @Test
  void silenceLeadsToIkeSaInit() {
    up();
    losesBob();
    resumeRequests(d -> List.of());
    again();
    assertMadeAnew();
    assertEquals(2, network.seen().stream().filter(ResumptionTest::isResumeRequest).count());
  }

  /// A ticket that was shown in vain is shown again: it has not been used (RFC 5723 §4.3.1).
  @Test
  void aTicketSurvivesAnAttemptWithoutAnAnswer() {
    up();
    losesBob();
    network.middlebox(d -> List.of());
    CompletableFuture<Outcome> vain = alice.up("net");
    time.pass(Duration.ofMinutes(3));
    assertFalse(vain.join().succeeded());
    network.middlebox(List::of);
    again();
    assertResumed(1);
  }

  /// RFC 7296 §2.1, RFC 5723 §4.3.2: messages that are lost, doubled and late.
  @Test
  void itGoesOnOverABadNetwork() {
    up();
    losesBob();
    network.faults(new Network.Faults(0, 0.5, Duration.ofMillis(400)));
    List<Integer> seen = new ArrayList<>();
    network.middlebox(
        d -> {
          boolean first = is(d, Header.IKE_SESSION_RESUME) && seen.size() < 1;
          if (first) {
            seen.add(1);
          }
          return first ? List.of() : List.of(d);
        });
    again();
    assertResumed(1);
  }

  /// RFC 7296 §2.21.1: an answer that makes no sense may be anybody's, and the right one counts.
  @Test
  void anAnswerThatMakesNoSenseIsNotHeeded() {
    up();
    losesBob();
    network.middlebox(
        d -> {
          if (!is(d, Header.IKE_SESSION_RESUME) || Transcript.isRequest(d)) {
            return List.of(d);
          }
          byte[] octets = d.payload();
          byte[] noSpi = ByteBuffer.allocate(octets.length).put(octets).putLong(8, 0).array();
          byte[] noPayload = ByteBuffer.allocate(28).put(octets, 0, 28).putInt(24, 28).array();
          noPayload[16] = 0;
          return List.of(to(d, noSpi), to(d, noPayload), d);
        });
    again();
    assertResumed(1);
    assertEquals(2, alice.count("dropped a malformed message"));
  }

  private static Datagram to(Datagram d, byte[] octets) {
    return new Datagram(d.local(), d.localPort(), d.remote(), d.remotePort(), octets);
  }

  /// RFC 5723 §4.3.2, RFC 7296 §2.6: with as many half-open IKE SAs as bears a cookie, a cookie is
  /// asked for before a ticket is looked at.
  @Test
  void aCookieIsAskedForUnderLoad() throws MalformedException {
    Retransmission usual = Host.Options.USUAL.retransmission();
    bob =
        new Host(
            Connections.BOB,
            time,
            network,
            20,
            new Host.Options(
                usual, new IkeLimits(1, 8, 4, Duration.ofMinutes(5), 1 << 16, 10, 100)));
    up();
    byte[] octets = network.seen().getFirst().payload();
    losesBob();
    byte[] other = ByteBuffer.allocate(octets.length).put(octets).putLong(0, 66).array();
    bob.ike.receive(new Datagram(Connections.BOB, 500, Connections.ALICE, 500, other));
    CompletableFuture<Outcome> outcome = alice.up("net");
    time.pass(Duration.ofSeconds(10));
    assertTrue(outcome.join().succeeded());
    assertEquals(1, bob.count("cookie"));
    assertTrue(
        Message.read(resumeRequestSeen().payload())
            .toString()
            .startsWith("IKE_SESSION_RESUME request 0 [ N(COOKIE) No N(TKT_OPAK) "));
    assertResumed(1);
  }
}
