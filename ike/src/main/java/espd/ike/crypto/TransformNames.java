package espd.ike.crypto;

import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The names of algorithms as strongSwan prints them, of those we have and of those a peer may
/// offer (IANA, IKEv2 parameters).
public final class TransformNames {

  /// The order in which a suite is printed and in which a difference is looked for.
  static final List<Integer> TYPES =
      Stream.of(
              List.of(Transform.ENCR, Transform.INTEG, Transform.PRF, Transform.DH),
              Transform.ADDKE,
              List.of(Transform.ESN))
          .flatMap(List::stream)
          .toList();

  private static final Map<Integer, String> ENCR =
      Map.ofEntries(
          Map.entry(1, "DES_IV64"),
          Map.entry(2, "DES_CBC"),
          Map.entry(3, "3DES_CBC"),
          Map.entry(4, "RC5_CBC"),
          Map.entry(5, "IDEA_CBC"),
          Map.entry(6, "CAST_CBC"),
          Map.entry(7, "BLOWFISH_CBC"),
          Map.entry(8, "3IDEA"),
          Map.entry(9, "DES_IV32"),
          Map.entry(11, "NULL"),
          Map.entry(12, "AES_CBC"),
          Map.entry(13, "AES_CTR"),
          Map.entry(14, "AES_CCM_8"),
          Map.entry(15, "AES_CCM_12"),
          Map.entry(16, "AES_CCM_16"),
          Map.entry(18, "AES_GCM_8"),
          Map.entry(19, "AES_GCM_12"),
          Map.entry(20, "AES_GCM_16"),
          Map.entry(21, "NULL_AES_GMAC"),
          Map.entry(23, "CAMELLIA_CBC"),
          Map.entry(24, "CAMELLIA_CTR"),
          Map.entry(25, "CAMELLIA_CCM_8"),
          Map.entry(26, "CAMELLIA_CCM_12"),
          Map.entry(27, "CAMELLIA_CCM_16"),
          Map.entry(28, "CHACHA20_POLY1305"),
          Map.entry(29, "AES_CCM_8_IIV"),
          Map.entry(30, "AES_GCM_16_IIV"),
          Map.entry(31, "CHACHA20_POLY1305_IIV"));

  private static final Map<Integer, String> PRF =
      Map.ofEntries(
          Map.entry(1, "PRF_HMAC_MD5"),
          Map.entry(2, "PRF_HMAC_SHA1"),
          Map.entry(3, "PRF_HMAC_TIGER"),
          Map.entry(4, "PRF_AES128_XCBC"),
          Map.entry(5, "PRF_HMAC_SHA2_256"),
          Map.entry(6, "PRF_HMAC_SHA2_384"),
          Map.entry(7, "PRF_HMAC_SHA2_512"),
          Map.entry(8, "PRF_AES128_CMAC"));

  private static final Map<Integer, String> INTEG =
      Map.ofEntries(
          Map.entry(0, "NONE"),
          Map.entry(1, "HMAC_MD5_96"),
          Map.entry(2, "HMAC_SHA1_96"),
          Map.entry(3, "DES_MAC"),
          Map.entry(4, "KPDK_MD5"),
          Map.entry(5, "AES_XCBC_96"),
          Map.entry(6, "HMAC_MD5_128"),
          Map.entry(7, "HMAC_SHA1_160"),
          Map.entry(8, "AES_CMAC_96"),
          Map.entry(9, "AES_128_GMAC"),
          Map.entry(10, "AES_192_GMAC"),
          Map.entry(11, "AES_256_GMAC"),
          Map.entry(12, "HMAC_SHA2_256_128"),
          Map.entry(13, "HMAC_SHA2_384_192"),
          Map.entry(14, "HMAC_SHA2_512_256"));

