package espd.ike.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 7296 §2.7, §3.3.3, §3.3.6; RFC 9370 §2.2.1.
class ProposalSelectionTest {

  /// A proposal in short: `e12_128 i2 p2 d14 n0`, with u for ADDKE1, v for ADDKE2.
  private static Proposal proposal(int protocol, int number, String text) {
    List<Transform> transforms = new ArrayList<>();
    for (String word : text.split(" ", -1)) {
      String[] idAndKey = word.substring(1).split("_", -1);
      int type =
          switch (word.charAt(0)) {
            case 'e' -> Transform.ENCR;
            case 'i' -> Transform.INTEG;
            case 'p' -> Transform.PRF;
            case 'd' -> Transform.DH;
            case 'n' -> Transform.ESN;
            case 'u' -> 6;
            case 'v' -> 7;
            case 'y' -> 98;
            default -> 99;
          };
      OptionalInt bits =
          idAndKey.length > 1 ? OptionalInt.of(Integer.parseInt(idAndKey[1])) : OptionalInt.empty();
      transforms.add(new Transform(type, Integer.parseInt(idAndKey[0]), bits));
    }
    return new Proposal(number, protocol, Bytes.ofInt(number), transforms);
  }

  private static List<Proposal> proposals(String texts) {
    List<Proposal> proposals = new ArrayList<>();
    for (String text : texts.split(", ", -1)) {
      proposals.add(proposal(Proposal.IKE, proposals.size() + 1, text));
    }
    return proposals;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          the same                       | e12_128 i2 p2 d14 | e12_128 i2 p2 d14 | 1 AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048
          our order among transforms     | e12_256 e12_128 i2 p2 d14 | e12_128 e12_256 i2 p2 d14 | 1 AES_CBC_256/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048
          our order among proposals      | e12_256 i2 p2 d14, e12_128 i2 p2 d14 | e12_128 i2 p2 d14, e12_256 i2 p2 d14 | 2 AES_CBC_256/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048
          their order among equals       | e12_128 i2 p2 d14 | e12_128 i2 p2 d14 d15, e12_128 i2 p2 d14 | 1 AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048
          an AEAD without INTEG          | e20_128 p5 d31 | e20_128 p5 d31 | 1 AES_GCM_16_128/PRF_HMAC_SHA2_256/CURVE_25519
          an AEAD with INTEG NONE        | e20_128 p5 d31 | e20_128 i0 p5 d31 | 1 AES_GCM_16_128/NONE/PRF_HMAC_SHA2_256/CURVE_25519
          the next of ours that fits     | e20_128 e12_128 i2 p5 d31 | e12_128 i2 p5 d31 | 1 AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA2_256/CURVE_25519
          a cipher without key length    | e28 p5 d31 | e28 p5 d31 | 1 CHACHA20_POLY1305/PRF_HMAC_SHA2_256/CURVE_25519
          no ESN is the absence of ESN   | e12_128 i2 | e12_128 i2 n0 | 1 AES_CBC_128/HMAC_SHA1_96/NO_EXT_SEQ
          the absence of ESN is no ESN   | e12_128 i2 n0 | e12_128 i2 | 1 AES_CBC_128/HMAC_SHA1_96
          ESN by choice                  | e12_128 i2 n1 n0 | e12_128 i2 n0 n1 | 1 AES_CBC_128/HMAC_SHA1_96/EXT_SEQ
          DH NONE is the absence of DH   | e12_128 i2 n0 | e12_128 i2 d14 d0 n0 | 1 AES_CBC_128/HMAC_SHA1_96/NONE/NO_EXT_SEQ
          unknown transforms beside ours | e12_128 i2 p2 d14 | e99 e12_128 i99 i2 p99 p2 d99 d14 | 1 AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048
          two unknown types with NONE    | e12_128 i2 p2 d14 | e12_128 i2 p2 d14 x0 y35 y0 | 1 AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048/TYPE99(0)/TYPE98(0)
          an unknown type with NONE      | e12_128 i2 p2 d14 | e12_128 i2 p2 d14 x0 | 1 AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048/TYPE99(0)
          an additional key exchange     | e20_128 p5 d31 u36 | e20_128 p5 d31 u35 u36 | 1 AES_GCM_16_128/PRF_HMAC_SHA2_256/CURVE_25519/KE1_ML_KEM_768
          two of them, NONE for one      | e20_128 p5 d31 u36 v0 | e20_128 p5 d31 u36 v37 v0 | 1 AES_GCM_16_128/PRF_HMAC_SHA2_256/CURVE_25519/KE1_ML_KEM_768/KE2_NONE
          one that the peer lets go      | e20_128 p5 d31 | e20_128 p5 d31 u36 u0 | 1 AES_GCM_16_128/PRF_HMAC_SHA2_256/CURVE_25519/KE1_NONE
          one that we let go             | e20_128 p5 d31 u36 u0 | e20_128 p5 d31 | 1 AES_GCM_16_128/PRF_HMAC_SHA2_256/CURVE_25519
          no method twice                | e20_128 p5 d36 d31 u36 | e20_128 p5 d31 d36 u36 | 1 AES_GCM_16_128/PRF_HMAC_SHA2_256/CURVE_25519/KE1_ML_KEM_768
          no method twice further on     | e20_128 p5 d31 u36 u35 v36 | e20_128 p5 d31 u35 u36 v36 | 1 AES_GCM_16_128/PRF_HMAC_SHA2_256/CURVE_25519/KE1_ML_KEM_512/KE2_ML_KEM_768
          NONE twice                     | e20_128 p5 d31 | e20_128 p5 d31 u36 u0 v37 v0 | 1 AES_GCM_16_128/PRF_HMAC_SHA2_256/CURVE_25519/KE1_NONE/KE2_NONE
          none is additional to none     | e12_128 i2 d31 d0 u36 u0 | e12_128 i2 d0 u36 u0 | 1 AES_CBC_128/HMAC_SHA1_96/NONE/KE1_NONE
          """)
  void chooses(String name, String ours, String offered, String expected) {
    Selection selection = ProposalSelection.select(proposals(ours), proposals(offered));
    Proposal chosen = assertInstanceOf(Selection.Chosen.class, selection, name).proposal();
    assertEquals(
        expected, chosen.number() + " " + TransformNames.of(chosen).substring("IKE:".length()));
    assertEquals(Bytes.ofInt(chosen.number()), chosen.spi());
    assertEquals(
        selection, ProposalSelection.confirm(List.of(chosen), List.of(chosen)), "confirmed");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          group                     | e12_128 i2 p2 d14 d31 | e12_128 i2 p2 d2 | DH differs: offered MODP_1024, allowed MODP_2048 CURVE_25519
          key length                | e12_128 i2 p2 d14 | e12_256 i2 p2 d14 | ENCR differs: offered AES_CBC_256, allowed AES_CBC_128
          key length missing        | e12_128 i2 p2 d14 | e12 i2 p2 d14 | ENCR differs: offered AES_CBC, allowed AES_CBC_128
          the most alike counts     | e12_128 i2 p2 d14, e12_128 i12 p5 d31 | e20_256 p7 d21, e12_128 i12 p5 d19 | DH differs: offered ECP_256, allowed CURVE_25519
          the first that differs    | e12_128 i2 p2 d14 | e12_128 i1 p1 d1 | INTEG differs: offered HMAC_MD5_96, allowed HMAC_SHA1_96
          CBC without integrity     | e12_128 p2 d14 | e12_128 p2 d14 | INTEG differs: offered NONE, allowed nothing
          CBC with integrity NONE   | e12_128 i2 i0 p2 d14 | e12_128 i0 p2 d14 | INTEG differs: offered NONE, allowed HMAC_SHA1_96
          AEAD with an integrity    | e20_128 i2 p2 d14 | e20_128 i2 p2 d14 | INTEG differs: offered HMAC_SHA1_96, allowed NONE
          DH asked by one end       | e12_128 i2 d14 n0 | e12_128 i2 n0 | DH differs: offered NONE, allowed MODP_2048
          DH asked by the other end | e12_128 i2 n0 | e12_128 i2 d14 n0 | DH differs: offered MODP_2048, allowed NONE
          ESN asked by one end      | e12_128 i2 n1 | e12_128 i2 n0 | ESN differs: offered NO_EXT_SEQ, allowed EXT_SEQ
          one of two unknown types  | e12_128 i2 n0 | e12_128 i2 n0 x0 y35 | TYPE98 differs: offered TYPE98(35), allowed TYPE98(0)
          an unknown type           | e12_128 i2 n0 | e12_128 i2 n0 x35 | TYPE99 differs: offered TYPE99(35), allowed TYPE99(0)
          an additional exchange    | e20_128 p5 d31 | e20_128 p5 d31 u36 | KE1 differs: offered KE1_ML_KEM_768, allowed KE1_NONE
          an additional exchange    | e20_128 p5 d31 u36 | e20_128 p5 d31 | KE1 differs: offered KE1_NONE, allowed KE1_ML_KEM_768
          one method for two        | e20_128 p5 d36 u36 | e20_128 p5 d36 d31 u36 | no different key exchange methods: offered and allowed ML_KEM_768 / KE1_ML_KEM_768
          additional to none        | e12_128 i2 d0 u36 | e12_128 i2 d0 u36 | no different key exchange methods: offered and allowed NONE / KE1_ML_KEM_768
          an attribute unknown      | e12_128 i2 n0 | e-1_128 i2 n0 | ENCR differs: offered ENCR(unknown attribute), allowed AES_CBC_128
          """)
  void explainsWhatDiffers(String name, String ours, String offered, String expected) {
    Selection selection = ProposalSelection.select(proposals(ours), proposals(offered));
    assertEquals(
        expected, assertInstanceOf(Selection.Mismatch.class, selection, name).difference());
  }

