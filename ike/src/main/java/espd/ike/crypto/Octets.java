package espd.ike.crypto;

import espd.spd.KeyMaterial;
import java.math.BigInteger;
import java.util.Arrays;

/// Numbers and secrets as octets.
final class Octets {

  private Octets() {}

  /// {@return `number` in network order with leading zeros (RFC 7296 §2.14)}
  ///
  /// @param length enough for the number
  static byte[] of(BigInteger number, int length) {
    byte[] octets = number.toByteArray();
    int sign = octets.length > length ? octets.length - length : 0;
    byte[] padded = new byte[length];
    int count = octets.length - sign;
    System.arraycopy(octets, sign, padded, length - count, count);
    Arrays.fill(octets, (byte) 0);
    return padded;
  }

  /// {@return the secret in `octets`, which are wiped}
  static KeyMaterial secret(byte[] octets) {
    KeyMaterial secret = KeyMaterial.copyOf(octets);
    Arrays.fill(octets, (byte) 0);
    return secret;
  }
}
