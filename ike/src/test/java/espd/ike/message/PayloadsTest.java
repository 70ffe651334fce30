package espd.ike.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 7296 §3.3 to §3.16: what each payload looks like on the wire.
class PayloadsTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          KE §3.4                | 34 | 0000000a 001f 0000 abcd | KeyExchange[method=31, data=abcd]
          KE reserved not zero   | 34 | 0000000a 001f ffff abcd | KeyExchange[method=31, data=abcd]
          KE without data        | 34 | 00000008 0002 0000 | KeyExchange[method=2, data=]
          IDi FQDN §3.5          | 35 | 0000000a 02 000000 6162 | IdInitiator[idType=2, data=6162]
          IDr empty              | 36 | 00000008 0b 000000 | IdResponder[idType=11, data=]
          CERT §3.6              | 37 | 00000006 04 30 | Certificate[encoding=4, data=30]
          CERTREQ empty §3.7     | 38 | 00000005 04 | CertificateRequest[encoding=4, authorities=]
          AUTH §3.8              | 39 | 0000000a 02 000000 beef | Authentication[method=2, data=beef]
          N without SPI §3.10    | 41 | 0000000a 00 00 0011 000e | Notify[protocol=0, spi=, type=17, data=000e]
          N with SPI             | 41 | 0000000c 03 04 4009 01020304 | Notify[protocol=3, spi=01020304, type=16393, data=]
          N of protocol 1 no SPI | 41 | 00000008 01 00 000e | Notify[protocol=1, spi=, type=14, data=]
          N of a ticket RFC 5723 | 41 | 0000000e 00 00 4019 00000e10 beef | Notify[protocol=0, spi=, type=16409, data=00000e10beef]
          N that shows a ticket  | 41 | 0000000a 00 00 401d beef | Notify[protocol=0, spi=, type=16413, data=beef]
          D of the IKE SA §3.11  | 42 | 00000008 01 00 0000 | Delete[protocol=1, spis=[]]
          D of ESP               | 42 | 0000000c 03 04 0001 c0ffee00 | Delete[protocol=3, spis=[c0ffee00]]
          D of nothing           | 42 | 00000008 03 00 0000 | Delete[protocol=3, spis=[]]
          V empty §3.12          | 43 | 00000004 | VendorId[data=]
          TSi of no selectors    | 44 | 00000008 00 000000 | TrafficSelectorsInitiator[selectors=[]]
          TSr of a kind unknown  | 45 | 00000010 01 000000 0a 00 0008 00000000 | TrafficSelectorsResponder[selectors=[]]
          TSi IPv4 §3.13.1       | 44 | 00000018 01 000000 07 06 0010 0050 0050 0a000001 0a0000ff | TrafficSelectorsInitiator[selectors=[10.0.0.1-10.0.0.255[80-80] proto 6]]
          SK §3.14               | 46 | 23000006 aabb | Encrypted[firstInner=35, body=aabb]
          CP §3.15               | 47 | 0000000c 01 000000 8008 0000 | Configuration[cfgType=1, attributes=[Attribute[type=8, value=]]]
          EAP §3.16              | 48 | 00000006 0102 | Eap[data=0102]
          a type unknown §2.5    | 99 | 00000005 07 | Unknown[payloadType=99, critical=false, body=07]
          """)
  void reads(String name, int type, String hex, String expected) throws MalformedException {
    List<Payload> payloads = Payloads.read(type, octets(hex));
    assertEquals(1, payloads.size(), name);
    assertEquals(expected, payloads.getFirst().toString());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          length below its header    | 43 | 00000003 | -1 octets expected
          length of zero             | 43 | 00000000 | -4 octets expected
          length beyond the end      | 43 | 00000005 | 1 octets expected
          generic header cut off     | 43 | 0000 | 2 octets expected
          octets behind the last one | 43 | 00000004 00 | 1 octets too many in message
          next payload missing       | 43 | 2b000004 | 1 octets expected
          KE cut off                 | 34 | 00000007 001f 00 | 2 octets expected
          IDi cut off                | 35 | 00000006 02 00 | 3 octets expected
          CERT without encoding      | 37 | 00000004 | 1 octets expected
          nonce of 15 octets §3.9    | 40 | 00000013 000102030405060708090a0b0c0d0e | a nonce of 15 octets
          N whose SPI is cut off     | 41 | 0000000b 03 04 4009 010203 | 4 octets expected
          D of the IKE SA with SPIs  | 42 | 00000010 01 08 0001 0102030405060708 | 1 SPIs in D
          D with SPIs of no octets   | 42 | 00000008 03 00 0001 | SPIs of 0 octets
          D with fewer SPIs          | 42 | 0000000c 03 04 0002 c0ffee00 | 4 octets expected
          D with octets too many     | 42 | 0000000d 03 04 0001 c0ffee00 00 | 1 octets too many in D
          TS cut off                 | 44 | 00000010 01 000000 08 00 0008 00000000 | 16 octets expected
          TS of a wrong length       | 44 | 00000010 01 000000 08 00 0003 00000000 | -1 octets expected
          TS too long                | 44 | 0000001c 01 000000 07 00 0014 0000ffff 0a000001 0a000001 00000000 | 4 octets too many in traffic selector
          fragment 0                 | 53 | 0000000a 0000 0001 aabb | fragment 0 of 1
          fragment 2 of 1            | 53 | 0000000a 0002 0001 aabb | fragment 2 of 1
          CP attribute cut off       | 47 | 0000000c 01 000000 0008 0001 | 1 octets expected
          SA without proposals §3.3  | 33 | 00000004 | 1 octets expected
          SA of a short proposal     | 33 | 0000000c 00 00 0007 01010000 | 1 octets expected
          SA of a wrong last         | 33 | 0000000c 01 00 0008 01010000 | last substructure 1 of a proposal
          SA with an end too early   | 33 | 00000014 00 00 0008 01010000 00 00 0008 02010000 | 8 octets too many in SA
          SA with transforms too few | 33 | 0000000c 00 00 0008 01010001 | 1 octets expected
          transform of a wrong last  | 33 | 00000014 00 00 0010 01010001 03 00 0008 0100 000c | last substructure 3 of a transform
          attribute cut off          | 33 | 00000016 00 00 0012 01010001 00 00 000a 0100 000c 800e | 2 octets expected
          """)
  void refuses(String name, int type, String hex, String expected) {
    MalformedException refusal =
        assertThrows(MalformedException.class, () -> Payloads.read(type, octets(hex)), name);
    assertTrue(String.valueOf(refusal.getMessage()).contains(expected), refusal.getMessage());
  }

  @Test
  void readsTransformsWithAndWithoutKeyLength() throws MalformedException {
    // RFC 7296 §3.3.2, §3.3.5.
    Proposal proposal =
        proposal("03000008 0100001c", "0300000c 01000014 800e0100", "00000008 04000013");
    assertEquals(
        List.of(
            Transform.of(Transform.ENCR, 28),
            Transform.encr(20, 256),
            Transform.of(Transform.DH, 19)),
        proposal.transforms());
  }

  @ParameterizedTest
  @CsvSource({"80110001", "00120002abcd", "800e0080 80110001"})
  void keepsATransformWithAnAttributeItDoesNotKnowAsOneThatFitsNothing(String attributes)
      throws MalformedException {
    // RFC 7296 §3.3.6.
    int length = 8 + octets(attributes).length;
    Proposal proposal = proposal("0000%04x 0100000c %s".formatted(length, attributes));
    assertEquals(Transform.UNKNOWN_ATTRIBUTE, proposal.transforms().getFirst().id());
  }

  private static Proposal proposal(String... transforms) throws MalformedException {
    String body = "0101 00 %02x %s".formatted(transforms.length, String.join("", transforms));
    int length = 4 + octets(body).length;
    String sa = "0000%04x 0000%04x %s".formatted(4 + length, length, body);
    return ((SecurityAssociation) Payloads.read(33, octets(sa)).getFirst()).proposals().getFirst();
  }

  @Test
  void refusesMoreThanItsLimits() throws MalformedException {
    List<Proposal> proposals =
        Collections.nCopies(SecurityAssociation.MAX_PROPOSALS, Samples.espProposal());
    List<Payload> most = List.of(new SecurityAssociation(proposals));
    assertEquals(most, Payloads.read(33, Payloads.write(most)));
    byte[] tooManyProposals =
        Payloads.write(
            List.of(
                new SecurityAssociation(
                    Collections.nCopies(
                        SecurityAssociation.MAX_PROPOSALS + 1, Samples.espProposal()))));
    assertThrows(MalformedException.class, () -> Payloads.read(33, tooManyProposals));
    byte[] tooManySpis = Payloads.write(List.of(Delete.esp(new int[Delete.MAX_SPIS + 1])));
    assertThrows(MalformedException.class, () -> Payloads.read(42, tooManySpis));
    byte[] tooManyAttributes =
        Payloads.write(
            List.of(
                new Configuration(
                    1,
                    Collections.nCopies(
                        Configuration.MAX_ATTRIBUTES + 1,
                        new Configuration.Attribute(1, Bytes.EMPTY)))));
    assertThrows(MalformedException.class, () -> Payloads.read(47, tooManyAttributes));
  }

  @ParameterizedTest
  @CsvSource({"16, true", "256, true", "15, false", "257, false", "0, false"})
  void takesANonceOf16To256Octets(int length, boolean good) throws MalformedException {
    // RFC 7296 §3.9.
    byte[] octets = Payloads.write(List.of(new Nonce(Samples.octets(length))));
    if (good) {
      assertEquals(1, Payloads.read(40, octets).size());
    } else {
      assertThrows(MalformedException.class, () -> Payloads.read(40, octets));
    }
  }

  @Test
  void givesTheIdPayloadWithoutItsGenericHeader() {
    // RFC 7296 §2.15, RestOfInitIDPayload.
    assertEquals("02000000616263", new IdInitiator(2, Bytes.ofHex("616263")).body().toString());
    assertEquals("0b000000", new IdResponder(11, Bytes.EMPTY).body().toString());
  }

  @Test
  void namesNotificationsAndTellsErrorsFromStatus() {
    // RFC 7296 §3.10.1.
    assertEquals("NO_PROPOSAL_CHOSEN", NotifyType.name(14));
    assertEquals("(8192)", NotifyType.name(8192));
    assertTrue(Notify.of(NotifyType.TS_UNACCEPTABLE).isError());
    assertTrue(Notify.of(8192).isError());
    assertTrue(!Notify.of(NotifyType.INITIAL_CONTACT).isError());
  }

  private static byte[] octets(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
