package espd.ike.v1.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.PayloadChain;
import espd.ike.message.Tshark;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 2408 §3 and §5: messages and their bounds.
class IsakmpMessageTest {

  static Stream<String> exchanges() {
    return Recording.EXCHANGES.stream();
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void writesWhatAnotherImplementationSentAsTheSameOctets(String name) throws MalformedException {
    // RFC 2408 §3: header, generic header and each payload.
    for (Recording.Line line : Recording.of(name).messages()) {
      switch (IsakmpDatagram.read(line.datagram())) {
        case IsakmpMessage message -> assertArrayEquals(line.datagram(), message.write());
        case EncryptedMessage message -> assertArrayEquals(line.datagram(), message.write());
      }
      assertEquals(1, Header.majorVersion(line.datagram()));
    }
  }

  @Test
  void namesAMessageAsStrongSwanDoes() throws MalformedException {
    List<Recording.Line> messages = Recording.of("main-psk-aes-sha1").messages();
    assertEquals("ID_PROT request 0 [ SA V V V V V ]", clear(messages.get(0)).asRequest());
    assertEquals("ID_PROT response 0 [ SA V V V V ]", clear(messages.get(1)).asResponse());
    assertEquals("ID_PROT request 0 [ KE No NAT-D NAT-D ]", clear(messages.get(2)).asRequest());
    Recording aggressive = Recording.of("aggressive-psk-aes-sha256");
    assertEquals(
        "AGGRESSIVE response 0 [ SA KE No ID V V V V NAT-D NAT-D HASH ]",
        clear(aggressive.messages().get(1)).asResponse());
  }

  private static IsakmpMessage clear(Recording.Line line) throws MalformedException {
    return assertInstanceOf(IsakmpMessage.class, IsakmpDatagram.read(line.datagram()));
  }

  @Test
  void readsWhatItWrites() throws MalformedException {
    IsakmpMessage message = new IsakmpMessage(Samples.HEADER, Samples.everyPayload());
    assertEquals(message, IsakmpDatagram.read(message.write()));
    assertEquals(
        Optional.of(new Hash(Samples.octets(20))),
        message.first(Hash.class),
        "the first of a kind");
    assertEquals(2, message.all(Identification.class).size());
    assertEquals(message.payloads().subList(1, message.payloads().size()), message.afterFirst());
  }

  @Test
  void anotherReadsWhatItWrites() throws IOException, InterruptedException {
    assumeTrue(Tshark.isInstalled());
    String text = Tshark.dissect(new IsakmpMessage(Samples.HEADER, Samples.everyPayload()).write());
    for (String expected :
        new String[] {
          "Version: 1.0",
          "Identity Protection (Main Mode)",
          "Encryption-Algorithm: AES-CBC",
          "Key-Length: 128",
          "Life-Duration: 28800",
          "ID type: FQDN (2)",
          "ID type: IPV6_ADDR_SUBNET (6)",
          "Payload: NAT-D (RFC 3947) (20)",
          "Payload: NAT-OA (RFC 3947) (21)",
          "Notify Message Type: INITIAL-CONTACT",
          "RFC 3947 Negotiation of NAT-Traversal in the IKE"
        }) {
      assertTrue(text.contains(expected), expected + " not in\n" + text);
    }
    assertFalse(text.contains("Malformed Packet"), text);
  }

  @Test
  void refusesEveryPrefixAndOctetsBehind() {
    // RFC 2408 §5.1, §5.3: every length is exact.
    byte[] octets = new IsakmpMessage(Samples.HEADER, Samples.everyPayload()).write();
    for (int length = 0; length < octets.length; length++) {
      byte[] prefix = Arrays.copyOf(octets, length);
      assertThrows(MalformedException.class, () -> IsakmpDatagram.read(prefix));
      if (length >= Header.OCTETS) {
        prefix[26] = (byte) (length >>> 8);
        prefix[27] = (byte) length;
        assertThrows(MalformedException.class, () -> IsakmpDatagram.read(prefix));
      }
    }
    byte[] longer = Arrays.copyOf(octets, octets.length + 4);
    longer[27] = (byte) (longer[27] + 4);
    assertThrows(MalformedException.class, () -> IsakmpDatagram.read(longer));
    assertThrows(MalformedException.class, () -> IsakmpDatagram.read(new byte[70_000]));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x11, 0x20, 0x1f})
  void refusesOtherVersions(int version) {
    // RFC 2408 §3.1, §5.2: neither another major nor a larger minor version.
    byte[] octets = new IsakmpMessage(Samples.HEADER, Samples.everyPayload()).write();
    octets[17] = (byte) version;
    assertThrows(MalformedException.class, () -> IsakmpDatagram.read(octets));
    assertEquals(version >>> 4, Header.majorVersion(octets));
    assertEquals(0, Header.majorVersion(new byte[Header.OCTETS - 1]));
  }

