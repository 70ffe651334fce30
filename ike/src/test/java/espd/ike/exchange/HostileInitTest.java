package espd.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.Datagram;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.KeyExchange;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Nonce;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import espd.ike.message.SecurityAssociation;
import espd.ike.message.Transform;
import espd.ike.message.Unknown;
import espd.ike.message.UnsupportedCriticalPayloadException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.crypto.agreement.DHStandardGroups;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// First requests by which IKE daemons have been brought down or into weak keys, a row for each
/// class of such faults: none crashes us, none makes an IKE SA (RFC 7296 §1.2, §2.7, §3.3, §3.4,
/// §5).
final class HostileInitTest extends OnePeer {

  /// What is answered to a first request.
  private static final String MALFORMED = "dropped as malformed";

  private static final String NO_PROP = "answered [ N(NO_PROP) ]";
  private static final String INVAL_KE = "answered [ N(INVAL_KE) ]";
  private static final String INVAL_SYN = "answered [ N(INVAL_SYN) ]";

  private static final Transform ENCR = Transform.encr(20, 128);
  private static final Transform PRF = Transform.of(Transform.PRF, 5);
  private static final Transform DH = Transform.of(Transform.DH, 31);
  private static final Nonce NI = new Nonce(Bytes.of(new byte[32]));
  private static final KeyExchange KE = ke(KeyExchangeMethod.CURVE_25519);
  private static final SecurityAssociation SA = sa(ENCR, PRF, DH);

  private static final KeyExchangeMethod MODP = KeyExchangeMethod.MODP_2048;
  private static final KeyExchangeMethod P256 = KeyExchangeMethod.ECP_256;

  /// One hostile request.
  ///
  /// @param name the class of faults
  /// @param outcome what comes of it
  record Row(String name, String outcome, Message request) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row row(String name, String outcome, Payload... payloads) {
    return row(Header.IKE_SA_INIT, name, outcome, payloads);
  }

  private static Row row(int exchange, String name, String outcome, Payload... payloads) {
    Header header = new Header(7, 0, exchange, Header.INITIATOR, 0);
    return new Row(name, outcome, new Message(header, List.of(payloads)));
  }

  private static Stream<Row> rows() {
    return Stream.of(withheld(), proposals(), numbers(), publicValues(), sizes(), tickets())
        .flatMap(List::stream);
  }

  private static List<Row> withheld() {
    return List.of(
        row("no payloads", MALFORMED),
        row("SA withheld", MALFORMED, KE, NI),
        row("KE withheld", MALFORMED, SA, NI),
        row("Ni withheld", MALFORMED, SA, KE),
        row("SA doubled", MALFORMED, SA, SA, KE, NI),
        row("KE doubled", MALFORMED, SA, KE, KE, NI),
        row("Ni doubled", MALFORMED, SA, KE, NI, NI));
  }

  private static List<Row> proposals() {
    Proposal fits = proposal(Proposal.IKE, ENCR, PRF);
    return List.of(
        row("no proposals", MALFORMED, raw(33, ""), KE, NI),
        row("zero transforms", NO_PROP, sa(), KE, NI),
        row("proposal without DH", NO_PROP, sa(ENCR, PRF), KE, NI),
        row("proposal without PRF", NO_PROP, sa(ENCR, DH), KE, NI),
        row("proposal without ENCR", NO_PROP, sa(PRF, DH), KE, NI),
        row("DH of group 0", NO_PROP, sa(ENCR, PRF, Transform.of(Transform.DH, 0)), KE, NI),
        row("ENCR_NULL", NO_PROP, sa(Transform.of(Transform.ENCR, 11), PRF, DH), KE, NI),
        row("key of 0 bits", NO_PROP, sa(Transform.encr(20, 0), PRF, DH), KE, NI),
        row("key of 65535 bits", NO_PROP, sa(Transform.encr(20, 65535), PRF, DH), KE, NI),
        row(
            "more proposals than anybody makes",
            MALFORMED,
            new SecurityAssociation(Proposal.numbered(Collections.nCopies(255, fits), Bytes.EMPTY)),
            KE,
            NI),
        row("proposal for ESP", NO_PROP, new SecurityAssociation(esp()), KE, NI));
  }

  private static List<Proposal> esp() {
    return List.of(proposal(Proposal.ESP, ENCR, PRF, DH));
  }

