package espd.ike.crypto;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// A hash for signatures, as the ends announce them to each other (RFC 7427 §4).
public enum HashAlgorithm {
  /// SHA-1: only where a peer announces nothing.
  SHA1(1),
  /// SHA2-256.
  SHA2_256(2),
  /// SHA2-384.
  SHA2_384(3),
  /// SHA2-512.
  SHA2_512(4),
  /// None: the signature scheme hashes itself (RFC 8420 §2).
  IDENTITY(5);

  /// What we announce and take in signatures of method 14: not SHA-1 (RFC 8247 §3.2).
  public static final Set<HashAlgorithm> OURS = EnumSet.of(SHA2_256, SHA2_384, SHA2_512, IDENTITY);

  private final int id;

  HashAlgorithm(int id) {
    this.id = id;
  }

  /// {@return its number in the registry}
  public int id() {
    return id;
  }

  /// {@return the hash of a number, if we know it}
  public static Optional<HashAlgorithm> of(int id) {
    return Arrays.stream(values()).filter(hash -> hash.id == id).findFirst();
  }
}