  @Test
  void saysWhatWasOfferedAndWhatIsAllowed() {
    Selection selection =
        ProposalSelection.select(proposals("e12_128 i2 p2 d14"), proposals("e12_128 i2 p2 d2"));
    assertEquals(
        "offered IKE:AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024; allowed"
            + " IKE:AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048; DH differs: offered"
            + " MODP_1024, allowed MODP_2048",
        selection.toString());
    assertInstanceOf(
        Selection.Mismatch.class, ProposalSelection.select(proposals("e12_128"), List.of()));
  }

  @Test
  void anotherProtocolDiffers() {
    List<Proposal> ah = List.of(proposal(Proposal.AH, 1, "i2 n0"));
    List<Proposal> esp = List.of(proposal(Proposal.ESP, 1, "e12_128 i2 n0"));
    Selection selection = ProposalSelection.select(esp, ah);
    assertEquals(
        "protocol differs: offered 2, allowed 3",
        assertInstanceOf(Selection.Mismatch.class, selection).difference());
  }

  @Test
  void asInitiatorTakesOnlyOneOfWhatItSent() {
    // RFC 7296 §3.3: the responder's answer is one proposal with one transform of each type.
    List<Proposal> sent = proposals("e12_256 i2 p2 d14, e12_128 i2 p2 d14 d31");
    List<Proposal> second = List.of(proposal(Proposal.IKE, 2, "e12_128 i2 p2 d31"));
    assertInstanceOf(Selection.Chosen.class, ProposalSelection.confirm(sent, second));
    List<Proposal> wrongNumber = List.of(proposal(Proposal.IKE, 1, "e12_128 i2 p2 d31"));
    assertInstanceOf(Selection.Mismatch.class, ProposalSelection.confirm(sent, wrongNumber));
    List<Proposal> noNumber = List.of(proposal(Proposal.IKE, 3, "e12_128 i2 p2 d31"));
    assertInstanceOf(Selection.Mismatch.class, ProposalSelection.confirm(sent, noNumber));
    assertInstanceOf(Selection.Mismatch.class, ProposalSelection.confirm(sent, sent));
    assertInstanceOf(Selection.Mismatch.class, ProposalSelection.confirm(sent, List.of()));
    List<Proposal> two = List.of(sent.get(1));
    assertInstanceOf(Selection.Mismatch.class, ProposalSelection.confirm(sent, two));
  }