  private static List<Row> numbers() {
    return List.of(
        row("transform of reserved type 0", NO_PROP, sa(ENCR, PRF, DH, Transform.of(0, 1)), KE, NI),
        row("transform of type 255", NO_PROP, sa(ENCR, PRF, DH, Transform.of(255, 1)), KE, NI),
        row("protocol 0", NO_PROP, new SecurityAssociation(List.of(proposal(0, ENCR))), KE, NI),
        row("protocol 255", NO_PROP, new SecurityAssociation(List.of(proposal(255, ENCR))), KE, NI),
        // RFC 4555 §3.9
        row(
            "a NAT where none may be",
            "answered [ N(UNEXP_NAT) ]",
            SA,
            KE,
            NI,
            Notify.of(NotifyType.NO_NATS_ALLOWED, Bytes.of(new byte[36]))),
        row("KE of group 0", INVAL_KE, SA, new KeyExchange(0, KE.data()), NI),
        row("KE of group 65535", INVAL_KE, SA, new KeyExchange(65535, KE.data()), NI),
        row("unknown critical payload", "answered [ N(CRIT) ]", SA, KE, NI, critical()),
        row("SK in the first request", MALFORMED, raw(46, "00"), SA, KE, NI));
  }

  private static Payload critical() {
    return new Unknown(200, true, Bytes.EMPTY);
  }

  private static List<Row> publicValues() {
    String p = "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"; // little-endian
    List<Row> rows = new ArrayList<>();
    rows.add(of("X25519: all zero", KeyExchangeMethod.CURVE_25519, "00".repeat(32)));
    rows.add(of("X25519: 1", KeyExchangeMethod.CURVE_25519, "01" + "00".repeat(31)));
    rows.add(of("X25519: p - 1", KeyExchangeMethod.CURVE_25519, "ec" + p.substring(2)));
    rows.add(of("X25519: p", KeyExchangeMethod.CURVE_25519, p));
    rows.add(of("X25519: p + 1", KeyExchangeMethod.CURVE_25519, "ee" + p.substring(2)));
    rows.add(of("X25519: 31 octets", KeyExchangeMethod.CURVE_25519, "09" + "00".repeat(30)));
    rows.add(of("X25519: 33 octets", KeyExchangeMethod.CURVE_25519, "09" + "00".repeat(32)));
    rows.add(of("X25519: nothing", KeyExchangeMethod.CURVE_25519, ""));
    byte[] prime = DHStandardGroups.rfc3526_2048.getP().toByteArray();
    String modp = HexFormat.of().formatHex(Arrays.copyOfRange(prime, 1, prime.length));
    KeyExchangeMethod x448 = KeyExchangeMethod.CURVE_448;
    String p448 = "ff".repeat(28) + "fe" + "ff".repeat(27); // little-endian
    rows.add(of("X448: all zero", x448, "00".repeat(56)));
    rows.add(of("X448: 1", x448, "01" + "00".repeat(55)));
    rows.add(of("X448: p - 1", x448, "fe" + p448.substring(2)));
    rows.add(of("X448: p", x448, p448));
    rows.add(of("X448: 55 octets", x448, "05" + "00".repeat(54)));
    rows.add(of("MODP: 0", MODP, "00".repeat(256)));
    rows.add(of("MODP: 1", MODP, "00".repeat(255) + "01"));
    rows.add(of("MODP: p - 1", MODP, modp.substring(0, 510) + "fe"));
    rows.add(of("MODP: p", MODP, modp));
    rows.add(of("MODP: all ones", MODP, "ff".repeat(256)));
    rows.add(of("MODP: one octet", MODP, "05"));
    rows.add(of("P-256: 0, 0", P256, "00".repeat(64)));
    rows.add(of("P-256: off the curve", P256, "01".repeat(64)));
    rows.add(of("P-256: beyond the field", P256, "ff".repeat(64)));
    rows.add(of("P-256: compressed", P256, "02" + "01".repeat(32)));
    return rows;
  }

  private static Row of(String name, KeyExchangeMethod group, String publicValue) {
    Transform dh = Transform.of(Transform.DH, group.transformId());
    return row(
        name,
        INVAL_SYN,
        sa(ENCR, PRF, dh),
        new KeyExchange(group.transformId(), Bytes.ofHex(publicValue)),
        NI);
  }

