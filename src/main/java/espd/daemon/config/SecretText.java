package espd.daemon.config;

import espd.spd.KeyMaterial;
import java.util.Arrays;
import java.util.Base64;

/// How a file writes a secret: as it is, after `0x` in hexadecimal digits, after `0s` in base64. No
/// message repeats any of it.
final class SecretText {

  private static final int NO_DIGIT = -1;

  private SecretText() {}

  /// {@return the secret that `text` writes}
  ///
  /// @param text wiped afterwards
  /// @param place for errors
  static KeyMaterial read(byte[] text, Place place) throws Unreadable {
    byte[] secret = new byte[0];
    try {
      boolean prefixed = text.length >= 2 && text[0] == '0';
      secret =
          switch (prefixed ? text[1] : 0) {
            case 'x', 'X' -> ofHex(text, place);
            case 's', 'S' -> ofBase64(text, place);
            default -> text.clone();
          };
      return asItIs(secret, place);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  /// {@return the secret that `text` is}
  ///
  /// @param text wiped afterwards
  /// @param place for errors
  static KeyMaterial asItIs(byte[] text, Place place) throws Unreadable {
    try {
      if (text.length == 0) {
        throw new Unreadable(place, "an empty secret", "at least one octet");
      }
      return KeyMaterial.copyOf(text);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private static byte[] ofHex(byte[] text, Place place) throws Unreadable {
    byte[] secret = new byte[(text.length - 2) / 2];
    boolean good = text.length % 2 == 0;
    for (int i = 0; i < secret.length && good; i++) {
      int high = Character.digit(text[2 + 2 * i], 16);
      int low = Character.digit(text[3 + 2 * i], 16);
      good = high != NO_DIGIT && low != NO_DIGIT;
      secret[i] = (byte) (high << 4 | low);
    }
    if (!good) {
      Arrays.fill(secret, (byte) 0);
      throw new Unreadable(
          place, "0x and what is no hexadecimal", "an even number of digits after 0x");
    }
    return secret;
  }

  private static byte[] ofBase64(byte[] text, Place place) throws Unreadable {
    byte[] digits = Arrays.copyOfRange(text, 2, text.length);
    try {
      return Base64.getDecoder().decode(digits);
    } catch (IllegalArgumentException e) {
      throw new Unreadable(place, "0s and what is no base64", "base64 after 0s");
    } finally {
      Arrays.fill(digits, (byte) 0);
    }
  }
}
