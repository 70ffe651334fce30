package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.Datagram;
import espd.ike.Extension;
import espd.ike.Identity;
import espd.ike.IkeOptions;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.exchange.FaceToFace.End;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.KeyExchange;
import espd.ike.message.Message;
import espd.ike.message.Nonce;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import espd.ike.message.SecurityAssociation;
import espd.ike.message.Transform;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Additional key exchanges before IKE_AUTH (RFC 9242, RFC 9370 §2.2), with messages that arrive as
/// they should, and with others.
final class IkeIntermediateTest {

  private static final Ipv6Address ALICE = Ipv6Address.parse("2001:db8:1:1::1");
  private static final Ipv6Address BOB = Ipv6Address.parse("2001:db8:2:2::2");
  static final Transform MLKEM_768 = Transform.additional(1, 36);
  static final Transform X448 = Transform.additional(2, 32);

  static Connection connection(boolean alice, Transform... additional) {
    Ipv6Address local = alice ? ALICE : BOB;
    Ipv6Address remote = alice ? BOB : ALICE;
    List<Transform> ike =
        new ArrayList<>(
            List.of(
                Transform.encr(20, 256),
                Transform.of(Transform.PRF, 6),
                Transform.of(Transform.DH, 31)));
    ike.addAll(List.of(additional));
    List<Transform> esp = List.of(Transform.encr(20, 256), Transform.of(Transform.ESN, 0));
    return new ConnectionBuilder("net", local)
        .remote(Optional.of(remote))
        .remoteId(Optional.of(Identity.of(remote)))
        .ikeProposals(List.of(new Proposal(1, Proposal.IKE, Bytes.EMPTY, ike)))
        .espProposals(List.of(new Proposal(1, Proposal.ESP, Bytes.EMPTY, esp)))
        .selectors(List.of(Selector.between(AddressRange.of(local), AddressRange.of(remote))))
        .options(IkeOptions.DEFAULT.announcing(Extension.FRAGMENTATION, false))
        .build();
  }

  static FaceToFace both(Transform... additional) {
    return new FaceToFace(connection(true, additional), connection(false, additional)).begun();
  }

  private static Established established(End end) {
    return assertInstanceOf(Established.class, end.state);
  }

  private static String suite(End end) {
    return established(end).ikeSa().keys().suite().toString();
  }

