package espd.ike.v1.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.exchange.Event;
import espd.ike.exchange.IsakmpState;
import espd.ike.exchange.Report;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.v1.message.Attribute;
import espd.ike.v1.message.Delete;
import espd.ike.v1.message.EncryptedMessage;
import espd.ike.v1.message.Hash;
import espd.ike.v1.message.Identification;
import espd.ike.v1.message.IsakmpDatagram;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.IsakmpPayload;
import espd.ike.v1.message.IsakmpProposal;
import espd.ike.v1.message.IsakmpTransform;
import espd.ike.v1.message.KeyExchange;
import espd.ike.v1.message.Nonce;
import espd.ike.v1.message.Notification;
import espd.ike.v1.message.NotificationType;
import espd.ike.v1.message.PhaseOneAttribute;
import espd.ike.v1.message.SecurityAssociation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A peer, or somebody in its name, that says what it must not: nothing breaks, nothing grows.
class HostilePeerTest {

  private final TwoPeers peers = IsakmpConnections.usual();

  private static Datagram toBob(byte[] octets) {
    return new Datagram(IsakmpConnections.BOB, 500, IsakmpConnections.ALICE, 500, octets);
  }

  private static Datagram first(int exchange, IsakmpPayload... payloads) {
    return first(new Header(7, 0, exchange, 0, 0), payloads);
  }

  private static Datagram first(Header header, IsakmpPayload... payloads) {
    return toBob(new IsakmpMessage(header, List.of(payloads)).write());
  }

  private void assertRefusesFirst(Datagram d) {
    assertThrows(MalformedException.class, () -> peers.responder.machine.respond(peers.now, d));
  }

  /// The offer of alice, without one of its attributes.
  private static SecurityAssociation offer(int without) {
    SecurityAssociation sa =
        PhaseOneProof.terms(IsakmpConnections.alice(c -> c)).orElseThrow().offer();
    IsakmpTransform transform = sa.proposals().getFirst().transforms().getFirst();
    List<Attribute> attributes = new ArrayList<>(transform.attributes());
    attributes.removeIf(each -> each.type() == without);
    return SecurityAssociation.of(
        List.of(
            new IsakmpProposal(
                1,
                IsakmpProposal.ISAKMP,
                Bytes.EMPTY,
                List.of(new IsakmpTransform(1, IsakmpTransform.KEY_IKE, attributes)))));
  }

  // --- first messages

  @Test
  void aFirstMessageNeedsItsPayloads() {
    assertRefusesFirst(first(Header.IDENTITY_PROTECTION));
    assertRefusesFirst(first(Header.IDENTITY_PROTECTION, new Nonce(Bytes.of(new byte[16]))));
    assertRefusesFirst(first(Header.IDENTITY_PROTECTION, offer(0), offer(0)));
    assertRefusesFirst(first(Header.AGGRESSIVE, offer(0)));
    assertRefusesFirst(
        first(
            Header.AGGRESSIVE,
            offer(0),
            new KeyExchange(Bytes.of(new byte[64])),
            new Nonce(Bytes.of(new byte[16]))));
  }

  @Test
  void aFirstMessageHasAHeaderOfItsOwn() {
    assertRefusesFirst(first(new Header(0, 0, Header.IDENTITY_PROTECTION, 0, 0), offer(0)));
    assertRefusesFirst(first(new Header(7, 8, Header.IDENTITY_PROTECTION, 0, 0), offer(0)));
    assertRefusesFirst(first(new Header(7, 0, Header.IDENTITY_PROTECTION, 0, 9), offer(0)));
    for (int exchange : new int[] {0, 1, 3, Header.INFORMATIONAL_V1, 6, Header.QUICK_MODE, 33}) {
      assertRefusesFirst(first(exchange, offer(0)));
    }
  }

