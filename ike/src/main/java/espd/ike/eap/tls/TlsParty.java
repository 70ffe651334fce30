package espd.ike.eap.tls;

import espd.ike.Identity;
import espd.ike.pki.Trust;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;

/// One end of EAP-TLS: what it proves itself by, and what it asks of the other.
///
/// @param key of its certificate
/// @param chain its certificate, then those between it and a root; never empty
/// @param trust that judges the other's certificate
/// @param other who the other has to be: its certificate has to confirm it
/// @param random where private values come from
public record TlsParty(
    PrivateKey key, List<X509Certificate> chain, Trust trust, Identity other, SecureRandom random) {

  /// Copies the list.
  ///
  /// @throws IllegalArgumentException when there is no certificate
  public TlsParty {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("EAP-TLS without a certificate");
    }
  }

  /// {@return its certificate, and no key}
  @Override
  public String toString() {
    return "%s towards %s".formatted(chain.getFirst().getSubjectX500Principal(), other);
  }
}
