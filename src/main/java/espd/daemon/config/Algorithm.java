package espd.daemon.config;

import espd.ike.message.Transform;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The words of a proposal: the names that strongSwan, Openswan and libreswan give the algorithms
/// of RFC 7296 §3.3.2. Underscores in a name count for nothing.
///
/// @param transform what the word stands for; an integrity algorithm also names the PRF of the same
///   hash
/// @param advice the level of RFC 8247 or RFC 8221 where it is going out of use, else empty
public record Algorithm(Transform transform, String advice) {

  static final int TRIPLE_DES_CBC = 3;
  static final int NULL = 11;
  static final int AES_CBC = 12;
  static final int AES_GCM_16 = 20;
  static final int CHACHA20_POLY1305 = 28;

  /// ESP without encryption.
  public static final Algorithm NULL_ENCRYPTION =
      new Algorithm(Transform.of(Transform.ENCR, NULL), "");

  /// PRF numbers of the hashes by the number of the integrity algorithm.
  private static final Map<Integer, Integer> PRF_OF_INTEGRITY =
      Map.of(1, 1, 2, 2, 12, 5, 13, 6, 14, 7);

  private static final String TRIPLE_DES = "3DES: MAY, RFC 8247 §2.1; SHOULD NOT, RFC 8221 §5";
  private static final String MD5 = "HMAC-MD5: MUST NOT, RFC 8247 §2.3, RFC 8221 §6, RFC 9395";
  private static final String SHA1 = "HMAC-SHA1: MUST-, RFC 8247 §2.3, RFC 8221 §6";

  /// An additional key exchange (RFC 9370 §2.2.1), as strongSwan 6 writes it: `ke1_mlkem768`.
  private static final Pattern ADDITIONAL = Pattern.compile("ke([1-7])(.+)");

  private static final Map<String, Algorithm> BY_NAME = names();

  private static Map<String, Algorithm> names() {
    Names names = new Names();
    names.encr(AES_CBC, 128, "aes", "aes128", "aescbc", "aescbc128", "aes128cbc");
    names.encr(AES_CBC, 192, "aes192", "aescbc192", "aes192cbc");
    names.encr(AES_CBC, 256, "aes256", "aescbc256", "aes256cbc");
    names.encr(AES_GCM_16, 128, "aes128gcm16", "aes128gcm128", "aes128gcm", "aesgcm", "aesgcm128");
    names.encr(AES_GCM_16, 128, "aesgcmc", "aesgcmc128", "aesgcm16", "aesgcm16128");
    names.encr(AES_GCM_16, 192, "aes192gcm16", "aes192gcm128", "aes192gcm", "aesgcm192");
    names.encr(AES_GCM_16, 192, "aesgcmc192", "aesgcm16192");
    names.encr(AES_GCM_16, 256, "aes256gcm16", "aes256gcm128", "aes256gcm", "aesgcm256");
    names.encr(AES_GCM_16, 256, "aesgcmc256", "aesgcm16256");
    names.put(Transform.of(Transform.ENCR, CHACHA20_POLY1305), "", "chacha20poly1305");
    names.put(Transform.of(Transform.ENCR, TRIPLE_DES_CBC), TRIPLE_DES, "3des", "3descbc");
    names.put(Transform.of(Transform.INTEG, 1), MD5, "md5");
    names.put(Transform.of(Transform.INTEG, 2), SHA1, "sha", "sha1");
    names.put(Transform.of(Transform.INTEG, 12), "", "sha256", "sha2256", "sha2");
    names.put(Transform.of(Transform.INTEG, 13), "", "sha384", "sha2384");
    names.put(Transform.of(Transform.INTEG, 14), "", "sha512", "sha2512");
    names.put(
        Transform.of(Transform.PRF, 1),
        "PRF-HMAC-MD5: MUST NOT, RFC 8247 §2.2, RFC 9395",
        "prfmd5");
    names.put(
        Transform.of(Transform.PRF, 2), "PRF-HMAC-SHA1: MUST-, RFC 8247 §2.2", "prfsha1", "prfsha");
    names.put(Transform.of(Transform.PRF, 5), "", "prfsha256");
    names.put(Transform.of(Transform.PRF, 6), "", "prfsha384");
    names.put(Transform.of(Transform.PRF, 7), "", "prfsha512");
    nameGroups(names);
    names.put(Transform.of(Transform.ESN, 1), "", "esn");
    names.put(Transform.of(Transform.ESN, 0), "", "noesn");
    return Map.copyOf(names.all);
  }

