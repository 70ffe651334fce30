package espd.ike.v1.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.Writer;
import java.util.List;

/// Messages for tests.
final class Samples {

  static final Header HEADER =
      new Header(0x0102030405060708L, 0x1112131415161718L, Header.IDENTITY_PROTECTION, 0, 0);

  private Samples() {}

  /// {@return one payload of each type, and a second one of some}
  static List<IsakmpPayload> everyPayload() {
    IsakmpTransform aes =
        new IsakmpTransform(
            1,
            IsakmpTransform.KEY_IKE,
            List.of(
                Attribute.of(PhaseOneAttribute.ENCRYPTION, PhaseOneAttribute.AES_CBC),
                Attribute.of(PhaseOneAttribute.KEY_LENGTH, 128),
                Attribute.of(PhaseOneAttribute.HASH, PhaseOneAttribute.SHA),
                Attribute.of(PhaseOneAttribute.GROUP, 14),
                Attribute.of(PhaseOneAttribute.AUTHENTICATION, 1),
                Attribute.of(PhaseOneAttribute.LIFE_TYPE, PhaseOneAttribute.SECONDS),
                new Attribute(PhaseOneAttribute.LIFE_DURATION, false, Bytes.ofInt(28_800))));
    IsakmpProposal proposal =
        new IsakmpProposal(1, IsakmpProposal.ISAKMP, Bytes.EMPTY, List.of(aes, aes.numbered(2)));
    return List.of(
        SecurityAssociation.of(List.of(proposal)),
        new KeyExchange(octets(256)),
        new Nonce(octets(32)),
        new Identification(IdType.FQDN, 0, 0, Bytes.of("a.example".getBytes(UTF_8))),
        new Identification(IdType.IPV6_ADDR_SUBNET, 17, 500, octets(32)),
        new Certificate(Certificate.X509_SIGNATURE, octets(100)),
        new CertificateRequest(Certificate.X509_SIGNATURE, Bytes.EMPTY),
        new Hash(octets(20)),
        new Signature(octets(128)),
        Notification.ofIsakmp(HEADER, NotificationType.INITIAL_CONTACT, Bytes.EMPTY),
        Notification.ofEsp(
            7, NotificationType.RESPONDER_LIFETIME, Bytes.ofHex("80010001 80020e10")),
        Delete.isakmp(HEADER),
        Delete.esp(1, 2),
        Vendor.NAT_TRAVERSAL.payload(),
        new NatD(octets(20)),
        new NatOa(IdType.IPV6_ADDR, octets(16)),
        new NatOa(IdType.IPV4_ADDR, octets(4)));
  }

  /// {@return a message with one payload}
  static byte[] message(int type, String body) {
    Bytes octets = Bytes.ofHex(body);
    int length = Header.OCTETS + 4 + octets.length();
    Writer out = new Writer();
    HEADER.write(out, Header.VERSION_1, type, length);
    return out.u8(0).u8(0).u16(4 + octets.length()).bytes(octets).toArray();
  }

  /// {@return so many octets, counting up from 1}
  static Bytes octets(int length) {
    byte[] octets = new byte[length];
    for (int i = 0; i < length; i++) {
      octets[i] = (byte) (i + 1);
    }
    return Bytes.of(octets);
  }
}