  @Test
  void aChosenProposalIsASuite() {
    assertEquals(
        "AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048",
        IkeSuite.from(proposal(Proposal.IKE, 1, "e12_128 i2 p2 d14")).toString());
    assertEquals(
        "AES_GCM_16_256/PRF_HMAC_SHA2_384/ECP_384",
        IkeSuite.from(proposal(Proposal.IKE, 1, "e20_256 i0 p6 d20")).toString());
    assertEquals(
        "AES_GCM_16_256/PRF_HMAC_SHA2_384/CURVE_25519/KE1_ML_KEM_768",
        IkeSuite.from(proposal(Proposal.IKE, 1, "e20_256 p6 d31 u36 v0")).toString());
    assertEquals(
        "AES_GCM_16_256/CURVE_25519/KE2_ML_KEM_1024/NO_EXT_SEQ",
        ChildSuite.from(proposal(Proposal.ESP, 1, "e20_256 d31 u0 v37")).toString());
    assertEquals(
        "CHACHA20_POLY1305/EXT_SEQ",
        ChildSuite.from(proposal(Proposal.ESP, 1, "e28 n1")).toString());
    ChildSuite pfs = ChildSuite.from(proposal(Proposal.ESP, 1, "e12_128 i12 d31 n0"));
    assertEquals("AES_CBC_128/HMAC_SHA2_256_128/CURVE_25519/NO_EXT_SEQ", pfs.toString());
    assertEquals(Optional.of(KeyExchangeMethod.CURVE_25519), pfs.method());
    assertEquals(
        Optional.empty(), ChildSuite.from(proposal(Proposal.ESP, 1, "e12_128 i2 d0")).method());
  }

