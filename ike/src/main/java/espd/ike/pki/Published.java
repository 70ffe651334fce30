package espd.ike.pki;

import espd.ike.StatusPlaces;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/// The places that a certificate itself names: where its CRLs are (RFC 5280 §4.2.1.13) and who
/// answers about it (§4.2.2.1). Other schemes than `http` and `https` are passed over.
final class Published {

  /// A certificate names no more of them.
  private static final int MOST = 4;

  private Published() {}

  /// {@return where CRLs of the certificate's own issuer are, with all reasons}
  static List<URI> crls(X509Certificate certificate) {
    try {
      return uris(
          extension(certificate, Extension.cRLDistributionPoints)
              .map(octets -> CRLDistPoint.getInstance(octets).getDistributionPoints())
              .stream()
              .flatMap(Arrays::stream)
              .filter(point -> point.getCRLIssuer() == null && point.getReasons() == null)
              .flatMap(Published::names));
    } catch (IllegalArgumentException | IllegalStateException e) {
      return List.of(); // What cannot be read names nothing.
    }
  }

  private static Stream<GeneralName> names(DistributionPoint point) {
    DistributionPointName name = point.getDistributionPoint();
    return name == null || name.getType() != DistributionPointName.FULL_NAME
        ? Stream.empty()
        : Arrays.stream(GeneralNames.getInstance(name.getName()).getNames());
  }

  /// {@return where OCSP is spoken about the certificate}
  static List<URI> ocsp(X509Certificate certificate) {
    try {
      return uris(
          extension(certificate, Extension.authorityInfoAccess)
              .map(octets -> AuthorityInformationAccess.getInstance(octets))
              .map(AuthorityInformationAccess::getAccessDescriptions)
              .stream()
              .flatMap(Arrays::stream)
              .filter(each -> AccessDescription.id_ad_ocsp.equals(each.getAccessMethod()))
              .map(AccessDescription::getAccessLocation));
    } catch (IllegalArgumentException | IllegalStateException e) {
      return List.of();
    }
  }

  private static Optional<byte[]> extension(
      X509Certificate certificate, ASN1ObjectIdentifier which) {
    return Optional.ofNullable(certificate.getExtensionValue(which.getId()))
        .map(octets -> ASN1OctetString.getInstance(octets).getOctets());
  }

  private static List<URI> uris(Stream<GeneralName> names) {
    return names
        .filter(name -> name.getTagNo() == GeneralName.uniformResourceIdentifier)
        .map(name -> ASN1IA5String.getInstance(name.getName()).getString())
        .flatMap(text -> StatusPlaces.fetched(text).stream())
        .limit(MOST)
        .toList();
  }
}
