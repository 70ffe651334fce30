package espd.daemon.config;

import espd.ike.StatusPlaces;
import espd.ike.pki.Certificates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.util.ArrayList;
import java.util.List;

/// The places where an authority tells what it has revoked, as files and clients name them: `file:`
/// is read at once, `http:` and `https:` are asked when a peer shows a certificate.
///
/// @param findings told of other places, which are passed over
record StatusUris(Findings findings) {

  /// {@return the CRLs that are files}
  List<X509CRL> read(List<Value> uris) throws Unreadable {
    List<X509CRL> crls = new ArrayList<>();
    for (Value uri : uris) {
      if (isFile(uri)) {
        crls.addAll(crls(uri));
      }
    }
    return crls;
  }

  private static boolean isFile(Value uri) {
    return uri.lower().startsWith("file:");
  }

  private static List<X509CRL> crls(Value uri) throws Unreadable {
    try {
      return Certificates.crlsOfFile(Files.readAllBytes(Path.of(URI.create(uri.text()))));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new Unreadable(uri, "the file: URI of a CRL of X.509, PEM or DER");
    }
  }

  /// {@return the places of CRLs that are asked later}
  List<URI> crls(List<Value> uris) {
    return fetched(uris.stream().filter(uri -> !isFile(uri)).toList());
  }

  /// {@return the places that are asked later}
  List<URI> fetched(List<Value> uris) {
    for (Value uri : uris) {
      if (StatusPlaces.fetched(uri.text()).isEmpty()) {
        findings.warn(
            uri.place(), uri.quoted() + " is ignored: what is asked are http: and https: URIs");
      }
    }
    return uris.stream().flatMap(uri -> StatusPlaces.fetched(uri.text()).stream()).toList();
  }
}