  @ParameterizedTest
  @CsvSource({
    "e2 i2 p2 d14, DES_CBC",
    "e12_128 i6 p2 d14, HMAC_MD5_128",
    "e12_128 i2 p4 d14, PRF_AES128_XCBC",
    "e12_128 i2 p2 d22, MODP_1024_160",
    "e12_100 i2 p2 d14, AES_CBC_100",
    "e12 i2 p2 d14, AES_CBC"
  })
  void saysWhichAlgorithmItDoesNotHave(String text, String name) {
    Proposal proposal = proposal(Proposal.IKE, 1, text);
    assertEquals(Optional.of(name), Suites.unsupported(proposal).map(TransformNames::of));
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> IkeSuite.from(proposal));
    assertTrue(refusal.getMessage() != null);
    assertEquals(
        Optional.empty(),
        Suites.unsupported(
            proposal(Proposal.IKE, 1, "e12_128 e20_256 e28 i2 p2 d14 u36 v37 v0 n0 n1")));
  }

  /// RFC 7296 §3.3, §5: what a stranger can put into a datagram costs the event loop little for
  /// each of our proposals, whatever it is.
  @Test
  void theLargestOfferOfAStrangerIsRefusedSoon() {
    String ours = "e20_128 e20_256 e12_128 e12_256 i12 p5 d31 n0";
    List<Transform> transforms = new ArrayList<>(proposal(Proposal.IKE, 1, ours).transforms());
    for (int type = 13; transforms.size() < 255; type++) {
      transforms.add(Transform.of(type, 1));
    }
    List<Proposal> offered =
        Collections.nCopies(31, new Proposal(1, Proposal.IKE, Bytes.EMPTY, transforms));
    List<Proposal> allowed = Collections.nCopies(200, proposal(Proposal.IKE, 1, ours));
    assertTimeout(Duration.ofSeconds(3), () -> ProposalSelection.select(allowed, offered));
  }
}