  private static void nameGroups(Names names) {
    names.put(group(2), "group 2 (modp1024): SHOULD NOT, RFC 8247 §2.4", "modp1024", "dh2");
    names.put(group(5), "group 5 (modp1536): SHOULD NOT, RFC 8247 §2.4", "modp1536", "dh5");
    names.put(group(14), "", "modp2048", "dh14");
    names.put(group(15), "", "modp3072", "dh15");
    names.put(group(16), "", "modp4096", "dh16");
    names.put(group(17), "", "modp6144", "dh17");
    names.put(group(18), "", "modp8192", "dh18");
    names.put(group(19), "", "ecp256", "dh19");
    names.put(group(20), "", "ecp384", "dh20");
    names.put(group(21), "", "ecp521", "dh21");
    names.put(group(31), "", "curve25519", "x25519", "dh31");
    names.put(group(32), "", "curve448", "x448", "dh32");
    names.put(group(35), "", "mlkem512");
    names.put(group(36), "", "mlkem768");
    names.put(group(37), "", "mlkem1024");
    names.put(group(0), "", "modpnone", "dh0");
  }

  private static Transform group(int id) {
    return Transform.of(Transform.DH, id);
  }

  /// The table, growing.
  private static final class Names {

    private final Map<String, Algorithm> all = new HashMap<>();

    void encr(int id, int bits, String... words) {
      put(Transform.encr(id, bits), "", words);
    }

    void put(Transform transform, String advice, String... words) {
      for (String word : words) {
        all.put(word, new Algorithm(transform, advice));
      }
    }
  }

  /// Words of algorithms that exist but are not implemented, and what is to be written instead.
  private static final Map<String, String> INSTEAD =
      Map.of(
          "des|blowfish.*|camellia.*|cast.*|serpent.*|twofish.*|idea|rc5.*|aes(128|192|256)?ctr",
          "aes128, aes256, aes128gcm16, aes256gcm16 or chacha20poly1305",
          "aes.*ccm.*|aes(128|192|256)gcm(8|12|64|96)|aesgcm[ab].*|aes.*gmac",
          "aes128, aes256, aes128gcm16, aes256gcm16 or chacha20poly1305",
          "md5.+|aesxcbc|aescmac|sha256.?96|ripemd.*",
          "sha1, sha256, sha384 or sha512",
          "prf.*",
          "prfsha1, prfsha256, prfsha384 or prfsha512",
          "modp.*|dh\\d+|ecp.*|curve.*",
          "modp1024 to modp8192, ecp256, ecp384, ecp521, x25519 or x448",
          "mlkem.*|kyber.*",
          "mlkem512, mlkem768 or mlkem1024",
          "ke[089].*|ke[1-7]\\d.*",
          "ke1_ to ke7_ before the method of an additional key exchange",
          "ke[1-7](?!\\d).*",
          "ke1_none, ke1_mlkem768 or another key exchange method after ke1_");

  /// {@return what `word` names, or nothing}
  public static Optional<Algorithm> of(String word) {
    Matcher additional = ADDITIONAL.matcher(plain(word));
    if (additional.matches()) {
      int number = Integer.parseInt(additional.group(1));
      return additionalMethod(additional.group(2)).map(each -> each.additional(number));
    }
    return Optional.ofNullable(BY_NAME.get(plain(word)));
  }

  private static Optional<Algorithm> additionalMethod(String word) {
    return Optional.ofNullable(BY_NAME.get(word.equals("none") ? "modpnone" : word))
        .filter(each -> each.transform.type() == Transform.DH);
  }

