package espd.ike.crypto;

import espd.spd.KeyMaterial;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.MD5Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/// The pseudorandom functions (RFC 7296 §3.3.2, transform type 2; RFC 2104, RFC 4868). All are
/// HMACs: they take a key of any length and prefer one as long as their output (RFC 7296 §2.13).
public enum Prf {
  /// HMAC with MD5 (RFC 2104); for peers that have nothing better, only when named.
  HMAC_MD5(1, 16),
  /// HMAC with SHA-1 (RFC 2104).
  HMAC_SHA1(2, 20),
  /// HMAC with SHA2-256 (RFC 4868).
  HMAC_SHA2_256(5, 32),
  /// HMAC with SHA2-384 (RFC 4868).
  HMAC_SHA2_384(6, 48),
  /// HMAC with SHA2-512 (RFC 4868).
  HMAC_SHA2_512(7, 64);

  private static final int MAX_BLOCKS = 255;

  private final int transformId;
  private final int outputOctets;

  Prf(int transformId, int outputOctets) {
    this.transformId = transformId;
    this.outputOctets = outputOctets;
  }

  /// {@return the function of a transform id, or nothing when we do not have it}
  public static Optional<Prf> of(int transformId) {
    return Stream.of(values()).filter(prf -> prf.transformId == transformId).findAny();
  }

  /// {@return the number of IANA's IKEv2 registry, transform type 2}
  public int transformId() {
    return transformId;
  }

  /// {@return the octets of output, and of the preferred key}
  public int outputOctets() {
    return outputOctets;
  }

  /// `prf(key, data | data | …)`.
  ///
  /// @return the output, the caller's to wipe when it is secret
  public byte[] apply(byte[] key, byte[]... data) {
    HMac hmac = keyed(key);
    for (byte[] part : data) {
      hmac.update(part, 0, part.length);
    }
    byte[] output = new byte[outputOctets];
    hmac.doFinal(output, 0);
    return output;
  }

  /// `prf(key, data | data | …)` with a secret key.
  ///
  /// @return the output, the caller's to wipe when it is secret
  public byte[] apply(KeyMaterial key, byte[]... data) {
    return key.use(octets -> apply(octets, data));
  }

  /// `prf+ (K,S) = T1 | T2 | T3 | …` with `T1 = prf (K, S | 0x01)` and `Tn = prf (K, Tn-1 | S | n)`
  /// (RFC 7296 §2.13).
  ///
  /// @param key K
  /// @param seed S
  /// @param length how many octets, at most 255 times [#outputOctets()]
  /// @return the first `length` octets, the caller's to wipe
  public byte[] prfPlus(byte[] key, byte[] seed, int length) {
    int blocks = (length + outputOctets - 1) / outputOctets;
    if (blocks > MAX_BLOCKS) {
      throw new IllegalArgumentException("prf+ ends before " + length + " octets");
    }
    byte[] output = new byte[length];
    byte[] block = new byte[0];
    HMac hmac = keyed(key);
    for (int n = 1; n <= blocks; n++) {
      hmac.update(block, 0, block.length);
      hmac.update(seed, 0, seed.length);
      hmac.update((byte) n);
      Arrays.fill(block, (byte) 0);
      block = new byte[outputOctets];
      hmac.doFinal(block, 0);
      int at = (n - 1) * outputOctets;
      System.arraycopy(block, 0, output, at, Math.min(outputOctets, length - at));
    }
    Arrays.fill(block, (byte) 0);
    return output;
  }

  /// `HASH(data | data | …)`, the hash that the HMAC is of, as IKEv1 uses it (RFC 2409 §5, RFC 3947
  /// §3.2).
  ///
  /// @return [#outputOctets()] octets
  public byte[] hash(byte[]... data) {
    Digest digest = digest();
    for (byte[] part : data) {
      digest.update(part, 0, part.length);
    }
    byte[] hash = new byte[outputOctets];
    digest.doFinal(hash, 0);
    return hash;
  }

  private HMac keyed(byte[] key) {
    HMac hmac = new HMac(digest());
    hmac.init(new KeyParameter(key));
    return hmac;
  }

  private Digest digest() {
    return switch (this) {
      case HMAC_MD5 -> new MD5Digest();
      case HMAC_SHA1 -> new SHA1Digest();
      case HMAC_SHA2_256 -> new SHA256Digest();
      case HMAC_SHA2_384 -> new SHA384Digest();
      case HMAC_SHA2_512 -> new SHA512Digest();
    };
  }
}
