package espd.spd;

import java.util.Arrays;
import java.util.function.Function;

/// Secret octets: a key, or the salt with it. They are copied on the way in, never printed, and
/// zeroed by [#close()]. Equality is identity: secrets are not compared here.
public final class KeyMaterial implements AutoCloseable {

  private final byte[] octets;
  private boolean closed;

  private KeyMaterial(byte[] octets) {
    this.octets = octets;
  }

  /// {@return a copy of `octets`, which stay the caller's to wipe}
  public static KeyMaterial copyOf(byte[] octets) {
    return new KeyMaterial(octets.clone());
  }

  /// {@return no octets: what an algorithm without a key has}
  public static KeyMaterial none() {
    return new KeyMaterial(new byte[0]);
  }

  /// {@return how many octets}
  public int length() {
    return octets.length;
  }

  /// Lends the octets to `use`, which must not keep them.
  ///
  /// @return what `use` returns
  /// @throws IllegalStateException after [#close()]
  public synchronized <T> T use(Function<byte[], T> use) {
    if (closed) {
      throw new IllegalStateException("key material is wiped");
    }
    return use.apply(octets);
  }

  /// Zeroes the octets; a second call does nothing.
  @Override
  public synchronized void close() {
    Arrays.fill(octets, (byte) 0);
    closed = true;
  }

  /// {@return nothing of the secret}
  @Override
  public String toString() {
    return "<" + octets.length + " octets, redacted>";
  }
}
