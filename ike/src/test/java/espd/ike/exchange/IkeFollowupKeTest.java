package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.Datagram;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.Role;
import espd.ike.exchange.FaceToFace.End;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.KeyExchange;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.KeyMaterial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// Additional key exchanges after CREATE_CHILD_SA (RFC 9370 §2.2.4): further Child SAs, successors
/// of both kinds, and what may come in between.
final class IkeFollowupKeTest {

  static final Transform[] ADDITIONAL = {IkeIntermediateTest.MLKEM_768, IkeIntermediateTest.X448};

  private static Connection connection(boolean alice) {
    List<Transform> esp =
        new ArrayList<>(
            List.of(
                Transform.encr(20, 256),
                Transform.of(Transform.DH, 31),
                Transform.of(Transform.ESN, 0)));
    esp.addAll(List.of(ADDITIONAL));
    return new ConnectionBuilder(IkeIntermediateTest.connection(alice, ADDITIONAL))
        .espProposals(List.of(new Proposal(1, Proposal.ESP, Bytes.EMPTY, esp)))
        .build();
  }

  static FaceToFace established() throws Exception {
    FaceToFace hosts = new FaceToFace(connection(true), connection(false)).begun().quiet();
    assertEquals(1, established(hosts.responder).children().size());
    hosts.initiator.reports.clear();
    hosts.responder.reports.clear();
    return hosts;
  }

  static Established established(End end) {
    return assertInstanceOf(Established.class, end.state);
  }

  static ChildSa child(End end) {
    List<ChildSa> standing =
        established(end).children().stream().filter(c -> !c.rekeyed()).toList();
    assertEquals(1, standing.size(), standing.toString());
    return standing.getFirst();
  }

  static void rekeysChild(FaceToFace hosts, End end) {
    end.happens(Event.Expired.soft(hosts.now, child(end).inbound().spi()));
  }

  static byte[] octets(KeyMaterial key) {
    return key.use(byte[]::clone);
  }

  static void assertSameChild(FaceToFace hosts) {
    ChildSa one = child(hosts.initiator);
    ChildSa other = child(hosts.responder);
    assertEquals(one.inbound().spi(), other.outbound().spi());
    assertEquals(one.outbound().spi(), other.inbound().spi());
    assertArrayEquals(
        octets(one.inbound().parameters().encryptionKey()),
        octets(other.outbound().parameters().encryptionKey()));
    assertEquals(1, established(hosts.initiator).children().size(), "nothing redundant");
    assertEquals(1, established(hosts.responder).children().size(), "nothing redundant");
    assertTrue(established(hosts.initiator).work().awaited().isEmpty());
  }

  private static List<String> exchanges(End end) {
    return end.reports.stream()
        .filter(Report.Exchanged.class::isInstance)
        .map(Report.Exchanged.class::cast)
        .filter(e -> e.role() == Role.INITIATOR)
        .map(e -> e.exchange() + " " + e.result())
        .toList();
  }

  /// The message that `end` is about to send, with its payloads.
  static Message said(End end) throws Exception {
    byte[] octets = end.sent.getFirst().payload();
    IkeSa ikeSa = established(end).ikeSa();
    return ikeSa.keys().cipher(ikeSa.role()).open(octets).read();
  }

  /// Either end may; the first key exchange in CREATE_CHILD_SA, each other one in its own exchange,
  /// and the old Child SA deleted after all of them.
  @Test
  void aChildSaIsRekeyedByAllKeyExchanges() throws Exception {
    FaceToFace hosts = established();
    int before = child(hosts.initiator).inbound().spi();
    for (End end : List.of(hosts.initiator, hosts.responder)) {
      rekeysChild(hosts, end);
      hosts.quiet();
      assertSameChild(hosts);
      assertEquals(
          List.of(
              "CREATE_CHILD_SA ok", "IKE_FOLLOWUP_KE ok", "IKE_FOLLOWUP_KE ok", "INFORMATIONAL ok"),
          exchanges(end));
    }
    assertTrue(before != child(hosts.initiator).inbound().spi());
  }

  /// A further Child SA is one without a successor.
  @Test
  void aFurtherChildSaTakesAllKeyExchanges() throws Exception {
    FaceToFace hosts = established();
    hosts.initiator.happens(
        new Event.ChildWanted(
            hosts.now, new ChildWish(hosts.initiator.connection, Optional.empty())));
    hosts.quiet();
    assertEquals(2, established(hosts.initiator).children().size());
    assertEquals(2, established(hosts.responder).children().size());
    assertEquals(
        List.of("CREATE_CHILD_SA ok", "IKE_FOLLOWUP_KE ok", "IKE_FOLLOWUP_KE ok"),
        exchanges(hosts.initiator));
  }

