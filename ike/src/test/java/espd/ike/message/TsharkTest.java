package espd.ike.message;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What we write means the same to someone else.
class TsharkTest {

  @Test
  void readsOurIkeSaInitRequest() throws IOException, InterruptedException {
    assumeTrue(Tshark.isInstalled());
    String text = Tshark.dissect(Samples.ikeSaInit().write());
    for (String expected :
        new String[] {
          "Initiator SPI: 0102030405060708",
          "Exchange type: IKE_SA_INIT (34)",
          "Initiator: Initiator",
          "Proposal number: 2",
          "ENCR_AES_CBC",
          "Key Length: 256",
          "ENCR_CHACHA20_POLY1305",
          "AUTH_HMAC_SHA1_96",
          "PRF_HMAC_SHA2_256",
          "2048 bit MODP group",
          "DH Group #: Curve25519 (31)",
          "Nonce DATA: 0102030405060708",
          "NAT_DETECTION_SOURCE_IP",
          "RFC 3706 DPD"
        }) {
      assertTrue(text.contains(expected), expected + " not in\n" + text);
    }
    assertFalse(text.contains("Malformed"), text);
  }

  /// RFC 9370 §2.2.1, RFC 9242 §3.1: Wireshark 4.0 has no names for it, but reads its shape.
  @Test
  void readsOurAdditionalKeyExchanges() throws IOException, InterruptedException {
    assumeTrue(Tshark.isInstalled());
    Message plain = Samples.ikeSaInit();
    List<Payload> payloads = new ArrayList<>(plain.payloads());
    payloads.replaceAll(
        payload -> payload instanceof SecurityAssociation sa ? hybrid(sa) : payload);
    payloads.addFirst(Notify.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED));
    String text = Tshark.dissect(new Message(plain.header(), payloads).write());
    for (String expected :
        new String[] {
          "Notify Message Type: RESERVED TO IANA - STATUS TYPES (16438)",
          "Transform Type: Reserved to IANA (6)",
          "Transform ID: 36",
          "Transform Type: Reserved to IANA (12)",
          "Transform ID: 0"
        }) {
      assertTrue(text.contains(expected), expected + " not in\n" + text);
    }
    assertFalse(text.contains("Malformed"), text);
  }

  /// RFC 5723 §4.3.2, §7, §10: the numbers are those that others know.
  @Test
  void readsOurTickets() throws IOException, InterruptedException {
    assumeTrue(Tshark.isInstalled());
    Header header = new Header(7, 0, Header.IKE_SESSION_RESUME, Header.INITIATOR, 0);
    List<Payload> payloads = new ArrayList<>(List.of(new Nonce(Bytes.of(new byte[32]))));
    Bytes ticket = Bytes.ofHex("00000e10c0ffee");
    payloads.add(Notify.of(NotifyType.TICKET_LT_OPAQUE, ticket));
    payloads.add(Notify.of(NotifyType.TICKET_REQUEST));
    payloads.add(Notify.of(NotifyType.TICKET_ACK));
    payloads.add(Notify.of(NotifyType.TICKET_NACK));
    payloads.add(Notify.of(NotifyType.TICKET_OPAQUE, ticket));
    String text = Tshark.dissect(new Message(header, payloads).write());
    for (String expected :
        new String[] {
          "Exchange type: IKE_SESSION_RESUME (38)",
          "TICKET_LT_OPAQUE (16409)",
          "TICKET_REQUEST (16410)",
          "TICKET_ACK (16411)",
          "TICKET_NACK (16412)",
          "TICKET_OPAQUE (16413)"
        }) {
      assertTrue(text.contains(expected), expected + " not in\n" + text);
    }
    assertFalse(text.contains("Malformed"), text);
  }

  private static SecurityAssociation hybrid(SecurityAssociation sa) {
    return new SecurityAssociation(
        sa.proposals().stream()
            .map(
                p -> {
                  List<Transform> transforms = new ArrayList<>(p.transforms());
                  transforms.add(Transform.additional(1, 36));
                  transforms.add(Transform.additional(7, Transform.NONE));
                  return p.withTransforms(transforms);
                })
            .toList());
  }
}
