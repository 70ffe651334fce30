package espd.ike.pki;

import espd.ike.DistinguishedName;
import espd.ike.message.Bytes;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/// Certificates as they go on the wire, and as files hold them.
public final class Certificates {

  /// A peer sends no more of them; what is beyond is not looked at.
  public static final int MOST = 8;

  /// A peer's certificate is no longer than this.
  public static final int MOST_OCTETS = 16_384;

  private static final int SEQUENCE = 0x30;

  private Certificates() {}

  /// {@return the certificate of these octets, DER and nothing else}
  ///
  /// @throws CertificateException when they are none
  public static X509Certificate ofDer(Bytes der) throws CertificateException {
    if (der.length() == 0 || der.at(0) != SEQUENCE || der.length() > MOST_OCTETS) {
      throw new CertificateException("no DER of at most " + MOST_OCTETS + " octets");
    }
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der.toArray()));
    if (certificate.getEncoded().length != der.length()) {
      throw new CertificateException("octets after the certificate");
    }
    return named(certificate);
  }

  /// {@return the certificates that a file holds, PEM or DER}
  ///
  /// @throws CertificateException when it holds something else
  public static List<X509Certificate> ofFile(byte[] octets) throws CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Certificate each :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(octets))) {
      certificates.add(named((X509Certificate) each));
    }
    return certificates;
  }

  private static X509Certificate named(X509Certificate certificate) throws CertificateException {
    Bytes subject = Bytes.of(certificate.getSubjectX500Principal().getEncoded());
    if (DistinguishedName.of(subject).isEmpty()) {
      throw new CertificateException("a subject that is no name");
    }
    return certificate;
  }

  /// {@return the CRLs that a file holds, PEM or DER}
  ///
  /// @throws GeneralSecurityException when it holds something else
  public static List<X509CRL> crlsOfFile(byte[] octets) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCRLs(new ByteArrayInputStream(octets))
        .stream()
        .map(X509CRL.class::cast)
        .toList();
  }

  /// {@return the SHA-1 hash of a public key without its algorithm (RFC 5280 §4.2.1.2, method 1)}
  public static Bytes keyIdentifier(PublicKey key) {
    byte[] bits = SubjectPublicKeyInfo.getInstance(key.getEncoded()).getPublicKeyData().getOctets();
    return Bytes.of(sha1().digest(bits));
  }

  /// {@return the SHA-1 hashes of the authorities' SubjectPublicKeyInfo, one after the other, as
  /// CERTREQ names them (RFC 7296 §3.7)}
  public static Bytes hashes(Collection<X509Certificate> authorities) {
    MessageDigest sha1 = sha1();
    byte[] all = new byte[authorities.size() * sha1.getDigestLength()];
    int at = 0;
    for (X509Certificate authority : authorities) {
      byte[] hash = sha1.digest(authority.getPublicKey().getEncoded());
      System.arraycopy(hash, 0, all, at, hash.length);
      at += hash.length;
    }
    return Bytes.of(all);
  }

  /// {@return a new SHA-1}
  static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