  private static List<Row> sizes() {
    Bytes huge = Bytes.of(new byte[65_000]);
    return List.of(
        row("nonce of 15 octets", MALFORMED, SA, KE, raw(40, "00".repeat(15))),
        row("nonce of 257 octets", MALFORMED, SA, KE, raw(40, "00".repeat(257))),
        row("nonce of nothing", MALFORMED, SA, KE, raw(40, "")),
        row("KE of one octet", MALFORMED, SA, raw(34, "00"), NI),
        row("KE of 65000 octets", INVAL_SYN, SA, new KeyExchange(31, huge), NI),
        row("notification of one octet", MALFORMED, SA, KE, NI, raw(41, "00")),
        row(
            "notification of 65000 octets",
            "answered [ SA KE No N(NATD_S_IP) N(NATD_D_IP) N(CHDLESS_SUP) ]",
            SA,
            KE,
            NI,
            Notify.of(NotifyType.NAT_DETECTION_SOURCE_IP, Bytes.of(new byte[64_000]))),
        row("deletion of one octet", MALFORMED, SA, KE, NI, raw(42, "00")),
        row("traffic selectors of one octet", MALFORMED, SA, KE, NI, raw(44, "00")));
  }

  /// RFC 5723 §4.3.2
  private static List<Row> tickets() {
    String nack = "answered [ N(TKT_NACK) ]";
    return List.of(
        resume("ticket: no payloads", MALFORMED),
        resume("ticket: Ni withheld", MALFORMED, ticket(100)),
        resume("ticket: Ni doubled", MALFORMED, NI, NI, ticket(100)),
        resume("ticket: withheld", MALFORMED, NI),
        resume("ticket of nothing", nack, NI, ticket(0)),
        resume("ticket of one octet", nack, NI, ticket(1)),
        resume("ticket of zeros", nack, NI, ticket(300)),
        resume("ticket of 64000 octets", nack, NI, ticket(64_000)),
        resume("ticket and critical payload", "answered [ N(CRIT) ]", NI, ticket(9), critical()));
  }

  private static Row resume(String name, String outcome, Payload... payloads) {
    return row(Header.IKE_SESSION_RESUME, name, outcome, payloads);
  }

  private static Notify ticket(int octets) {
    return Notify.of(NotifyType.TICKET_OPAQUE, Bytes.of(new byte[octets]));
  }

  private static Payload raw(int type, String hex) {
    return new Unknown(type, false, Bytes.ofHex(hex));
  }

  private static SecurityAssociation sa(Transform... transforms) {
    return new SecurityAssociation(List.of(proposal(Proposal.IKE, transforms)));
  }

  private static KeyExchange ke(KeyExchangeMethod group) {
    try (EphemeralKeyPair key = group.generate(new SecureRandom())) {
      return new KeyExchange(group.transformId(), key.publicValue());
    }
  }

  @Override
  Connection configured() {
    return new ConnectionBuilder(super.configured())
        .ikeProposals(
            List.of(
                proposal(
                    Proposal.IKE,
                    ENCR,
                    PRF,
                    DH,
                    Transform.of(Transform.DH, MODP.transformId()),
                    Transform.of(Transform.DH, KeyExchangeMethod.CURVE_448.transformId()),
                    Transform.of(Transform.DH, P256.transformId()))))
        .build();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void isBorne(Row row) throws MalformedException {
    assertEquals(row.outcome(), outcome(row.request().write()));
  }

  private String outcome(byte[] octets) throws MalformedException {
    try {
      Message message = Message.read(octets);
      Step step = machine.respond(NOW, new Datagram(US, 500, PEER, 500, octets), message);
      for (Action action : step.actions()) {
        if (action instanceof Action.Compute(Computation computation)) {
          step = machine.step(step.next(), new Event.Computed(NOW, computation.run(random)));
        }
      }
      return answered(step);
    } catch (UnsupportedCriticalPayloadException e) {
      return "answered [ N(CRIT) ]";
    } catch (MalformedException e) {
      return MALFORMED;
    }
  }

  private static String answered(Step step) throws MalformedException {
    for (Action action : step.actions()) {
      if (action instanceof Action.Send(Datagram datagram)) {
        String answer = Message.read(datagram.payload()).toString();
        return "answered " + answer.substring(answer.indexOf('['));
      }
    }
    return "not answered";
  }
}
