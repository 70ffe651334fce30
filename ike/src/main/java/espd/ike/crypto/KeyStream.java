package espd.ike.crypto;

import espd.spd.KeyMaterial;
import java.util.Arrays;

/// The octets of prf+, taken one key after the other (RFC 7296 §2.13).
final class KeyStream implements AutoCloseable {

  private final byte[] octets;
  private int at;

  /// @param octets wiped by [#close()]
  KeyStream(byte[] octets) {
    this.octets = octets;
  }

  KeyMaterial next(int length) {
    byte[] key = Arrays.copyOfRange(octets, at, at + length);
    at += length;
    return Octets.secret(key);
  }

  @Override
  public void close() {
    Arrays.fill(octets, (byte) 0);
  }
}
