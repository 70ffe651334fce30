package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.crypto.Role;
import espd.ike.exchange.FaceToFace.End;
import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.ike.message.IdResponder;
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
import espd.ike.message.Transform;
import espd.spd.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Answers under the right keys by which IKE daemons have been brought down, or to believe what was
/// not proven, a row for each class of such faults (RFC 7296 §1.2, §1.3, §2.7, §2.9, §2.21).
final class HostileAnswerTest extends OneResponder {

  /// RFC 7296 §2.21.2: the IKE SA is no more, and the responder told why.
  private static final String UNREADABLE =
      "Closed, says INFORMATIONAL request 2 [ D N(INVAL_SYN) ]";

  private static final String UNPROVEN =
      "Closed, says INFORMATIONAL request 2 [ D N(AUTH_FAILED) ]";
  private static final String ONE_CHILD = "1 Child SAs";

  /// The IKE SA stands, and the responder is told to forget the Child SA.
  private static final String NO_CHILD = "0 Child SAs, says INFORMATIONAL request 2 [ D ]";

  private static final String REKEYED = "2 Child SAs, says INFORMATIONAL request 3 [ D ]";

  /// The successor is not taken.
  private static final String OLD_STAYS = "1 Child SAs, says INFORMATIONAL request 3 [ D ]";

  /// RFC 7296 §2.21.3: the IKE SA is deleted.
  private static final String ENDED = "0 Child SAs, says INFORMATIONAL request 3 [ D ]";

  /// What stands in the place of an answer.
  ///
  /// @param name the class of faults
  /// @param outcome what comes of it
  /// @param change what is made of the right answer
  record Changed(String name, String outcome, UnaryOperator<List<Payload>> change) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Changed without(Class<? extends Payload> type, String outcome) {
    return new Changed(
        type.getSimpleName() + " withheld",
        outcome,
        payloads -> payloads.stream().filter(each -> !type.isInstance(each)).toList());
  }

  private static Changed doubled(Class<? extends Payload> type, String outcome) {
    return new Changed(
        type.getSimpleName() + " doubled",
        outcome,
        payloads ->
            payloads.stream()
                .flatMap(each -> Stream.of(each, each).limit(type.isInstance(each) ? 2 : 1))
                .toList());
  }

  private static Changed instead(String name, String outcome, Payload other) {
    return new Changed(
        name,
        outcome,
        payloads ->
            payloads.stream()
                .map(each -> each.payloadType() == other.payloadType() ? other : each)
                .toList());
  }

  private static Changed beside(String name, String outcome, Payload more) {
    return new Changed(
        name,
        outcome,
        payloads -> {
          List<Payload> all = new ArrayList<>(payloads);
          all.add(more);
          return all;
        });
  }

  private static Changed only(String name, String outcome, Payload... payloads) {
    return new Changed(name, outcome, right -> List.of(payloads));
  }

  private static SecurityAssociation esp(String spi, Transform... transforms) {
    return new SecurityAssociation(
        List.of(new Proposal(1, Proposal.ESP, Bytes.ofHex(spi), List.of(transforms))));
  }

  /// All addresses, all ports (RFC 7296 §3.13.1).
  private static final String EVERYTHING =
      "01000000" + "08000028" + "0000ffff" + "00".repeat(16) + "ff".repeat(16);

  private static Stream<Changed> proofs() {
    return Stream.of(
        new Changed("what it should be", ONE_CHILD, payloads -> payloads),
        without(IdResponder.class, UNREADABLE),
        without(Authentication.class, UNREADABLE),
        without(SecurityAssociation.class, "0 Child SAs"),
        without(TrafficSelectorsInitiator.class, UNREADABLE),
        doubled(IdResponder.class, UNREADABLE),
        doubled(Authentication.class, UNREADABLE),
        doubled(SecurityAssociation.class, UNREADABLE),
        only("no payloads", UNREADABLE),
        instead(
            "a proof that is none",
            UNPROVEN,
            new Authentication(Authentication.SHARED_KEY, Bytes.of(new byte[48]))),
        instead("AUTH of nothing", UNPROVEN, raw(39, "02000000")),
        instead("AUTH of method 0", UNPROVEN, raw(39, "00000000" + "00".repeat(48))),
        instead("AUTH of NULL authentication", UNPROVEN, raw(39, "0d000000" + "00".repeat(48))),
        instead("IDr of somebody else", UNPROVEN, raw(36, "0200000078")),
        instead("IDr of reserved type 0", UNPROVEN, raw(36, "0000000078")),
        only(
            "EAP-Success in the place of a proof (CVE-2021-45079)",
            UNREADABLE,
            raw(48, "03010004")),
        beside("EAP-Success beside a proof (CVE-2021-45079)", UNREADABLE, raw(48, "03010004")));
  }

