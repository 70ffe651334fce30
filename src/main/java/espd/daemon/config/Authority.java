package espd.daemon.config;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;

/// An authority that a section names.
///
/// @param name of the section
/// @param certificate its certificate
/// @param crls that were read for it
/// @param crlUris where its CRLs are to be had
/// @param ocspUris where it answers about its certificates
public record Authority(
    String name,
    X509Certificate certificate,
    List<X509CRL> crls,
    List<String> crlUris,
    List<String> ocspUris) {

  /// Copies the lists.
  public Authority {
    crls = List.copyOf(crls);
    crlUris = List.copyOf(crlUris);
    ocspUris = List.copyOf(ocspUris);
  }

  /// Has it trusted.
  void into(KeychainReader keychain) {
    keychain.trust(certificate, crls);
  }
}
