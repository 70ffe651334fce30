package espd.ike.message;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Messages that make sense, one payload of each kind among them.
public final class Samples {

  /// The SPIs of all samples.
  public static final long SPI_I = 0x0102030405060708L;

  /// The SPIs of all samples.
  public static final long SPI_R = 0x1112131415161718L;

  private Samples() {}

  /// {@return an IKE_SA_INIT request as an initiator sends it}
  public static Message ikeSaInit() {
    return new Message(
        new Header(SPI_I, 0, Header.IKE_SA_INIT, Header.INITIATOR, 0),
        List.of(
            new SecurityAssociation(ikeProposals()),
            new KeyExchange(31, octets(32)),
            new Nonce(octets(32)),
            Notify.of(NotifyType.NAT_DETECTION_SOURCE_IP, octets(20)),
            Notify.of(NotifyType.NAT_DETECTION_DESTINATION_IP, octets(20)),
            new VendorId(Bytes.ofHex("afcad71368a1f1c96b8696fc77570100"))));
  }

  /// {@return an IKE_AUTH request before it is encrypted}
  public static Message ikeAuth() {
    TrafficSelector ts =
        new TrafficSelector(
            TrafficSelector.IPV6_ADDR_RANGE,
            0,
            0,
            65535,
            Bytes.ofHex("20010db8000100010000000000000001"),
            Bytes.ofHex("20010db8000100010000000000000001"));
    return new Message(
        new Header(SPI_I, SPI_R, Header.IKE_AUTH, Header.INITIATOR, 1),
        List.of(
            new IdInitiator(5, Bytes.ofHex("20010db8000100010000000000000001")),
            new IdResponder(2, Bytes.of((byte) 'b')),
            new Authentication(Authentication.SHARED_KEY, octets(32)),
            Notify.of(NotifyType.USE_TRANSPORT_MODE),
            new SecurityAssociation(List.of(espProposal())),
            new TrafficSelectorsInitiator(List.of(ts)),
            new TrafficSelectorsResponder(List.of(ts))));
  }

  /// {@return every kind of payload, those that end a message last}
  static List<Payload> everyPayload() {
    List<Payload> payloads = new ArrayList<>(ikeSaInit().payloads());
    payloads.addAll(ikeAuth().payloads());
    payloads.add(new Certificate(4, octets(10)));
    payloads.add(new CertificateRequest(4, octets(20)));
    payloads.add(Notify.ofEsp(NotifyType.REKEY_SA, 0xc0ffee00));
    payloads.add(Delete.ikeSa());
    payloads.add(Delete.esp(0x12345678, 0x9abcdef0));
    payloads.add(
        new Configuration(
            1,
            List.of(
                new Configuration.Attribute(8, Bytes.EMPTY),
                new Configuration.Attribute(10, octets(16)))));
    payloads.add(new Eap(octets(5)));
    payloads.add(new Unknown(200, false, octets(3)));
    return payloads;
  }

  static List<Proposal> ikeProposals() {
    return List.of(
        new Proposal(
            1,
            Proposal.IKE,
            Bytes.EMPTY,
            List.of(
                Transform.encr(12, 128),
                Transform.of(Transform.INTEG, 2),
                Transform.of(Transform.PRF, 2),
                Transform.of(Transform.DH, 14))),
        new Proposal(
            2,
            Proposal.IKE,
            Bytes.EMPTY,
            List.of(
                Transform.encr(20, 256),
                new Transform(Transform.ENCR, 28, OptionalInt.empty()),
                Transform.of(Transform.PRF, 5),
                Transform.of(Transform.DH, 31))));
  }

  static Proposal espProposal() {
    return new Proposal(
        1,
        Proposal.ESP,
        Bytes.ofInt(0xc0ffee01),
        List.of(
            Transform.encr(12, 128),
            Transform.of(Transform.INTEG, 2),
            Transform.of(Transform.ESN, 0)));
  }

  static Bytes octets(int length) {
    byte[] octets = new byte[length];
    IntStream.range(0, length).forEach(i -> octets[i] = (byte) (i + 1));
    return Bytes.of(octets);
  }
}