  /// A transform that does not say what is to be used is not chosen: without a group the first one
  /// would be meant, of 768 bits (RFC 2409 §6).
  @ParameterizedTest
  @ValueSource(
      ints = {
        PhaseOneAttribute.ENCRYPTION,
        PhaseOneAttribute.HASH,
        PhaseOneAttribute.AUTHENTICATION,
        PhaseOneAttribute.GROUP
      })
  void aTransformHasToSayAll(int without) throws Exception {
    peers.responder.began(
        peers.responder.machine.respond(
            peers.now, first(Header.IDENTITY_PROTECTION, offer(without))));

    assertTrue(peers.responder.states.isEmpty());
    assertTrue(
        peers.responder.told(Report.Warning.class, w -> w.line().startsWith("NO_PROPOSAL_CHOSEN")));
    assertEquals(1, peers.responder.sent.size());
  }

  @Test
  void anotherDomainOfInterpretationIsRefused() throws Exception {
    peers.responder.began(
        peers.responder.machine.respond(
            peers.now,
            first(Header.IDENTITY_PROTECTION, new SecurityAssociation(2, 0, List.of()))));
    assertTrue(peers.responder.said("DOI_NOT_SUPPORTED sent"));
    assertTrue(peers.responder.states.isEmpty());
  }

  // --- key exchange

  private void upToKe() {
    peers.initiator.begin();
    peers.exchanged();
    peers.initiator.compute();
  }

  /// Replaces what is sent next by the same message with other payloads.
  private Datagram replaced(TwoPeers.End end, IsakmpPayload... payloads) throws Exception {
    Header header = IsakmpDatagram.read(end.sent.remove().payload()).header();
    Datagram d = toBob(new IsakmpMessage(header, List.of(payloads)).write());
    return d;
  }

  /// Degenerate public values are not used (RFC 6989 §2.3): all zeros are no point of the curve.
  @Test
  void aDegeneratePublicValueEndsTheAttempt() throws Exception {
    upToKe();
    peers.responder.takes(
        replaced(
            peers.initiator,
            new KeyExchange(Bytes.of(new byte[64])),
            new Nonce(Bytes.of(new byte[16]))));
    peers.responder.compute();

    assertTrue(peers.responder.said("INVALID_KEY_INFORMATION sent: the peer's KE"));
    assertTrue(peers.responder.states.isEmpty());
  }

  @Test
  void aPublicValueOfAnotherLengthDoesToo() throws Exception {
    upToKe();
    peers.responder.takes(
        replaced(
            peers.initiator,
            new KeyExchange(Bytes.of(new byte[3])),
            new Nonce(Bytes.of(new byte[16]))));
    peers.responder.compute();
    assertTrue(peers.responder.states.isEmpty());
  }

  /// A message that lacks something is dropped; the right one still counts.
  @Test
  void aMessageThatLacksPayloadsIsDropped() throws Exception {
    upToKe();
    Datagram right = peers.initiator.sent.getFirst();
    peers.responder.takes(replaced(peers.initiator, new Nonce(Bytes.of(new byte[16]))));
    assertTrue(peers.responder.said("dropped: a malformed message"));

    peers.responder.takes(peers.translated(right));
    peers.quiet();
    assertTrue(peers.initiator.isEstablished() && peers.responder.isEstablished());
  }

  // --- forged notifications

  /// Anybody can say NO-PROPOSAL-CHOSEN in the clear: it is told once, and ends nothing while the
  /// answer may still come (RFC 2409 §5.7).
  @Test
  void aNotificationInTheClearEndsNoAttempt() {
    peers.initiator.begin();
    long cookie = peers.initiator.states.getFirst().spiI();
    Header header = new Header(cookie, 0, Header.INFORMATIONAL_V1, 0, 99);
    IsakmpMessage forged =
        new IsakmpMessage(
            header,
            List.of(
                Notification.ofIsakmp(header, NotificationType.NO_PROPOSAL_CHOSEN, Bytes.EMPTY)));
    for (int i = 0; i < 10; i++) {
      peers.initiator.takes(
          new Datagram(IsakmpConnections.ALICE, 500, IsakmpConnections.BOB, 500, forged.write()));
    }
    assertEquals(1, peers.initiator.told(Report.Warning.class).size());
    peers.quiet();
    assertTrue(peers.initiator.isEstablished());
  }