  /// RFC 9370 §2.2.2: one exchange for each, in their order; then IKE_AUTH goes on counting.
  @Test
  void eachAdditionalKeyExchangeHasItsExchange() throws Exception {
    FaceToFace hosts = both(MLKEM_768, X448);
    List<String> said = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      hosts.initiator.compute();
      said.add(Header.read(hosts.initiator.sent.getFirst().payload()).toString());
      hosts.exchanged();
    }
    assertEquals(
        List.of(
            "IKE_SA_INIT request 0",
            "IKE_INTERMEDIATE request 1",
            "IKE_INTERMEDIATE request 2",
            "IKE_AUTH request 3"),
        said);
    String suite = "AES_GCM_16_256/PRF_HMAC_SHA2_384/CURVE_25519/KE1_ML_KEM_768/KE2_CURVE_448";
    assertEquals(suite, suite(hosts.initiator));
    assertEquals(suite, suite(hosts.responder));
    assertEquals(1, established(hosts.responder).children().size());
  }

  /// RFC 9370 §2.2.1: what both ends can do without is done without, where one of them wants to.
  @Test
  void withNoneTheKeyExchangeIsOptional() throws Exception {
    Transform none = Transform.additional(1, Transform.NONE);
    FaceToFace hosts =
        new FaceToFace(connection(true, MLKEM_768, none), connection(false)).begun().quiet();
    String plain = "AES_GCM_16_256/PRF_HMAC_SHA2_384/CURVE_25519";
    assertEquals(plain, suite(hosts.initiator));
    FaceToFace other =
        new FaceToFace(connection(true), connection(false, MLKEM_768, none)).begun().quiet();
    assertEquals(plain, suite(other.responder));
  }

  /// RFC 9370 §2.2.1: without NONE it is not.
  @Test
  void withoutNoneTheKeyExchangeIsNot() throws Exception {
    FaceToFace hosts = new FaceToFace(connection(true, MLKEM_768), connection(false)).begun();
    hosts.quiet();
    assertTrue(hosts.initiator.state.isClosed());
    assertTrue(
        hosts.responder.warnings().getFirst().contains("offered KE1_ML_KEM_768, allowed KE1_NONE"));
  }

  /// RFC 9370 §2.2.1: who offers additional key exchanges announces IKE_INTERMEDIATE; who does not
  /// announce it gets none.
  @Test
  void whoDoesNotAnnounceIntermediateExchangesGetsNone() throws Exception {
    FaceToFace hosts = both(MLKEM_768);
    hosts.initiator.compute();
    Datagram request = hosts.initiator.sent.remove();
    Message message = Message.read(request.payload());
    Notify announced = Notify.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED);
    assertTrue(message.payloads().contains(announced));
    List<Payload> others = message.payloads().stream().filter(p -> !p.equals(announced)).toList();
    hosts.responder.takes(with(request, new Message(message.header(), others).write()));
    Message answer = Message.read(hosts.responder.sent.remove().payload());
    assertEquals(List.of(Notify.of(NotifyType.NO_PROPOSAL_CHOSEN)), answer.payloads());
  }

  private static Datagram with(Datagram datagram, byte[] payload) {
    return new Datagram(
        datagram.local(), datagram.localPort(), datagram.remote(), datagram.remotePort(), payload);
  }

  /// RFC 9370 §2.2.1: nor does a responder choose one without having announced it.
  @Test
  void aChoiceWithoutIntermediateExchangesEndsTheAttempt() throws Exception {
    FaceToFace hosts = both(MLKEM_768);
    hosts.initiator.talksTo(hosts.responder);
    Datagram response = hosts.responder.sent.remove();
    Message message = Message.read(response.payload());
    List<Payload> others =
        message.payloads().stream()
            .filter(p -> !p.equals(Notify.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED)))
            .toList();
    hosts.initiator.takes(with(response, new Message(message.header(), others).write()));
    assertTrue(hosts.initiator.state.isClosed());
  }

  /// RFC 9370 §2.2.1: all methods of a choice differ.
  @Test
  void aChoiceOfOneMethodTwiceEndsTheAttempt() throws Exception {
    Transform again = Transform.additional(2, 36);
    Transform other = Transform.additional(2, 35);
    FaceToFace hosts = both(MLKEM_768, other, again);
    hosts.initiator.talksTo(hosts.responder);
    Datagram response = hosts.responder.sent.remove();
    Message message = Message.read(response.payload());
    List<Payload> payloads = new ArrayList<>(message.payloads());
    SecurityAssociation sa = (SecurityAssociation) payloads.getFirst();
    List<Transform> chosen = new ArrayList<>(sa.proposals().getFirst().transforms());
    chosen.replaceAll(t -> t.equals(other) ? again : t);
    payloads.set(
        0, new SecurityAssociation(List.of(sa.proposals().getFirst().withTransforms(chosen))));
    hosts.initiator.takes(with(response, new Message(message.header(), payloads).write()));
    assertTrue(hosts.initiator.state.isClosed());
  }

  /// The initiator at its first IKE_INTERMEDIATE request, which has not arrived.
  private static Datagram atTheFirst(FaceToFace hosts) throws Exception {
    hosts.exchanged();
    hosts.initiator.compute();
    return hosts.initiator.sent.remove();
  }

  /// A request of the initiator with its own keys, in place of the one it sends.
  private static void says(FaceToFace hosts, int exchange, Payload... payloads) throws Exception {
    Datagram real = atTheFirst(hosts);
    IkeSa ikeSa = ((Enciphered) hosts.initiator.state).ikeSa();
    Message message = new Message(ikeSa.request(exchange, 1), List.of(payloads));
    hosts.responder.takes(with(real, ikeSa.seal(message, hosts.random)));
    hosts.responder.compute();
  }

  private static void assertRefused(FaceToFace hosts, String why) throws Exception {
    assertInstanceOf(Departed.class, hosts.responder.state);
    assertEquals("INVALID_SYNTAX sent: " + why, hosts.responder.warnings().getLast());
    assertEquals(1, hosts.responder.sent.size());
    hosts.responder.talksTo(hosts.initiator);
  }

  /// RFC 9370 §2.2.2: what was agreed on is not left out.
  @Test
  void authBeforeTheKeyExchangeIsRefused() throws Exception {
    FaceToFace hosts = both(MLKEM_768);
    says(hosts, Header.IKE_AUTH, new Nonce(Bytes.of(new byte[16])));
    assertRefused(hosts, "IKE_AUTH before KE1_ML_KEM_768");
  }

  @Test
  void anIntermediateExchangeOfNothingIsRefused() throws Exception {
    FaceToFace hosts = both(MLKEM_768);
    says(hosts, Header.IKE_INTERMEDIATE);
    assertRefused(hosts, "IKE_INTERMEDIATE request lacks KeyExchange");
    assertTrue(hosts.initiator.state.isClosed(), "the refusal was heard");
  }

  /// RFC 9370 §2.2.2: the method is settled, there is no INVALID_KE_PAYLOAD any more.
  @Test
  void aKeyExchangeOfAnotherMethodIsRefused() throws Exception {
    FaceToFace hosts = both(MLKEM_768, X448);
    says(hosts, Header.IKE_INTERMEDIATE, KeyExchangeMethod.CURVE_448.generate(hosts.random).ke());
    assertRefused(hosts, "IKE_INTERMEDIATE request with KE of method 32, agreed KE1_ML_KEM_768");
  }

  /// FIPS 203 §7.2.
  @Test
  void anEncapsulationKeyThatIsNoneIsRefused() throws Exception {
    FaceToFace hosts = both(MLKEM_768);
    byte[] key = new byte[1184];
    Arrays.fill(key, (byte) 0xff);
    says(hosts, Header.IKE_INTERMEDIATE, new KeyExchange(36, Bytes.of(key)));
    assertRefused(
        hosts,
        "the peer's KE: encapsulation key of ML_KEM_768 has a coefficient above the modulus");
  }

  /// More exchanges than were agreed on cost nothing.
  @Test
  void oneMoreIntermediateExchangeIsRefused() throws Exception {
    FaceToFace hosts = both(MLKEM_768);
    hosts.exchanged().exchanged();
    hosts.initiator.compute();
    Datagram auth = hosts.initiator.sent.remove();
    assertEquals(Header.IKE_AUTH, Header.read(auth.payload()).exchange());
    IkeSa ikeSa = ((Enciphered) hosts.initiator.state).ikeSa();
    KeyExchange ke = KeyExchangeMethod.ML_KEM_768.generate(hosts.random).ke();
    Message message = new Message(ikeSa.request(Header.IKE_INTERMEDIATE, 2), List.of(ke));
    hosts.responder.takes(with(auth, ikeSa.seal(message, hosts.random)));
    assertTrue(hosts.responder.computations.isEmpty());
    assertRefused(hosts, "IKE_INTERMEDIATE where IKE_AUTH comes next");
  }

  /// RFC 7296 §2.1: a duplicate gets the same answer, and is not computed again; while it is
  /// computed it gets none.
  @Test
  void aDuplicateGetsTheSameAnswer() throws Exception {
    FaceToFace hosts = both(MLKEM_768);
    Datagram request = atTheFirst(hosts);
    hosts.responder.takes(request);
    hosts.responder.takes(request);
    assertEquals(1, hosts.responder.computations.size());
    assertTrue(hosts.responder.sent.isEmpty());
    hosts.responder.compute();
    Datagram answer = hosts.responder.sent.remove();
    hosts.responder.takes(request);
    assertTrue(hosts.responder.computations.isEmpty());
    assertEquals(Bytes.of(answer.payload()), Bytes.of(hosts.responder.sent.remove().payload()));
    hosts.initiator.takes(answer);
    hosts.initiator.takes(answer);
    hosts.quiet();
    assertEquals(suite(hosts.initiator), suite(hosts.responder));
  }

  /// RFC 7296 §2.4: a request that is not answered is sent again, bit by bit, and given up.
  @Test
  void aRequestIsSentAgainAndGivenUp() throws Exception {
    FaceToFace hosts = both(MLKEM_768);
    Datagram request = atTheFirst(hosts);
    int again = 0;
    while (!hosts.initiator.state.isClosed()) {
      hosts.now = hosts.initiator.state.wakeAt().orElseThrow();
      hosts.initiator.happens(new Event.Woken(hosts.now));
      if (!hosts.initiator.sent.isEmpty()) {
        again++;
        assertEquals(
            Bytes.of(request.payload()), Bytes.of(hosts.initiator.sent.remove().payload()));
      }
    }
    assertEquals(Retransmission.STANDARD.tries(), again);
  }

  /// What is kept of a peer that has not proven itself ends with its time, key exchanges or not.
  @Test
  void theTimeOfAPeerThatHasNotProvenItselfRunsOn() throws Exception {
    FaceToFace hosts = both(MLKEM_768);
    hosts.exchanged();
    var before = hosts.responder.state.wakeAt();
    hosts.now = hosts.now.plusSeconds(10);
    hosts.exchanged();
    assertEquals(before, hosts.responder.state.wakeAt());
    hosts.responder.happens(new Event.Woken(before.orElseThrow()));
    assertTrue(hosts.responder.state.isClosed());
  }

  /// RFC 9242 §3.3.2: a message changed on its way, by who knows the keys of then, fails AUTH.
  @Test
  void aChangedIntermediateMessageFailsAuthentication() throws Exception {
    FaceToFace hosts = both(MLKEM_768);
    Datagram real = atTheFirst(hosts);
    Connecting.IntermediateRequested state =
        (Connecting.IntermediateRequested) hosts.initiator.state;
    Message message =
        new Message(
            state.ikeSa().request(Header.IKE_INTERMEDIATE, 1),
            List.of(state.key().ke(), Notify.of(50_000)));
    hosts.responder.takes(with(real, state.ikeSa().seal(message, hosts.random)));
    hosts.responder.talksTo(hosts.initiator);
    hosts.quiet();
    assertInstanceOf(Departed.class, hosts.responder.state);
    assertTrue(
        hosts.responder.warnings().getLast().startsWith("AUTHENTICATION_FAILED sent"),
        hosts.responder.warnings().toString());
    assertFalse(hosts.initiator.state instanceof Established);
  }

  /// RFC 7296 §2.12: neither end keeps keys from before.
  @Test
  void keysFromBeforeAreWiped() throws Exception {
    FaceToFace hosts = both(MLKEM_768);
    hosts.exchanged();
    var before = ((Enciphered) hosts.responder.state).ikeSa().keys();
    hosts.exchanged();
    hosts.quiet();
    org.junit.jupiter.api.Assertions.assertThrows(
        IllegalStateException.class, () -> before.skD().use(octets -> octets.length));
    assertTrue(established(hosts.responder).ikeSa().keys().skD().use(octets -> octets.length) > 0);
  }
}