  @Test
  void leavesWhatIsEncryptedClosed() throws MalformedException {
    // RFC 2408 §3.1: the flag E; RFC 2409 appendix B: what is behind the payloads is padding.
    Header encrypted = new Header(1, 2, Header.QUICK_MODE, Header.ENCRYPTION, 0x80000001);
    EncryptedMessage message = new EncryptedMessage(encrypted, Hash.TYPE, Samples.octets(64));
    assertEquals(message, IsakmpDatagram.read(message.write()));
    byte[] inside = PayloadChain.write(List.of(new Hash(Samples.octets(16))));
    IsakmpMessage opened = message.inside(Arrays.copyOf(inside, inside.length + 12));
    assertEquals("QUICK_MODE request 2147483649 [ HASH ]", opened.asRequest());
    inside[3]++;
    assertThrows(MalformedException.class, () -> message.inside(inside));
  }

  @Test
  void payloadsProposalsTransformsAndAttributesAreBounded() {
    IsakmpPayload v = Vendor.STRONGSWAN.payload();
    assertReads(Collections.nCopies(PayloadChain.MAX_PAYLOADS, v));
    assertRefuses(Collections.nCopies(PayloadChain.MAX_PAYLOADS + 1, v));
    IsakmpTransform t = new IsakmpTransform(1, 1, List.of());
    assertReads(List.of(proposals(SecurityAssociation.MAX_PROPOSALS, List.of(t))));
    assertRefuses(List.of(proposals(SecurityAssociation.MAX_PROPOSALS + 1, List.of(t))));
    assertReads(List.of(proposals(2, Collections.nCopies(255, t))));
    assertRefuses(List.of(proposals(3, Collections.nCopies(255, t))));
    Attribute a = Attribute.of(11, 1);
    int most = IsakmpTransform.MAX_ATTRIBUTES;
    assertReads(
        List.of(proposals(1, List.of(new IsakmpTransform(1, 1, Collections.nCopies(most, a))))));
    assertRefuses(
        List.of(
            proposals(1, List.of(new IsakmpTransform(1, 1, Collections.nCopies(most + 1, a))))));
    Delete much =
        new Delete(1, IsakmpProposal.ESP, Collections.nCopies(Delete.MAX_SPIS, Bytes.ofInt(1)));
    assertReads(List.of(much));
    assertRefuses(
        List.of(
            new Delete(
                1, IsakmpProposal.ESP, Collections.nCopies(Delete.MAX_SPIS + 1, Bytes.ofInt(1)))));
    assertRefuses(List.of(new Nonce(Samples.octets(Nonce.MAX_OCTETS + 1))));
    assertReads(List.of(new Nonce(Samples.octets(Nonce.MAX_OCTETS)), new Nonce(Samples.octets(8))));
    IsakmpMessage tooLong =
        new IsakmpMessage(
            Samples.HEADER, List.of(new VendorId(Samples.octets(Message.MAX_OCTETS))));
    assertThrows(IllegalStateException.class, tooLong::write);
  }

  private static SecurityAssociation proposals(int count, List<IsakmpTransform> transforms) {
    IsakmpProposal proposal = new IsakmpProposal(1, IsakmpProposal.ISAKMP, Bytes.EMPTY, transforms);
    return SecurityAssociation.of(Collections.nCopies(count, proposal));
  }

  private static void assertReads(List<? extends IsakmpPayload> payloads) {
    IsakmpMessage message = new IsakmpMessage(Samples.HEADER, List.copyOf(payloads));
    try {
      assertEquals(message, IsakmpDatagram.read(message.write()));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRefuses(List<? extends IsakmpPayload> payloads) {
    byte[] octets = new IsakmpMessage(Samples.HEADER, List.copyOf(payloads)).write();
    assertThrows(MalformedException.class, () -> IsakmpDatagram.read(octets));
  }
}