  private Algorithm additional(int number) {
    return new Algorithm(Transform.additional(number, transform.id()), advice);
  }

  /// {@return what could be written in place of `word`}
  static String insteadOf(String word) {
    return INSTEAD.entrySet().stream()
        .filter(entry -> plain(word).matches(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("an algorithm, as aes128-sha256-modp2048 or aes128gcm16-prfsha256-ecp256");
  }

  /// {@return `word` as it stands in the tables}
  static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace("_", "");
  }

  /// {@return whether this is a cipher that authenticates by itself}
  boolean isAead() {
    return transform.type() == Transform.ENCR
        && (transform.id() == AES_GCM_16 || transform.id() == CHACHA20_POLY1305);
  }

  /// {@return the PRF of the same hash as the integrity algorithm `integrity`}
  public static Transform prfOf(Transform integrity) {
    return Transform.of(Transform.PRF, PRF_OF_INTEGRITY.getOrDefault(integrity.id(), 5));
  }

  private static final List<Transform> CBC = List.of(aes(AES_CBC, 128), aes(AES_CBC, 256));
  private static final List<Transform> HASHES = List.of(integ(12), integ(13), integ(14));

  /// {@return the transforms of IKE that a file without `!` proposes after its own: AEAD first,
  /// then what every peer has}
  static List<List<Transform>> ikeDefaults() {
    List<Transform> prfs = List.of(prf(5), prf(6), prf(7));
    List<Transform> groups =
        List.of(group(31), group(19), group(20), group(21), group(14), group(15), group(16));
    List<Transform> gcm = List.of(aes(AES_GCM_16, 128), aes(AES_GCM_16, 256));
    return List.of(joined(List.of(gcm, prfs, groups)), joined(List.of(CBC, HASHES, prfs, groups)));
  }

  /// {@return the transforms of ESP that a file without `!` proposes after its own}
  static List<List<Transform>> espDefaults() {
    List<Transform> noEsn = List.of(Transform.of(Transform.ESN, 0));
    List<Transform> aead =
        List.of(
            aes(AES_GCM_16, 128),
            aes(AES_GCM_16, 256),
            Transform.of(Transform.ENCR, CHACHA20_POLY1305));
    return List.of(joined(List.of(aead, noEsn)), joined(List.of(CBC, HASHES, noEsn)));
  }

  /// {@return the groups proposed where a file names none}
  static List<Transform> defaultGroups() {
    return List.of(group(31), group(19), group(20), group(14), group(15), group(16));
  }

  /// {@return the transforms of IKEv1 that a file without `!` proposes after its own for the ISAKMP
  /// SA}
  static List<List<Transform>> isakmpDefaults() {
    List<Transform> hashes = List.of(integ(12), integ(14));
    List<Transform> prfs = List.of(prf(5), prf(7));
    return List.of(joined(List.of(CBC, hashes, prfs, isakmpGroups())));
  }

  /// {@return the transforms of IKEv1 that a file without `!` proposes after its own for ESP}
  static List<List<Transform>> quickModeDefaults() {
    List<Transform> noEsn = List.of(Transform.of(Transform.ESN, 0));
    List<Transform> gcm = List.of(aes(AES_GCM_16, 128), aes(AES_GCM_16, 256));
    return List.of(joined(List.of(gcm, noEsn)), joined(List.of(CBC, HASHES, noEsn)));
  }

  /// {@return the groups of IKEv1 proposed where a file names none}
  static List<Transform> isakmpGroups() {
    return List.of(group(14), group(15), group(19));
  }

  private static Transform aes(int id, int bits) {
    return Transform.encr(id, bits);
  }

  private static Transform prf(int id) {
    return Transform.of(Transform.PRF, id);
  }

  private static Transform integ(int id) {
    return Transform.of(Transform.INTEG, id);
  }

  private static List<Transform> joined(List<List<Transform>> parts) {
    return parts.stream().flatMap(List::stream).toList();
  }
}
