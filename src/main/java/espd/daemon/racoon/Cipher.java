package espd.daemon.racoon;

import espd.daemon.config.Algorithm;
import espd.daemon.config.Value;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// An algorithm as `racoon.conf` names it.
///
/// @param word that names it
/// @param keyBits the length behind it, where there is one
record Cipher(Value word, OptionalInt keyBits) {

  /// racoon's names of what has another one in [Algorithm].
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("rijndael", "aes"),
          Map.entry("hmac_md5", "md5"),
          Map.entry("hmac_sha1", "sha1"),
          Map.entry("hmac_sha256", "sha256"),
          Map.entry("hmac_sha384", "sha384"),
          Map.entry("hmac_sha512", "sha512"),
          Map.entry("hmac_sha2_256", "sha256"),
          Map.entry("hmac_sha2_384", "sha384"),
          Map.entry("hmac_sha2_512", "sha512"));

  /// {@return the algorithm, or nothing where espd has none of that name and length}
  Optional<Algorithm> algorithm() {
    String name = NAMES.getOrDefault(word.text(), word.text());
    if (name.equals("null") || name.equals("null_enc")) {
      return Optional.of(Algorithm.NULL_ENCRYPTION);
    }
    if (name.matches("\\d+")) {
      return Algorithm.of("dh" + Integer.parseInt(name));
    }
    boolean sized = name.equals("aes") && keyBits.isPresent();
    return Algorithm.of(sized ? name + keyBits.getAsInt() : name);
  }

  /// {@return as messages show it}
  String text() {
    return keyBits.isPresent() ? word.text() + " " + keyBits.getAsInt() : word.text();
  }
}
