package espd.daemon.config;

import espd.ike.pki.PublicKeys;
import espd.spd.KeyMaterial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Locale;

/// A public key as `leftsigkey` and `leftrsasigkey` write it: a file of PEM or DER (from
/// `ipsec.d/certs` unless absolute), or the key itself after `0x` in hexadecimal digits or `0s` in
/// base64, in the form that a word before it names: `dns:` for RFC 3110, `ssh:` for SSH's; without
/// one SubjectPublicKeyInfo, PKCS#1, or RFC 3110 as pluto has it.
final class PublicKeyText {

  private static final String EXPECTED = "a public key's file, or 0x… or 0s…";

  private PublicKeyText() {}

  /// {@return the key that `value` is}
  static PublicKey read(Value value) throws Unreadable {
    String text = value.lower();
    if (text.startsWith("%")) {
      throw new Unreadable(value, EXPECTED + ": none is looked up");
    }
    int from = text.startsWith("dns:") || text.startsWith("ssh:") ? 4 : 0;
    boolean written = text.startsWith("0x", from) || text.startsWith("0s", from);
    if (!written && from > 0) {
      throw new Unreadable(value.from(from), "0x and hexadecimal digits, or 0s and base64");
    }
    try {
      if (!written) {
        return PublicKeys.ofFile(file(value));
      }
      byte[] octets = octets(value.from(from));
      return switch (text.substring(0, from).toLowerCase(Locale.ROOT)) {
        case "dns:" -> PublicKeys.ofDns(octets);
        case "ssh:" -> PublicKeys.ofSsh(octets);
        default -> PublicKeys.ofOctets(octets);
      };
    } catch (GeneralSecurityException e) {
      throw new Unreadable(value.place(), value.quoted() + " (" + e.getMessage() + ")", EXPECTED);
    }
  }

  private static byte[] octets(Value value) throws Unreadable {
    byte[] text = value.text().getBytes(StandardCharsets.ISO_8859_1);
    try (KeyMaterial octets = SecretText.read(text, value.place())) {
      return octets.use(byte[]::clone);
    }
  }

  private static byte[] file(Value value) throws Unreadable {
    Path file = KeychainReader.certificateFile(value);
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new Unreadable(
          value.place(), value.quoted() + " (" + file + " cannot be read)", EXPECTED);
    }
  }
}
