package espd.ike.crypto;

import espd.spd.KeyMaterial;
import java.util.Arrays;

/// The octets that keys are cut from, one after the other (RFC 7296 §2.13, RFC 2409 §5.5).
public final class KeyStream implements AutoCloseable {

  private final byte[] octets;
  private int at;

  /// @param octets wiped by [#close()]
  public KeyStream(byte[] octets) {
    this.octets = octets;
  }

  /// {@return the next `length` octets}
  public KeyMaterial next(int length) {
    byte[] key = Arrays.copyOfRange(octets, at, at + length);
    at += length;
    return Octets.secret(key);
  }

  /// Wipes the octets.
  @Override
  public void close() {
    Arrays.fill(octets, (byte) 0);
  }
}
