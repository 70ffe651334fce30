package espd.ike.message;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
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
}