  private static final Map<Integer, String> DH =
      Map.ofEntries(
          Map.entry(0, "NONE"),
          Map.entry(1, "MODP_768"),
          Map.entry(2, "MODP_1024"),
          Map.entry(5, "MODP_1536"),
          Map.entry(14, "MODP_2048"),
          Map.entry(15, "MODP_3072"),
          Map.entry(16, "MODP_4096"),
          Map.entry(17, "MODP_6144"),
          Map.entry(18, "MODP_8192"),
          Map.entry(19, "ECP_256"),
          Map.entry(20, "ECP_384"),
          Map.entry(21, "ECP_521"),
          Map.entry(22, "MODP_1024_160"),
          Map.entry(23, "MODP_2048_224"),
          Map.entry(24, "MODP_2048_256"),
          Map.entry(25, "ECP_192"),
          Map.entry(26, "ECP_224"),
          Map.entry(27, "ECP_224_BP"),
          Map.entry(28, "ECP_256_BP"),
          Map.entry(29, "ECP_384_BP"),
          Map.entry(30, "ECP_512_BP"),
          Map.entry(31, "CURVE_25519"),
          Map.entry(32, "CURVE_448"),
          Map.entry(35, "ML_KEM_512"),
          Map.entry(36, "ML_KEM_768"),
          Map.entry(37, "ML_KEM_1024"));

  private static final Map<Integer, String> ESN =
      Map.ofEntries(Map.entry(0, "NO_EXT_SEQ"), Map.entry(1, "EXT_SEQ"));

  private TransformNames() {}

  /// {@return `AES_CBC_128`, `HMAC_SHA1_96`, …; what has no name as type and number: `ENCR(99)`}
  public static String of(Transform transform) {
    if (transform.id() == Transform.UNKNOWN_ATTRIBUTE) {
      return ofType(transform.type()) + "(unknown attribute)";
    }
    String number = ofType(transform.type()) + "(" + transform.id() + ")";
    String name =
        switch (transform.type()) {
          case Transform.ENCR -> ENCR.getOrDefault(transform.id(), number);
          case Transform.PRF -> PRF.getOrDefault(transform.id(), number);
          case Transform.INTEG -> INTEG.getOrDefault(transform.id(), number);
          case Transform.DH -> DH.getOrDefault(transform.id(), number);
          case Transform.ESN -> ESN.getOrDefault(transform.id(), number);
          default ->
              Transform.isKeyExchange(transform.type())
                  ? ofType(transform.type())
                      + "_"
                      + DH.getOrDefault(transform.id(), "(" + transform.id() + ")")
                  : number;
        };
    return transform.keyBits().isPresent() ? name + "_" + transform.keyBits().getAsInt() : name;
  }

  /// {@return the name of a transform type: `ENCR`, `INTEG`, `PRF`, `DH`, `ESN`, `KE1` to `KE7`,
  /// else `TYPE` and the number}
  public static String ofType(int type) {
    return switch (type) {
      case Transform.ENCR -> "ENCR";
      case Transform.PRF -> "PRF";
      case Transform.INTEG -> "INTEG";
      case Transform.DH -> "DH";
      case Transform.ESN -> "ESN";
      default ->
          Transform.isKeyExchange(type) ? "KE" + Transform.additionalNumber(type) : "TYPE" + type;
    };
  }

  /// {@return `IKE:AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048`}
  public static String of(Proposal proposal) {
    Stream<Transform> known = TYPES.stream().flatMap(type -> proposal.ofType(type).stream());
    Stream<Transform> others =
        proposal.transforms().stream().filter(t -> !TYPES.contains(t.type()));
    return protocol(proposal.protocol())
        + Stream.concat(known, others).map(TransformNames::of).collect(Collectors.joining("/"));
  }

  /// {@return the proposals one after the other, with commas}
  public static String of(List<Proposal> proposals) {
    return proposals.stream().map(TransformNames::of).collect(Collectors.joining(", "));
  }

  private static String protocol(int protocol) {
    return switch (protocol) {
      case Proposal.IKE -> "IKE:";
      case Proposal.AH -> "AH:";
      case Proposal.ESP -> "ESP:";
      default -> "(" + protocol + "):";
    };
  }
}