  /// RFC 7296 §2.7, §2.9: what is wrong of the Child SA alone ends it alone.
  private static Stream<Changed> firstChildren() {
    Transform esn = Transform.of(Transform.ESN, 0);
    String spi = "00001000";
    return Stream.of(
        instead("SPI 0", NO_CHILD, esp("00000000", ENCR, esn)),
        instead("reserved SPI 255", NO_CHILD, esp("000000ff", ENCR, esn)),
        instead("SPI of 8 octets", NO_CHILD, esp("0000000000001000", ENCR, esn)),
        instead("SPI of nothing", NO_CHILD, esp("", ENCR, esn)),
        instead("what was not offered", NO_CHILD, esp(spi, Transform.encr(20, 128), esn)),
        instead("ENCR_NULL", NO_CHILD, esp(spi, Transform.of(1, 11), esn)),
        instead("zero transforms", NO_CHILD, esp(spi)),
        instead("traffic selectors of nobody", NO_CHILD, raw(45, "00000000")),
        instead("wider traffic selectors", ONE_CHILD, raw(45, EVERYTHING)),
        instead("traffic selectors of one octet", UNREADABLE, raw(45, "01")),
        beside(
            "another mode than was asked for", NO_CHILD, Notify.of(NotifyType.USE_TRANSPORT_MODE)),
        beside("an address that was not asked for", ONE_CHILD, raw(47, "02000000")),
        only("N(AUTHENTICATION_FAILED)", "Closed", Notify.of(NotifyType.AUTHENTICATION_FAILED)),
        only("an error of reserved type 0", "Closed", Notify.of(0)),
        beside("an error beside SA", ONE_CHILD, Notify.of(NotifyType.TS_UNACCEPTABLE)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"proofs", "firstChildren"})
  void itsProofIsBorne(Changed row) throws Exception {
    FaceToFace hosts = hosts(X25519).exchanged();
    hosts.initiator.talksTo(hosts.responder);
    assertEquals(row.outcome(), changed(hosts, row));
  }

  private static Stream<Changed> successors() {
    Transform esn = Transform.of(Transform.ESN, 0);
    String spi = "00001000";
    return Stream.of(
        new Changed("what it should be", REKEYED, payloads -> payloads),
        without(SecurityAssociation.class, ENDED),
        without(Nonce.class, ENDED),
        without(KeyExchange.class, ENDED),
        without(TrafficSelectorsResponder.class, ENDED),
        doubled(Nonce.class, ENDED),
        doubled(KeyExchange.class, ENDED),
        only("no payloads", ENDED),
        instead("KE all zero", ENDED, ke(X25519, "00".repeat(32))),
        instead("KE of another group", ENDED, ke(KeyExchangeMethod.ECP_256)),
        instead("KE of nothing", ENDED, ke(X25519, "")),
        instead("SPI 0", OLD_STAYS, esp("00000000", ENCR, dh(X25519), esn)),
        instead("proposal without DH", OLD_STAYS, esp(spi, ENCR, esn)),
        instead(
            "what was not offered", OLD_STAYS, esp(spi, Transform.encr(20, 128), dh(X25519), esn)),
        instead("wider traffic selectors", REKEYED, raw(44, EVERYTHING)),
        instead("an IKE SA in its place", ENDED, sa(ENCR, PRF, dh(X25519))),
        only(
            "N(CHILD_SA_NOT_FOUND)", "0 Child SAs", Notify.ofEsp(NotifyType.CHILD_SA_NOT_FOUND, 1)),
        only("an error of reserved type 0", ONE_CHILD, Notify.of(0)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("successors")
  void itsAnswerToARekeyIsBorne(Changed row) throws Exception {
    FaceToFace hosts = hosts(X25519).quiet();
    Established s = assertInstanceOf(Established.class, hosts.initiator.state);
    int spi = s.children().getFirst().inbound().spi();
    hosts.initiator.happens(Event.Expired.soft(hosts.now, spi));
    hosts.initiator.talksTo(hosts.responder);
    assertEquals(row.outcome(), changed(hosts, row));
  }

  /// Changes Bob's answer on its way to Alice.
  private static String changed(FaceToFace hosts, Changed row) throws Exception {
    End alice = hosts.initiator;
    IkeKeys keys = assertInstanceOf(Established.class, hosts.responder.state).ikeSa().keys();
    Datagram answer = hosts.responder.sent.remove();
    Message right = keys.cipher(Role.RESPONDER).open(answer.payload()).read();
    Message wrong = new Message(right.header(), row.change().apply(right.payloads()));
    alice.takes(
        new Datagram(
            answer.local(),
            answer.localPort(),
            answer.remote(),
            answer.remotePort(),
            keys.cipher(Role.RESPONDER).seal(wrong, hosts.random)));
    alice.compute();
    String says =
        alice.sent.isEmpty()
            ? ""
            : ", says " + keys.cipher(Role.INITIATOR).open(alice.sent.getFirst().payload()).read();
    return switch (alice.state) {
      case Established s -> {
        s.children().forEach(child -> assertNarrow(child, alice.connection));
        yield s.children().size() + " Child SAs" + says;
      }
      case IkeSaState other -> other.getClass().getSimpleName() + says;
    };
  }

  /// RFC 7296 §2.9: a responder narrows, and never widens.
  private static void assertNarrow(ChildSa child, Connection offered) {
    for (Selector each : child.inbound().parameters().selectors()) {
      assertTrue(offered.selectors().stream().anyMatch(ours -> ours.contains(each)));
    }
  }
}
