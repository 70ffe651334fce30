package espd.ike.eap.tls;

import espd.ike.crypto.SignatureScheme.Kind;
import java.security.PublicKey;
import java.util.Collection;
import java.util.Optional;
import java.util.Vector;
import java.util.stream.Stream;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;

/// The signatures we make and take in a handshake, the preferred first (RFC 8446 §4.2.3).
enum TlsSignature {
  ECDSA_SECP256R1_SHA256(SignatureScheme.ecdsa_secp256r1_sha256, Kind.EC_256),
  ECDSA_SECP384R1_SHA384(SignatureScheme.ecdsa_secp384r1_sha384, Kind.EC_384),
  ECDSA_SECP521R1_SHA512(SignatureScheme.ecdsa_secp521r1_sha512, Kind.EC_521),
  ED25519(SignatureScheme.ed25519, Kind.ED25519),
  ED448(SignatureScheme.ed448, Kind.ED448),
  RSA_PSS_RSAE_SHA256(SignatureScheme.rsa_pss_rsae_sha256, Kind.PSS),
  RSA_PSS_RSAE_SHA384(SignatureScheme.rsa_pss_rsae_sha384, Kind.PSS),
  RSA_PSS_RSAE_SHA512(SignatureScheme.rsa_pss_rsae_sha512, Kind.PSS),
  // In a handshake of TLS 1.2 only; in 1.3 for the signatures of certificates.
  RSA_PKCS1_SHA256(SignatureScheme.rsa_pkcs1_sha256, Kind.RSA),
  RSA_PKCS1_SHA384(SignatureScheme.rsa_pkcs1_sha384, Kind.RSA),
  RSA_PKCS1_SHA512(SignatureScheme.rsa_pkcs1_sha512, Kind.RSA);

  private final int scheme;
  private final Kind kind;

  TlsSignature(int scheme, Kind kind) {
    this.scheme = scheme;
    this.kind = kind;
  }

  private SignatureAndHashAlgorithm algorithm() {
    return SignatureScheme.getSignatureAndHashAlgorithm(scheme);
  }

  /// {@return all, in the library's words}
  @SuppressWarnings("JdkObsolete") // They have no other lists.
  static Vector<SignatureAndHashAlgorithm> all() {
    return new Vector<>(Stream.of(values()).map(TlsSignature::algorithm).toList());
  }

  /// {@return how we sign}
  ///
  /// @param key ours
  /// @param taken what the other end takes
  /// @param oldPadding whether the version has RSA's old padding still
  static Optional<SignatureAndHashAlgorithm> of(
      PublicKey key, Collection<?> taken, boolean oldPadding) {
    return Stream.of(values())
        .filter(each -> each.kind.fits(key))
        .filter(each -> oldPadding || each.kind != Kind.RSA)
        .map(TlsSignature::algorithm)
        .filter(taken::contains)
        .findFirst();
  }
}
