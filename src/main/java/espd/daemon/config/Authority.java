package espd.daemon.config;

import espd.ike.StatusPlaces;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;

/// An authority that a section names.
///
/// @param name of the section
/// @param places its certificate, and where it is asked what it has revoked
/// @param crls that were read for it
/// @param crlUris where its CRLs are to be had, as written
/// @param ocspUris where it answers about its certificates, as written
public record Authority(
    String name,
    StatusPlaces places,
    List<X509CRL> crls,
    List<String> crlUris,
    List<String> ocspUris) {

  /// Copies the lists.
  public Authority {
    crls = List.copyOf(crls);
    crlUris = List.copyOf(crlUris);
    ocspUris = List.copyOf(ocspUris);
  }

  /// {@return its certificate}
  public X509Certificate certificate() {
    return places.authority();
  }
}