  /// The initiator at its first IKE_FOLLOWUP_KE request, which has not arrived.
  private static Datagram atTheFirst(FaceToFace hosts) throws Exception {
    rekeysChild(hosts, hosts.initiator);
    hosts.exchanged();
    hosts.initiator.compute();
    return hosts.initiator.sent.remove();
  }

  private static Message says(FaceToFace hosts, Datagram real, List<Payload> payloads)
      throws Exception {
    IkeSa ikeSa = established(hosts.initiator).ikeSa();
    int id = Header.read(real.payload()).messageId();
    Message message = new Message(ikeSa.request(Header.IKE_FOLLOWUP_KE, id), payloads);
    hosts.responder.takes(ikeSa.path().datagram(ikeSa.seal(message, hosts.random)));
    hosts.responder.compute();
    return said(hosts.responder);
  }

  /// RFC 9370 §2.2.4: what nobody waits for is said to be so; the IKE SA stands.
  @Test
  void anotherLinkFindsNoState() throws Exception {
    FaceToFace hosts = established();
    Datagram real = atTheFirst(hosts);
    KeyExchange ke = KeyExchangeMethod.ML_KEM_768.generate(hosts.random).ke();
    Bytes link = Bytes.of((byte) 1);
    Message answer = says(hosts, real, IkeFollowupKe.payloads(ke, Optional.of(link)));
    assertEquals(List.of(Notify.of(NotifyType.STATE_NOT_FOUND)), answer.payloads());
    assertTrue(hosts.responder.computations.isEmpty());
    established(hosts.responder);
  }

  /// RFC 9370 §2.2.4: the responder forgets after a while; the initiator begins anew.
  @Test
  void whatIsNotGoneOnWithIsForgotten() throws Exception {
    FaceToFace hosts = established();
    Datagram late = atTheFirst(hosts);
    hosts.now = hosts.now.plus(Awaited.PATIENCE);
    assertEquals(hosts.now, established(hosts.responder).wakeAt().orElseThrow());
    hosts.responder.happens(new Event.Woken(hosts.now));
    assertTrue(established(hosts.responder).work().awaited().isEmpty());
    hosts.responder.takes(late);
    hosts.quiet();
    assertEquals(
        List.of("CREATE_CHILD_SA ok", "IKE_FOLLOWUP_KE refused"), exchanges(hosts.initiator));
    hosts.now = hosts.now.plusSeconds(11);
    hosts.initiator.happens(new Event.Woken(hosts.now));
    hosts.quiet();
    assertSameChild(hosts);
  }

  /// RFC 7296 §2.21.3: an authentic request of another method is no mistake of the network.
  @Test
  void aKeyExchangeOfAnotherMethodEndsTheIkeSa() throws Exception {
    FaceToFace hosts = established();
    Datagram real = atTheFirst(hosts);
    Bytes link = established(hosts.responder).work().awaited().orElseThrow().link();
    KeyExchange ke = KeyExchangeMethod.CURVE_448.generate(hosts.random).ke();
    IkeSa ikeSa = established(hosts.initiator).ikeSa();
    int id = Header.read(real.payload()).messageId();
    Message message =
        new Message(
            ikeSa.request(Header.IKE_FOLLOWUP_KE, id),
            IkeFollowupKe.payloads(ke, Optional.of(link)));
    hosts.responder.takes(ikeSa.path().datagram(ikeSa.seal(message, hosts.random)));
    assertInstanceOf(Departed.class, hosts.responder.state);
  }

  /// RFC 9370 §2.2.4, FIPS 203 §7.2: what cannot be used is refused, and forgotten.
  @Test
  void anEncapsulationKeyThatIsNoneIsRefused() throws Exception {
    FaceToFace hosts = established();
    Datagram real = atTheFirst(hosts);
    Bytes link = established(hosts.responder).work().awaited().orElseThrow().link();
    KeyExchange ke = new KeyExchange(36, Bytes.of(new byte[7]));
    Message answer = says(hosts, real, IkeFollowupKe.payloads(ke, Optional.of(link)));
    assertEquals(List.of(Notify.of(NotifyType.INVALID_SYNTAX)), answer.payloads());
    assertTrue(established(hosts.responder).work().awaited().isEmpty());
  }

