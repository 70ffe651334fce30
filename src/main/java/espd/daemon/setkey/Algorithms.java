package espd.daemon.setkey;

import espd.spd.Encryption;
import espd.spd.Integrity;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The algorithms by setkey's names. HMAC-SHA-256 has an ICV of 128 bits, as RFC 4868 has it and as
/// IKE negotiates it: the 96 bits of Linux's PF_KEY come from a draft before that RFC.
final class Algorithms {

  /// Those of setkey that we do not have.
  private static final Set<String> OTHER_ENCRYPTION =
      Set.of(
          "des-cbc",
          "des-deriv",
          "des-32iv",
          "blowfish-cbc",
          "cast128-cbc",
          "twofish-cbc",
          "aes-ctr",
          "camellia-cbc");

  private static final Set<String> OTHER_AUTHENTICATION =
      Set.of("keyed-md5", "keyed-sha1", "hmac-ripemd160", "aes-xcbc-mac", "tcp-md5");

  private static final Map<String, String> ALIASES =
      Map.of(
          "simple", "null",
          "rijndael-cbc", "aes-cbc",
          "hmac-sha2-256", "hmac-sha256",
          "hmac-sha2-384", "hmac-sha384",
          "hmac-sha2-512", "hmac-sha512");

  private Algorithms() {}

  static boolean isEncryption(String name) {
    return encryption(name).isPresent() || OTHER_ENCRYPTION.contains(name);
  }

  static boolean isAuthentication(String name) {
    return authentication(name).isPresent() || OTHER_AUTHENTICATION.contains(name);
  }

  /// {@return the cipher of that name, where we have it}
  static Optional<Encryption> encryption(String name) {
    String canonical = ALIASES.getOrDefault(name, name);
    return Arrays.stream(Encryption.values())
        .filter(each -> each.setkeyName().equals(canonical))
        .findFirst();
  }

  /// {@return the ICV's algorithm of that name, where we have it}
  static Optional<Integrity> authentication(String name) {
    String canonical = ALIASES.getOrDefault(name, name);
    return Arrays.stream(Integrity.values())
        .filter(each -> each.setkeyName().equals(canonical))
        .findFirst();
  }
}