  /// A peer with another secret says under keys of its own that it cannot read ours: that is told
  /// as what it may mean, and what waits for an answer does not wait for long (RFC 2409 §5.4).
  @Test
  void aNotificationThatCannotBeReadEndsTheAttemptWhenNothingBetterComes() {
    peers.responder.sharedKey = "another";
    peers.up();
    IsakmpState state = peers.initiator.states.getFirst();
    Header header =
        new Header(state.spiI(), state.spiR(), Header.INFORMATIONAL_V1, Header.ENCRYPTION, 99);
    EncryptedMessage unreadable = new EncryptedMessage(header, Hash.TYPE, Bytes.of(new byte[32]));
    peers.initiator.takes(
        new Datagram(IsakmpConnections.ALICE, 500, IsakmpConnections.BOB, 500, unreadable.write()));
    assertFalse(peers.initiator.states.isEmpty(), "anybody may have sent it");
    peers.after(Duration.ofSeconds(10));
    assertTrue(
        peers.initiator.told(
            Report.ChildFailed.class, f -> f.line().contains("do the pre-shared keys differ?")));
  }

  /// Once there are keys nothing in the clear counts, and no deletion that is not under them.
  @Test
  void aDeletionInTheClearDeletesNothing() {
    peers.up();
    Established bob = peers.responder.established();
    Header header = bob.sa().header(Header.INFORMATIONAL_V1, 5);
    peers.responder.takes(
        first(
            header, Delete.isakmp(header), Delete.esp(bob.children().getFirst().outbound().spi())));
    Header encrypted =
        new Header(
            header.spiI(), header.spiR(), header.exchange(), Header.ENCRYPTION, header.messageId());
    peers.responder.takes(toBob(garbage(encrypted, 64)));
    peers.responder.takes(toBob(garbage(encrypted, 63)));
    peers.responder.takes(toBob(garbage(encrypted, 0)));

    assertTrue(peers.responder.isEstablished());
    assertEquals(1, peers.responder.children().size());
  }

  private static byte[] garbage(Header header, int octets) {
    return new EncryptedMessage(header, Hash.TYPE, Bytes.of(new byte[octets])).write();
  }

  // --- under the keys

  private void says(int exchange, int id, IsakmpPayload... rest) {
    Established alice = peers.initiator.established();
    List<IsakmpPayload> payloads =
        Quicks.hashed(alice.sa().keys().hash1(id, List.of(rest)), List.of(rest));
    byte[] octets =
        alice
            .sa()
            .seal(alice.sa().header(exchange, id), payloads, alice.sa().firstIv(id))
            .message()
            .write();
    peers.responder.takes(toBob(octets));
    peers.responder.compute();
  }

  /// A quick mode that lacks something is refused with PAYLOAD-MALFORMED, and is over.
  @Test
  void aQuickModeNeedsItsPayloads() {
    peers.up();
    says(Header.QUICK_MODE, 77, new Nonce(Bytes.of(new byte[16])));
    assertTrue(peers.responder.said("PAYLOAD_MALFORMED sent"));
    assertTrue(peers.responder.established().over().contains(77));

    Identification one =
        QuickSelectors.ids(peers.initiator.connection().selectors().getFirst())
            .orElseThrow()
            .getFirst();
    says(
        Header.QUICK_MODE,
        78,
        QuickInitiator.terms(peers.initiator.connection(), peers.initiator.established().sa())
            .offer(0x1234),
        new Nonce(Bytes.of(new byte[16])),
        one);
    assertTrue(peers.responder.said("1 ID payloads in quick mode"));
    assertEquals(1, peers.responder.children().size());
    assertEquals(1, peers.responder.reserved.size());
  }

