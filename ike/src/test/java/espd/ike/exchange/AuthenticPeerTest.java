package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.crypto.Role;
import espd.ike.message.Bytes;
import espd.ike.message.Configuration;
import espd.ike.message.Delete;
import espd.ike.message.Header;
import espd.ike.message.KeyExchange;
import espd.ike.message.Message;
import espd.ike.message.Nonce;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import espd.ike.message.SecurityAssociation;
import espd.ike.message.TrafficSelectorsInitiator;
import espd.ike.message.TrafficSelectorsResponder;
import espd.ike.message.Unknown;
import espd.spd.OutboundSa;
import espd.spd.OuterTraffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What an authentic peer may say that makes no sense (RFC 7296 §2.5, §2.21.3, §2.25).
final class AuthenticPeerTest extends OnePeer {

  /// RFC 7296 §2.5: a critical payload nobody knows refuses the request, not the IKE SA.
  @Test
  void anUnknownCriticalPayloadIsNamed() throws Exception {
    Step step = says(Header.INFORMATIONAL, new Unknown(200, true, Bytes.of((byte) 1)));
    assertEquals(
        List.of(Notify.of(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, Bytes.of((byte) 200))),
        answer(step));
    assertInstanceOf(Established.class, step.next());
  }

  /// RFC 7296 §2.5: one that is not critical is passed over.
  @Test
  void anUnknownPayloadIsPassedOver() throws Exception {
    Step step = says(Header.INFORMATIONAL, new Unknown(200, false, Bytes.of((byte) 1)));
    assertEquals(List.of(), answer(step));
  }

  /// RFC 7296 §3.10.1: so are statuses.
  @Test
  void anUnknownStatusIsPassedOver() throws Exception {
    assertEquals(List.of(), answer(says(Header.INFORMATIONAL, Notify.of(50_000))));
  }

  /// A request for a Child SA, or for the successor of one.
  private Step asksForChild(Optional<Integer> replaced, ChildProposal.Padding padding) {
    ChildProposal child = childProposal(4711, padding);
    return says(
        Header.CREATE_CHILD_SA,
        CreateChildSa.child(replaced, child, Bytes.of(new byte[32]), Optional.empty())
            .toArray(Payload[]::new));
  }

  /// RFC 7296 §2.25: a Child SA that is not here.
  @Test
  void rekeyingWhatIsNotHereIsSaid() throws Exception {
    Step step = asksForChild(Optional.of(0x1234_5678), ChildProposal.Padding.TAKEN);
    Notify notify = assertInstanceOf(Notify.class, answer(step).getFirst());
    assertEquals(NotifyType.CHILD_SA_NOT_FOUND, notify.type());
    assertEquals(Bytes.ofInt(0x1234_5678), notify.spi());
  }

  /// RFC 7296 §1.3.1, RFC 4303 §2.7: what the peer does not take is not sent; we take it.
  @Test
  void packetsAreNotPaddedForAPeerThatDoesNotTakeIt() throws Exception {
    Step padded = asksForChild(Optional.empty(), ChildProposal.Padding.TAKEN);
    assertEquals(new OuterTraffic(1400, 7, false, true), outerTraffic(padded));
    Step bare = asksForChild(Optional.empty(), ChildProposal.Padding.NOT_SUPPORTED);
    assertEquals(new OuterTraffic(0, 7, false, true), outerTraffic(bare));
    Notify ours = Notify.of(NotifyType.ESP_TFC_PADDING_NOT_SUPPORTED);
    assertFalse(answer(bare).contains(ours), "each end says it for itself");
  }

  private static OuterTraffic outerTraffic(Step step) {
    return step.actions().stream()
        .filter(Action.Install.class::isInstance)
        .map(action -> ((Action.Install) action).sa())
        .filter(OutboundSa.class::isInstance)
        .findFirst()
        .orElseThrow()
        .parameters()
        .outerTraffic();
  }

  /// RFC 7296 §2.21.3: an authentic request that lacks what it must have ends the IKE SA.
  @Test
  void aRequestWithoutItsPayloadsIsInvalidSyntax() throws Exception {
    Step step = says(Header.CREATE_CHILD_SA, new Nonce(Bytes.of(new byte[32])));
    assertEquals(NotifyType.INVALID_SYNTAX, type(answer(step)));
    assertInstanceOf(Departed.class, step.next());
  }

  /// RFC 7296 §1.4.1: a deletion of what is not here is answered with nothing deleted.
  @Test
  void deletingWhatIsNotHereDeletesNothing() throws Exception {
    assertEquals(List.of(), answer(says(Header.INFORMATIONAL, Delete.esp(4711))));
  }

  /// RFC 7296 §2.21.3: a request that cannot be read to its end is none, and nothing of it is done;
  /// what ends with the IKE SA ends once.
  @Test
  void nothingIsDoneOfARequestThatCannotBeRead() {
    Step made = asksForChild(Optional.empty(), ChildProposal.Padding.TAKEN);
    Established s = assertInstanceOf(Established.class, made.next());
    Configuration twice = new Configuration(Configuration.REQUEST, List.of());
    Step step = says(s, Header.INFORMATIONAL, Delete.esp(4711), twice, twice);
    assertInstanceOf(Departed.class, step.next());
    assertEquals(
        1,
        step.actions().stream()
            .filter(
                a -> a instanceof Action.Tell(Report report) && report instanceof Report.ChildDown)
            .count());
  }

