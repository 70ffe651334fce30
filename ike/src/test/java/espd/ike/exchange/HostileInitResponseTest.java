package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.ike.Datagram;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.exchange.FaceToFace.End;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.KeyExchange;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import espd.ike.message.SecurityAssociation;
import espd.ike.message.Transform;
import espd.ike.message.Unknown;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.crypto.agreement.DHStandardGroups;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// First answers by which IKE daemons have been brought down or into weak keys, a row for each
/// class of such faults (RFC 7296 §1.2, §2.7, §2.21.1): none of it is proven.
final class HostileInitResponseTest extends OneResponder {

  private static final String PASSED_OVER = "passed over";
  private static final String GIVEN_UP = "given up";

  /// A response to IKE_SA_INIT.
  ///
  /// @param name the class of faults
  /// @param outcome what comes of it
  /// @param group that was offered
  /// @param spi the responder's
  record Init(
      String name, String outcome, KeyExchangeMethod group, long spi, List<Payload> payloads) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Init init(String name, String outcome, Payload... payloads) {
    return new Init(name, outcome, X25519, 9, List.of(payloads));
  }

  private static Stream<Init> inits() {
    return Stream.of(withheld(), choices(), asksForMore(), publicValues()).flatMap(List::stream);
  }

  /// RFC 7296 §2.21.1: what cannot be read is nobody's word; the right answer may still come.
  private static List<Init> withheld() {
    SecurityAssociation sa = sa(ENCR, PRF, dh(X25519));
    KeyExchange ke = ke(X25519);
    return List.of(
        init("what it should be", "goes on", sa, ke, NR),
        init("no payloads", PASSED_OVER),
        init("SA withheld", PASSED_OVER, ke, NR),
        init("KE withheld", PASSED_OVER, sa, NR),
        init("Nr withheld", PASSED_OVER, sa, ke),
        init("SA doubled", PASSED_OVER, sa, sa, ke, NR),
        init("KE doubled", PASSED_OVER, sa, ke, ke, NR),
        init("Nr doubled", PASSED_OVER, sa, ke, NR, NR),
        init("nonce of 15 octets", PASSED_OVER, sa, ke, raw(40, "00".repeat(15))),
        init("nonce of 257 octets", PASSED_OVER, sa, ke, raw(40, "00".repeat(257))),
        init("nonce of nothing", PASSED_OVER, sa, ke, raw(40, "")),
        init("KE of one octet", PASSED_OVER, sa, raw(34, "00"), NR),
        init("SA of nothing", PASSED_OVER, raw(33, ""), ke, NR),
        init("SK in the first response", PASSED_OVER, raw(46, "00"), sa, ke, NR),
        init(
            "unknown critical payload", PASSED_OVER, sa, ke, NR, new Unknown(200, true, NR.data())),
        new Init("SPI 0", GIVEN_UP, X25519, 0, List.of(sa, ke, NR)));
  }

  /// RFC 7296 §2.7: the responder chooses one whole proposal of those it was offered.
  private static List<Init> choices() {
    KeyExchange ke = ke(X25519);
    Proposal one = sa(ENCR, PRF, dh(X25519)).proposals().getFirst();
    Transform cbc = Transform.encr(12, 128);
    return List.of(
        init("two proposals", PASSED_OVER, new SecurityAssociation(List.of(one, one)), ke, NR),
        init("zero transforms", GIVEN_UP, sa(), ke, NR),
        init("proposal without DH", GIVEN_UP, sa(ENCR, PRF), ke, NR),
        init("proposal without PRF", GIVEN_UP, sa(ENCR, dh(X25519)), ke, NR),
        init("proposal without ENCR", GIVEN_UP, sa(PRF, dh(X25519)), ke, NR),
        init("what was not offered", GIVEN_UP, sa(cbc, PRF, dh(X25519)), ke, NR),
        init("a shorter key", GIVEN_UP, sa(Transform.encr(20, 128), PRF, dh(X25519)), ke, NR),
        init("ENCR_NULL", GIVEN_UP, sa(Transform.of(1, 11), PRF, dh(X25519)), ke, NR),
        init("ENCR twice", GIVEN_UP, sa(ENCR, cbc, PRF, dh(X25519)), ke, NR),
        init("DH of group 0", GIVEN_UP, sa(ENCR, PRF, Transform.of(Transform.DH, 0)), ke, NR),
        init(
            "a transform more",
            GIVEN_UP,
            sa(ENCR, PRF, dh(X25519), Transform.of(Transform.ESN, 1)),
            ke,
            NR),
        init("reserved type 0", GIVEN_UP, sa(ENCR, PRF, dh(X25519), Transform.of(0, 1)), ke, NR),
        init(
            "KE of another group",
            GIVEN_UP,
            sa(ENCR, PRF, dh(X25519)),
            ke(KeyExchangeMethod.ECP_256),
            NR),
        init(
            "proposal for ESP",
            GIVEN_UP,
            new SecurityAssociation(
                List.of(new Proposal(1, Proposal.ESP, Bytes.EMPTY, one.transforms()))),
            ke,
            NR));
  }

