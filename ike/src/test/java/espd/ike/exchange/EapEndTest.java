package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.DropReason;
import espd.ike.EapType;
import espd.ike.Proofs;
import espd.ike.Proofs.EapIdentity;
import espd.ike.Proofs.Proof;
import espd.ike.eap.Identities;
import espd.ike.exchange.Authenticating.EapAsked;
import espd.ike.exchange.Connecting.AuthRequested;
import espd.ike.exchange.FaceToFace.End;
import espd.ike.message.Bytes;
import espd.ike.message.Delete;
import espd.ike.message.Eap;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// An end that has to end EAP says so, and the other end does not wait for more (RFC 7296 §2.16,
/// §2.21.2). The responder asks by EAP-MSCHAPv2.
final class EapEndTest {

  private final FaceToFace hosts = new FaceToFace(connection(true), connection(false)).begun();
  private final End initiator = hosts.initiator;
  private final End responder = hosts.responder;

  private static Connection connection(boolean initiates) {
    Proof key = new Proof.SharedKey();
    Proof eap =
        new Proof.Eap(List.of(EapType.MSCHAPV2), new EapIdentity.Named(Identities.octets("carol")));
    return new ConnectionBuilder(IkeIntermediateTest.connection(initiates))
        .proofs(initiates ? new Proofs(eap, key) : new Proofs(key, eap))
        .build();
  }

  /// The responder has asked, and the initiator's answer is on its way.
  @BeforeEach
  void eapIsUnderWay() throws MalformedException {
    hosts.exchanged().exchanged();
    initiator.compute();
    assertInstanceOf(AuthRequested.class, initiator.state);
    assertInstanceOf(EapAsked.class, responder.state);
  }

  private void informs(Payload... payloads) throws MalformedException {
    AuthRequested state = (AuthRequested) initiator.state;
    Header header = state.ikeSa().request(Header.INFORMATIONAL, 2);
    says(initiator, state.ikeSa(), new Message(header, List.of(payloads)));
  }

  /// Has one end say something, and what was on its way get lost.
  private void says(End end, IkeSa ikeSa, Message message) throws MalformedException {
    initiator.sent.clear();
    end.sent.add(ikeSa.path().datagram(ikeSa.seal(message, hosts.random)));
    end.talksTo(end == initiator ? responder : initiator);
  }

  static Stream<Payload> ends() {
    return Stream.of(
        Notify.of(NotifyType.AUTHENTICATION_FAILED),
        Notify.of(NotifyType.INVALID_SYNTAX),
        Notify.of(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, Bytes.of((byte) 200)),
        Delete.ikeSa());
  }

  @ParameterizedTest
  @MethodSource("ends")
  void theInitiatorEndsItAndIsAnswered(Payload end) throws MalformedException {
    informs(end);
    Departed departed = assertInstanceOf(Departed.class, responder.state);
    assertTrue(departed.unproven().isPresent(), "it counts as half-open still");
    assertEquals(1, responder.sent.size());
    assertTrue(responder.warnings().getLast().contains("deleting half open IKE_SA with "));
  }

  static Stream<List<Payload>> noEnds() {
    return Stream.of(List.of(), List.of(Notify.of(50_000)), List.of(Delete.esp(4711)));
  }

  /// RFC 7296 §1.4: nothing else is to be informed about before IKE_AUTH has ended.
  @ParameterizedTest
  @MethodSource("noEnds")
  void whatIsNoEndChangesNothing(List<Payload> payloads) throws MalformedException {
    EapAsked before = (EapAsked) responder.state;
    informs(payloads.toArray(Payload[]::new));
    assertSame(before.run(), assertInstanceOf(EapAsked.class, responder.state).run());
    assertEquals(List.of(), List.copyOf(responder.sent));
    assertTrue(responder.reports.contains(new Report.Dropped(DropReason.NOT_AWAITED)));
  }

  /// The responder's packet of EAP is another than it would be.
  private void responds(String packet) throws MalformedException {
    AuthRequested state = (AuthRequested) initiator.state;
    EapAsked responding = (EapAsked) responder.state;
    Header header = responding.ikeSa().responseTo(state.ikeSa().request(Header.IKE_AUTH, 2));
    says(responder, responding.ikeSa(), new Message(header, List.of(new Eap(Bytes.ofHex(packet)))));
  }

  /// EAP_SUCCESS before the server has shown that it knows the password (RFC 2759 §8.8).
  @Test
  void anInitiatorThatDoesNotBelieveTheResponderTellsIt() throws MalformedException {
    responds("03010004");
    assertTrue(initiator.state.isClosed());
    assertEquals(1, initiator.sent.size());
    String told = "generating INFORMATIONAL request 3 [ D N(AUTH_FAILED) ]";
    assertTrue(initiator.reports.contains(new Report.Progress("net", told)));
  }

  /// RFC 3748 §4.2: a responder that ends it itself knows.
  @Test
  void anInitiatorSaysNothingMoreAfterFailure() throws MalformedException {
    responds("04010004");
    assertTrue(initiator.state.isClosed());
    assertEquals(List.of(), List.copyOf(initiator.sent));
  }
}