  /// What is begun and not gone on with does not gather: there is one at a time.
  @Test
  void aResponderKeepsOneAtATime() throws Exception {
    FaceToFace hosts = established();
    for (int i = 0; i < 5; i++) {
      hosts.initiator.happens(
          new Event.ChildWanted(
              hosts.now, new ChildWish(hosts.initiator.connection, Optional.empty())));
      hosts.initiator.talksTo(hosts.responder);
      hosts.responder.sent.clear();
      Established asked = established(hosts.initiator);
      // As if the initiator had forgotten what the answer is for.
      hosts.initiator.state = asked.with(asked.window().responded()).idle();
    }
    assertEquals(1, established(hosts.responder).work().awaited().stream().count());
    assertEquals(1, established(hosts.responder).children().size());
  }

  /// RFC 7296 §2.8.1: both ends rekey the Child SA at once; the one whose exchange has the lowest
  /// nonce does not go on.
  @RepeatedTest(12)
  void simultaneousRekeysOfAChildSaLeaveOne() throws Exception {
    FaceToFace hosts = established();
    rekeysChild(hosts, hosts.initiator);
    rekeysChild(hosts, hosts.responder);
    hosts.initiator.compute();
    hosts.responder.compute();
    Datagram one = hosts.initiator.sent.remove();
    Datagram other = hosts.responder.sent.remove();
    hosts.initiator.takes(other);
    hosts.responder.takes(one);
    hosts.quiet();
    hosts.now = hosts.now.plus(Awaited.PATIENCE);
    hosts.initiator.happens(new Event.Woken(hosts.now));
    hosts.responder.happens(new Event.Woken(hosts.now));
    hosts.quiet();
    assertSameChild(hosts);
    int followups =
        exchanges(hosts.initiator).stream().filter(e -> e.startsWith("IKE_F")).toList().size()
            + exchanges(hosts.responder).stream()
                .filter(e -> e.startsWith("IKE_F"))
                .toList()
                .size();
    assertEquals(ADDITIONAL.length, followups, "one end alone goes on");
  }

  /// RFC 7296 §2.8.1: so with the IKE SA.
  @RepeatedTest(12)
  void simultaneousRekeysOfTheIkeSaLeaveOne() throws Exception {
    FaceToFace hosts = established();
    hosts.initiator.happens(new Event.RekeyWanted(hosts.now));
    hosts.responder.happens(new Event.RekeyWanted(hosts.now));
    hosts.initiator.compute();
    hosts.responder.compute();
    Datagram one = hosts.initiator.sent.remove();
    Datagram other = hosts.responder.sent.remove();
    hosts.initiator.takes(other);
    hosts.responder.takes(one);
    hosts.quiet();
    assertEquals(1, hosts.initiator.successors.size());
    assertEquals(1, hosts.responder.successors.size());
    IkeSa successor = hosts.initiator.successors.getFirst().ikeSa();
    assertEquals(successor.spiI(), hosts.responder.successors.getFirst().ikeSa().spiI());
    assertEquals(1, hosts.initiator.successors.getFirst().children().size());
    assertEquals(1, hosts.responder.successors.getFirst().children().size());
  }

  /// RFC 7296 §2.25: while the peer goes on with a successor of the IKE SA, nothing is begun that
  /// would be lost with the old one.
  @Test
  void tasksWaitUntilThePeerHasGoneOn() throws Exception {
    FaceToFace hosts = established();
    hosts.initiator.happens(new Event.RekeyWanted(hosts.now));
    hosts.exchanged();
    rekeysChild(hosts, hosts.responder);
    assertTrue(hosts.responder.computations.isEmpty());
    hosts.quiet();
    Established successor = hosts.responder.successors.getFirst();
    assertInstanceOf(Task.RekeyChild.class, successor.work().queue().getFirst());
  }

  /// RFC 7296 §1.4.1: a deletion in between ends everything, and keeps nothing.
  @Test
  void theIkeSaMayBeClosedInBetween() throws Exception {
    FaceToFace hosts = established();
    atTheFirst(hosts);
    hosts.responder.happens(new Event.Terminate(hosts.now));
    hosts.quiet();
    assertInstanceOf(Departed.class, hosts.initiator.state);
    assertTrue(hosts.responder.state.isClosed());
  }
}
