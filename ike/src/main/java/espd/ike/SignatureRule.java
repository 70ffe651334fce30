package espd.ike;

import espd.ike.crypto.SignatureScheme;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How one end signs (RFC 7296 §2.15, RFC 7427), and with which certificate or raw public key (RFC
/// 7670).
///
/// @param certificates of this end: ours, or the only ones the peer may have; empty for a peer that
///   sends its own
/// @param authorities one of these must have issued the peer's; empty for any that we trust
/// @param schemes what may be used; empty for whatever fits the key
/// @param sending when we send our certificate
/// @param asking whether we ask the peer for its
/// @param revocation what has to be known of the peer's and of those between it and the root
/// @param keys raw public keys of this end: ours, or the only ones the peer may have, which then
///   needs no certificate; empty where certificates are used
public record SignatureRule(
    List<X509Certificate> certificates,
    List<X509Certificate> authorities,
    Set<SignatureScheme> schemes,
    Sending sending,
    Asking asking,
    Revocation revocation,
    List<PublicKey> keys) {

  /// With certificates.
  public SignatureRule(
      List<X509Certificate> certificates,
      List<X509Certificate> authorities,
      Set<SignatureScheme> schemes,
      Sending sending,
      Asking asking,
      Revocation revocation) {
    this(certificates, authorities, schemes, sending, asking, revocation, List.of());
  }

  /// Any certificate of an authority we trust.
  public static final SignatureRule ANY =
      new SignatureRule(
          List.of(), List.of(), Set.of(), Sending.IF_ASKED, Asking.CERTREQ, Revocation.IF_KNOWN);

  /// When a certificate is sent (ipsec.conf's `leftsendcert`).
  public enum Sending {
    /// Always.
    ALWAYS,
    /// When the peer has sent a CERTREQ.
    IF_ASKED,
    /// Never.
    NEVER
  }

  /// Whether the peer is asked for its certificate (swanctl.conf's `send_certreq`).
  public enum Asking {
    /// By CERTREQ, which names the authorities we trust (RFC 7296 §3.7).
    CERTREQ,
    /// It is not: it sends its own unasked, or we have it.
    SILENT
  }

  /// What becomes of a certificate that nobody tells whether it is revoked (ipsec.conf's
  /// `strictcrlpolicy`).
  public enum Revocation {
    /// The certificate counts.
    IF_KNOWN,
    /// It does not if there is a place where that is to be told.
    IF_URI,
    /// It does not.
    REQUIRED
  }

  /// Copies the lists.
  public SignatureRule {
    certificates = List.copyOf(certificates);
    authorities = List.copyOf(authorities);
    schemes = Set.copyOf(schemes);
    keys = List.copyOf(keys);
  }

  /// {@return this rule with whatever fits the key}
  public SignatureRule withAnyScheme() {
    return new SignatureRule(
        certificates, authorities, Set.of(), sending, asking, revocation, keys);
  }

  /// {@return whether this end has a raw public key, and certificates play no part}
  public boolean isRaw() {
    return !keys.isEmpty();
  }

  /// {@return the public key of this end as far as the configuration names it: the raw one, or that
  /// of its certificate}
  public Optional<PublicKey> key() {
    return keys.stream()
        .findFirst()
        .or(() -> certificates.stream().map(X509Certificate::getPublicKey).findFirst());
  }

  /// {@return whether a scheme may be used}
  public boolean permits(SignatureScheme scheme) {
    return schemes.isEmpty() || schemes.contains(scheme);
  }
}