  /// RFC 7296 §1.4.1, §2.5: who answers a deletion has deleted, whatever else it says.
  @Test
  void aDeletionThatIsAnsweredWronglyIsNotAskedForAgain() {
    Established s =
        assertInstanceOf(
            Established.class, machine.step(established(), new Event.Terminate(NOW)).next());
    Header header = new Header(1, 2, Header.INFORMATIONAL, Header.INITIATOR | Header.RESPONSE, 0);
    Step answered = hears(s, new Message(header, List.of(new Unknown(200, true, Bytes.EMPTY))));
    assertTrue(answered.next().isClosed());
    assertFalse(sends(answered));
  }

  /// RFC 7296 §2.1: after the IKE SA is deleted its last answer can still be had.
  @Test
  void aDeletedIkeSaStillAnswersDuplicates() {
    Header header = new Header(1, 2, Header.INFORMATIONAL, Header.INITIATOR, 2);
    byte[] octets =
        keys.cipher(Role.INITIATOR).seal(new Message(header, List.of(Delete.ikeSa())), random);
    Event again = new Event.Received(NOW, new Datagram(US, 500, PEER, 500, octets));
    Step deleted = machine.step(established(), again);
    assertInstanceOf(Departed.class, deleted.next());
    Step duplicate = machine.step(deleted.next(), again);
    assertInstanceOf(Action.Send.class, duplicate.actions().getFirst());
    Step over = machine.step(duplicate.next(), new Event.Woken(NOW.plusSeconds(31)));
    assertTrue(over.next().isClosed());
  }

  /// RFC 7296 §2.1: what only looks like a duplicate is not from the peer, and gets no answer.
  @Test
  void aDuplicateThatThePeerDidNotSendIsNotAnswered() {
    Header header = new Header(1, 2, Header.INFORMATIONAL, Header.INITIATOR, 2);
    byte[] octets = keys.cipher(Role.INITIATOR).seal(new Message(header, List.of()), random);
    Step first = machine.step(established(), received(octets));
    assertTrue(sends(machine.step(first.next(), received(octets))), "the duplicate itself");
    octets[octets.length - 1] ^= 1;
    assertFalse(sends(machine.step(first.next(), received(octets))), "with another ICV");
  }

  private static Event received(byte[] octets) {
    return new Event.Received(NOW, new Datagram(US, 500, PEER, 500, octets.clone()));
  }

  private static boolean sends(Step step) {
    return step.actions().stream().anyMatch(Action.Send.class::isInstance);
  }

  /// Any payloads in any exchange, authentic, raise nothing.
  @Test
  void anyPayloadsInAnyExchangeRaiseNothing() throws Exception {
    Random choice = new Random(1);
    Connection c = connection();
    List<Payload> some = new ArrayList<>();
    some.add(new Nonce(Bytes.of(new byte[16])));
    some.add(new SecurityAssociation(Proposal.numbered(c.espProposals(), Bytes.ofInt(5))));
    some.add(new SecurityAssociation(Proposal.numbered(c.espProposals(), Bytes.EMPTY)));
    some.add(new SecurityAssociation(Proposal.numbered(c.ikeProposals(), Bytes.ofLong(5))));
    some.add(new SecurityAssociation(Proposal.numbered(c.ikeProposals(), Bytes.ofInt(5))));
    some.add(new KeyExchange(31, Bytes.of(new byte[32])));
    some.add(new KeyExchange(31, Bytes.of(new byte[3])));
    some.add(new KeyExchange(99, Bytes.EMPTY));
    some.add(new TrafficSelectorsInitiator(List.of()));
    some.add(new TrafficSelectorsResponder(List.of()));
    var selectors = c.selectors();
    some.add(new TrafficSelectorsInitiator(TrafficSelection.remoteEnds(selectors)));
    some.add(new TrafficSelectorsResponder(TrafficSelection.localEnds(selectors)));
    some.add(Notify.ofEsp(NotifyType.REKEY_SA, 7));
    some.add(new Notify(Proposal.ESP, Bytes.of((byte) 1), NotifyType.REKEY_SA, Bytes.EMPTY));
    some.add(Notify.of(NotifyType.USE_TRANSPORT_MODE));
    some.add(Delete.esp(1, 2, 3));
    int[] exchanges = {34, 35, 36, 36, 36, 36, 37, 43, 200};
    for (int i = 0; i < 5_000; i++) {
      Payload[] payloads = new Payload[choice.nextInt(7)];
      for (int j = 0; j < payloads.length; j++) {
        payloads[j] = some.get(choice.nextInt(some.size()));
      }
      Step step = says(exchanges[choice.nextInt(exchanges.length)], payloads);
      for (Action action : step.actions()) {
        if (action instanceof Action.Compute(Computation computation)) {
          machine.step(step.next(), new Event.Computed(NOW, computation.run(random)));
        }
      }
    }
  }
}
