package espd.ike.crypto;

import espd.spd.KeyMaterial;
import java.util.List;
import java.util.stream.Stream;

/// The secrets of the key exchanges that one SA is made with (RFC 9370 §2.2.4). Whoever holds them
/// last wipes them.
///
/// @param first SK(0), of the CREATE_CHILD_SA exchange
/// @param additional SK(1) … SK(n), of the IKE_FOLLOWUP_KE exchanges
public record SharedSecrets(KeyMaterial first, List<KeyMaterial> additional)
    implements AutoCloseable {

  /// Copies the list.
  public SharedSecrets {
    additional = List.copyOf(additional);
  }

  /// {@return the secret of a single key exchange}
  public static SharedSecrets of(KeyMaterial first) {
    return new SharedSecrets(first, List.of());
  }

  /// {@return these and one more; these are not to be used any more}
  public SharedSecrets plus(KeyMaterial next) {
    return new SharedSecrets(first, Stream.concat(additional.stream(), Stream.of(next)).toList());
  }

  /// {@return `SK(0) | Ni | Nr | SK(1) | … | SK(n)`, for the caller to wipe}
  byte[] with(byte[] nonces) {
    int length =
        first.length() + nonces.length + additional.stream().mapToInt(KeyMaterial::length).sum();
    byte[] all = new byte[length];
    int at = put(first, all, 0);
    System.arraycopy(nonces, 0, all, at, nonces.length);
    at += nonces.length;
    for (KeyMaterial secret : additional) {
      at = put(secret, all, at);
    }
    return all;
  }

  private static int put(KeyMaterial secret, byte[] all, int at) {
    return secret.use(
        octets -> {
          System.arraycopy(octets, 0, all, at, octets.length);
          return at + octets.length;
        });
  }

  /// Wipes all of them.
  @Override
  public void close() {
    first.close();
    additional.forEach(KeyMaterial::close);
  }

  /// {@return nothing of the secrets}
  @Override
  public String toString() {
    return "<" + (1 + additional.size()) + " shared secrets, redacted>";
  }
}
