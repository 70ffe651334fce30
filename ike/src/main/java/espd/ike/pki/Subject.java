package espd.ike.pki;

import espd.ike.DistinguishedName;
import espd.ike.Identity;
import espd.ike.message.Bytes;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;

/// Who a certificate is of (RFC 4945 §3.1, §5.1.3).
///
/// @param certificate whose subject it is
public record Subject(X509Certificate certificate) {

  private static final int RFC822_NAME = 1;
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;
  private static final String KEY_IDENTIFIER = "2.5.29.14";

  /// {@return its distinguished name}
  public DistinguishedName name() {
    Bytes der = Bytes.of(certificate.getSubjectX500Principal().getEncoded());
    return DistinguishedName.of(der).orElseThrow();
  }

  /// {@return whether the certificate says that its subject is this: names and addresses by an
  /// equal subjectAltName, a distinguished name by the subject, a key id by subjectKeyIdentifier}
  public boolean is(Identity identity) {
    return switch (identity.type()) {
      case Identity.DER_ASN1_DN -> identity.distinguishedName().filter(name()::names).isPresent();
      case Identity.KEY_ID -> keyIdentifier().filter(identity.data()::equals).isPresent();
      case Identity.FQDN, Identity.RFC822_ADDR ->
          alternatives().stream()
              .filter(name -> name.type() == identity.type())
              .filter(name -> name.data().length() == identity.data().length())
              .anyMatch(name -> name.toString().equalsIgnoreCase(identity.toString()));
      default -> alternatives().contains(identity);
    };
  }

  /// {@return all the names it has}
  public List<Identity> identities() {
    List<Identity> all = new ArrayList<>(List.of(Identity.of(name())));
    all.addAll(alternatives());
    return all;
  }

  private List<Identity> alternatives() {
    List<Identity> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          identity(alternative).ifPresent(names::add);
        }
      }
    } catch (CertificateParsingException | RuntimeException e) { // As of an address with a mask.
      return List.of(); // Names that cannot be read are nobody's.
    }
    return names;
  }

  private static Optional<Identity> identity(List<?> alternative) {
    if (!(alternative.get(0) instanceof Integer type)
        || !(alternative.get(1) instanceof String text)) {
      return Optional.empty();
    }
    Bytes octets = Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    return switch (type) {
      case RFC822_NAME -> Optional.of(new Identity(Identity.RFC822_ADDR, octets));
      case DNS_NAME -> Optional.of(new Identity(Identity.FQDN, octets));
      case IP_ADDRESS -> Optional.of(address(InetAddress.ofLiteral(text).getAddress()));
      default -> Optional.empty();
    };
  }

  private static Identity address(byte[] octets) {
    return new Identity(
        octets.length == 4 ? Identity.IPV4_ADDR : Identity.IPV6_ADDR, Bytes.of(octets));
  }

  private Optional<Bytes> keyIdentifier() {
    try {
      return Optional.ofNullable(certificate.getExtensionValue(KEY_IDENTIFIER))
          .map(value -> ASN1OctetString.getInstance(value).getOctets())
          .map(value -> Bytes.of(ASN1OctetString.getInstance(value).getOctets()));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return name().toString();
  }
}