  /// RFC 7296 §2.6, §1.2: cookies of 1 to 64 octets, and groups that were offered.
  private static List<Init> asksForMore() {
    return List.of(
        init("a cookie", "asks again", Notify.of(NotifyType.COOKIE, Bytes.of(new byte[64]))),
        init("cookie of nothing", PASSED_OVER, Notify.of(NotifyType.COOKIE)),
        init(
            "cookie of 65 octets",
            PASSED_OVER,
            Notify.of(NotifyType.COOKIE, Bytes.of(new byte[65]))),
        init("the group that was used", GIVEN_UP, IkeSaInit.wantGroup(X25519.transformId())),
        init("a group that was not offered", GIVEN_UP, IkeSaInit.wantGroup(2)),
        init("a group of nothing", GIVEN_UP, Notify.of(NotifyType.INVALID_KE_PAYLOAD)),
        init(
            "a group of three octets",
            GIVEN_UP,
            Notify.of(NotifyType.INVALID_KE_PAYLOAD, Bytes.ofHex("000013"))));
  }

  /// RFC 6989 §2, RFC 8031 §3: values that make the shared secret known to everybody.
  private static List<Init> publicValues() {
    String p = "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"; // little-endian
    String p448 = "ff".repeat(28) + "fe" + "ff".repeat(27);
    byte[] prime = DHStandardGroups.rfc3526_2048.getP().toByteArray();
    String modp = HexFormat.of().formatHex(Arrays.copyOfRange(prime, 1, prime.length));
    KeyExchangeMethod x448 = KeyExchangeMethod.CURVE_448;
    KeyExchangeMethod m2048 = KeyExchangeMethod.MODP_2048;
    KeyExchangeMethod p256 = KeyExchangeMethod.ECP_256;
    return List.of(
        of("X25519: all zero", ke(X25519, "00".repeat(32))),
        of("X25519: 1", ke(X25519, "01" + "00".repeat(31))),
        of("X25519: p - 1", ke(X25519, "ec" + p.substring(2))),
        of("X25519: p", ke(X25519, p)),
        of("X25519: p + 1", ke(X25519, "ee" + p.substring(2))),
        of("X25519: 31 octets", ke(X25519, "09" + "00".repeat(30))),
        of("X25519: 33 octets", ke(X25519, "09" + "00".repeat(32))),
        of("X25519: nothing", ke(X25519, "")),
        of("X448: all zero", ke(x448, "00".repeat(56))),
        of("X448: 1", ke(x448, "01" + "00".repeat(55))),
        of("X448: p - 1", ke(x448, "fe" + p448.substring(2))),
        of("X448: p", ke(x448, p448)),
        of("MODP: 0", ke(m2048, "00".repeat(256))),
        of("MODP: 1", ke(m2048, "00".repeat(255) + "01")),
        of("MODP: p - 1", ke(m2048, modp.substring(0, 510) + "fe")),
        of("MODP: p", ke(m2048, modp)),
        of("MODP: all ones", ke(m2048, "ff".repeat(256))),
        of("MODP: one octet", ke(m2048, "05")),
        of("P-256: 0, 0", ke(p256, "00".repeat(64))),
        of("P-256: off the curve", ke(p256, "01".repeat(64))),
        of("P-256: beyond the field", ke(p256, "ff".repeat(64))),
        of("P-256: compressed", ke(p256, "02" + "01".repeat(32))));
  }

  private static Init of(String name, KeyExchange ke) {
    KeyExchangeMethod group = KeyExchangeMethod.of(ke.method()).orElseThrow();
    return new Init(name, GIVEN_UP, group, 9, List.of(sa(ENCR, PRF, dh(group)), ke, NR));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inits")
  void itsFirstAnswerIsBorne(Init row) throws Exception {
    End alice = hosts(row.group()).initiator;
    alice.compute();
    Datagram request = alice.sent.remove();
    Header header =
        new Header(
            Header.read(request.payload()).spiI(),
            row.spi(),
            Header.IKE_SA_INIT,
            Header.RESPONSE,
            0);
    IkeSaState before = alice.state;
    alice.takes(answer(request, new Message(header, row.payloads()).write()));
    alice.compute();
    assertEquals(row.outcome(), outcome(alice, before));
  }

  private static Datagram answer(Datagram request, byte[] octets) {
    return new Datagram(
        /* local= */ request.remote(),
        /* localPort= */ request.remotePort(),
        /* remote= */ request.local(),
        /* remotePort= */ request.localPort(),
        octets);
  }

  private static String outcome(End alice, IkeSaState before) {
    if (alice.state.equals(before)) {
      return PASSED_OVER;
    }
    return switch (alice.state) {
      case IkeSaState.Closed _ -> GIVEN_UP;
      case Connecting.InitRequested _ -> "asks again";
      default -> "goes on";
    };
  }
}
