package espd.daemon.lint;

import espd.daemon.config.Configuration;
import espd.ike.Connection;
import espd.spd.KeyMaterial;
import java.util.Optional;
import java.util.stream.Stream;

/// Secrets that can be guessed: whoever answers an initiator gets what he needs to try words in
/// peace (RFC 7296 §2.15). Only a length and an estimate of bits are told.
record SecretStrength() implements Lint {

  /// What a key of 128 bits in hexadecimal or in base64 has by this estimate, with some room.
  private static final double ENOUGH_BITS = 90;

  @Override
  public Stream<Remark> remarks(Configuration configuration) {
    return configuration.connections().stream()
        .flatMap(connection -> remark(configuration, connection).stream());
  }

  private static Optional<Remark> remark(Configuration configuration, Connection connection) {
    Optional<KeyMaterial> secret =
        connection
            .remoteId()
            .flatMap(
                remote -> configuration.credentials().preSharedKey(connection.localId(), remote));
    if (secret.isEmpty()) {
      return Optional.empty();
    }
    double bits = secret.get().use(SecretStrength::bits);
    return bits >= ENOUGH_BITS
        ? Optional.empty()
        : Optional.of(
            new Remark(
                connection.name(),
                ("its secret of %d octets is worth some %.0f bits, and can be guessed by whoever"
                        + " answers once (RFC 7296 §2.15); openssl rand -base64 32 makes one")
                    .formatted(secret.get().length(), bits)));
  }

  /// {@return an upper bound: so many characters, each of the kinds that occur, or as unlike as
  /// they are}
  static double bits(byte[] secret) {
    int[] counts = new int[256];
    for (byte octet : secret) {
      counts[octet & 0xff]++;
    }
    double shannon = 0;
    for (int count : counts) {
      shannon -= count == 0 ? 0 : count * log2((double) count / secret.length);
    }
    return Math.min(shannon, secret.length * log2(alphabet(counts)));
  }

  private static int alphabet(int[] counts) {
    int size = 0;
    size += any(counts, 'a', 'z') ? 26 : 0;
    size += any(counts, 'A', 'Z') ? 26 : 0;
    size += any(counts, '0', '9') ? 10 : 0;
    size += any(counts, ' ', '/') || any(counts, ':', '@') || any(counts, '[', '`') ? 32 : 0;
    size += any(counts, 0, 0x1f) || any(counts, 0x7b, 0xff) ? 128 : 0;
    return Math.max(size, 1);
  }

  private static boolean any(int[] counts, int first, int last) {
    for (int octet = first; octet <= last; octet++) {
      if (counts[octet] > 0) {
        return true;
      }
    }
    return false;
  }

  private static double log2(double number) {
    return Math.log(number) / Math.log(2);
  }
}