  /// Exchanges of other types are nothing to us (RFC 2408 §3.1): no configuration by transactions.
  @Test
  void anotherExchangeIsDropped() {
    peers.up();
    says(6, 77, new Nonce(Bytes.of(new byte[16])));
    says(33, 78, new Nonce(Bytes.of(new byte[16])));
    assertTrue(peers.responder.said("dropped: an exchange of another type"));
  }

  /// A peer that opens quick modes and does not end them has few of them at a time, and nothing is
  /// left of them.
  @Test
  void aFloodOfQuickModesIsBounded() {
    peers.up();
    for (int id = 1; id <= 100; id++) {
      says(
          Header.QUICK_MODE,
          id,
          QuickInitiator.terms(peers.initiator.connection(), peers.initiator.established().sa())
              .offer(0x10000 + id),
          new Nonce(Bytes.of(new byte[16])));
    }
    assertTrue(peers.responder.established().quicks().size() <= 8);
    assertTrue(peers.responder.said("dropped: too many quick modes at a time"));

    peers.initiator.states.clear();
    peers.after(java.time.Duration.ofMinutes(10));
    assertTrue(peers.responder.established().quicks().isEmpty());
    assertEquals(1, peers.responder.reserved.size());
    assertEquals(2, peers.responder.sad.size());
  }

  /// Message ids are remembered, but not without end.
  @Test
  void aFloodOfMessageIdsIsBounded() {
    peers.up();
    for (int id = 1; id <= 3 * MessageIds.MOST; id++) {
      says(
          Header.INFORMATIONAL_V1,
          id,
          Notification.ofIsakmp(
              peers.initiator.established().sa().header(0, 0),
              NotificationType.REPLAY_STATUS,
              Bytes.ofInt(1)));
    }
    MessageIds over = peers.responder.established().over();
    assertTrue(over.recent().size() + over.older().size() <= 2 * MessageIds.MOST);
    assertTrue(over.contains(3 * MessageIds.MOST));
    assertFalse(over.contains(1));
  }

  /// Deletions of what is not there, and of other protocols, delete nothing.
  @Test
  void aDeletionOfNothingDeletesNothing() {
    peers.up();
    says(Header.INFORMATIONAL_V1, 81, Delete.esp(0x7777, 0x8888));
    says(
        Header.INFORMATIONAL_V1,
        82,
        new Delete(1, IsakmpProposal.AH, List.of(Bytes.ofInt(0x1000))));
    says(Header.INFORMATIONAL_V1, 83, Delete.isakmp(new Header(1, 2, 0, 0, 0)));

    assertTrue(peers.responder.isEstablished());
    assertEquals(1, peers.responder.children().size());
  }

  private void asks(int id, int number) {
    Header header = peers.initiator.established().sa().header(0, 0);
    says(
        Header.INFORMATIONAL_V1,
        id,
        Notification.ofIsakmp(header, NotificationType.R_U_THERE, Bytes.ofInt(number)));
  }

  /// RFC 3706 §6.2: an old R-U-THERE may be one that somebody has kept, and shows no life, nor
  /// where the peer is.
  @Test
  void anOldQuestionShowsNoLife() {
    peers.up();
    asks(91, 7);
    Instant heard = peers.now;
    peers.now = heard.plusSeconds(60);
    asks(92, 6);
    assertEquals(heard, peers.responder.established().timers().heard());
    assertTrue(peers.responder.said("dropped: " + DropReason.OLD_LIVENESS.sentence()));
    asks(93, 8);
    assertEquals(peers.now, peers.responder.established().timers().heard());
  }

  /// What comes too late for a state is wiped, and what comes at a wrong time is ignored.
  @Test
  void eventsAtAWrongTimeDoNothing() {
    peers.initiator.begin();
    peers.initiator.feedAll(new Event.RekeyWanted(peers.now));
    peers.initiator.feedAll(Event.Expired.soft(peers.now, 1));
    peers.initiator.feedAll(new Event.ChildUnwanted(peers.now, 1));
    peers.initiator.feedAll(new Event.Adopted(peers.now, List.of()));
    peers.quiet();
    assertTrue(peers.initiator.isEstablished());
  }
}
