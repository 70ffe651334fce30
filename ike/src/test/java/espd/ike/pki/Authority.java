package espd.ike.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertList;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V2TBSCertListGenerator;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;

/// A certificate authority for tests, with a key of P-256.
public final class Authority {

  /// Tests stand here in time.
  public static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  static final AlgorithmIdentifier SIGNATURE =
      new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.2.840.10045.4.3.2"));
  private static final int TAG_URI = GeneralName.uniformResourceIdentifier;
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final KeyPair key;
  private final X509Certificate certificate;

  private Authority(KeyPair key, X509Certificate certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  /// {@return one that certifies itself}
  public static Authority root(String name) {
    KeyPair key = key("secp256r1");
    Draft draft = Draft.of(name).authority();
    return new Authority(key, sign(draft, key.getPublic(), new X500Name(name), key.getPrivate()));
  }

  /// {@return one that this certifies}
  public Authority between(Draft draft) {
    KeyPair other = key("secp256r1");
    return new Authority(other, certify(draft, other.getPublic()));
  }

  /// {@return its key}
  KeyPair keyPair() {
    return key;
  }

  /// {@return its certificate}
  public X509Certificate certificate() {
    return certificate;
  }

  /// What is to stand in a certificate.
  ///
  /// @param subject its name
  /// @param names its subjectAltName, if any
  /// @param begin of its time
  /// @param end of its time
  /// @param usage bits of KeyUsage
  /// @param pathLength of an authority; nothing for an end
  /// @param more further extensions
  public record Draft(
      String subject,
      Optional<GeneralName> names,
      Instant begin,
      Instant end,
      int usage,
      Optional<Integer> pathLength,
      List<Extension> more) {

    /// Copies the list.
    public Draft {
      more = List.copyOf(more);
    }

    /// {@return an end's, for a year}
    public static Draft of(String subject) {
      Instant begin = NOW.minus(Duration.ofDays(1));
      return new Draft(
          subject,
          Optional.empty(),
          begin,
          begin.plus(Duration.ofDays(3650)),
          KeyUsage.digitalSignature,
          Optional.empty(),
          List.of());
    }

    /// {@return with a name beside the subject's}
    public Draft named(int tag, String name) {
      return new Draft(
          subject, Optional.of(new GeneralName(tag, name)), begin, end, usage, pathLength, more);
    }

    /// {@return with another time}
    public Draft between(Instant from, Instant to) {
      return new Draft(subject, names, from, to, usage, pathLength, more);
    }

    /// {@return for another use}
    public Draft usage(int bits) {
      return new Draft(subject, names, begin, end, bits, pathLength, more);
    }

    /// {@return an authority's}
    public Draft authority() {
      return authority(3);
    }

    /// {@return an authority's with so many below it}
    public Draft authority(int below) {
      return new Draft(
          subject,
          names,
          begin,
          end,
          KeyUsage.keyCertSign | KeyUsage.cRLSign,
          Optional.of(below),
          more);
    }

    /// {@return with a critical extension that nobody knows}
    public Draft withUnknownExtension() {
      return with(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"), true, DERNull.INSTANCE);
    }

    /// {@return with a place of CRLs}
    public Draft withCrlAt(String uri) {
      GeneralNames names = new GeneralNames(new GeneralName(TAG_URI, uri));
      DistributionPoint point = new DistributionPoint(new DistributionPointName(names), null, null);
      return with(
          Extension.cRLDistributionPoints,
          false,
          new CRLDistPoint(new DistributionPoint[] {point}));
    }

    /// {@return with a responder of OCSP}
    public Draft withOcspAt(String uri) {
      return with(
          Extension.authorityInfoAccess,
          false,
          new AuthorityInformationAccess(
              AccessDescription.id_ad_ocsp, new GeneralName(TAG_URI, uri)));
    }

    /// {@return for signing answers of OCSP}
    public Draft forOcsp() {
      return with(
          Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_OCSPSigning));
    }

    private Draft with(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
      try {
        List<Extension> all = new ArrayList<>(more);
        all.add(new Extension(id, critical, value.toASN1Primitive().getEncoded()));
        return new Draft(subject, names, begin, end, usage, pathLength, all);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  /// {@return a certificate of `key`}
  public X509Certificate certify(Draft draft, PublicKey subject) {
    X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    return sign(draft, subject, issuer, key.getPrivate());
  }

  private static X509Certificate sign(
      Draft draft, PublicKey subject, X500Name issuer, PrivateKey by) {
    try {
      V3TBSCertificateGenerator tbs = new V3TBSCertificateGenerator();
      tbs.setSerialNumber(new ASN1Integer(SERIAL.getAndIncrement()));
      tbs.setIssuer(issuer);
      tbs.setSubject(new X500Name(draft.subject()));
      tbs.setStartDate(new Time(Date.from(draft.begin())));
      tbs.setEndDate(new Time(Date.from(draft.end())));
      tbs.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(subject.getEncoded()));
      tbs.setSignature(SIGNATURE);
      tbs.setExtensions(extensions(draft));
      byte[] octets = signed(tbs.generateTBSCertificate().toASN1Primitive(), by);
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(octets));
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static Extensions extensions(Draft draft) throws IOException {
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    extensions.addExtension(Extension.keyUsage, true, new KeyUsage(draft.usage()));
    extensions.addExtension(
        Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(new byte[] {1, 2, 3}));
    if (draft.pathLength().isPresent()) {
      extensions.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(draft.pathLength().get()));
    }
    if (draft.names().isPresent()) {
      extensions.addExtension(
          Extension.subjectAlternativeName, false, new GeneralNames(draft.names().get()));
    }
    for (Extension each : draft.more()) {
      extensions.addExtension(each);
    }
    return extensions.generate();
  }

  /// {@return what it has revoked}
  public X509CRL revoke(X509Certificate... revoked) {
    return revoke(NOW.plus(Duration.ofDays(30)), revoked);
  }

  /// {@return what it has revoked, known until some day}
  public X509CRL revoke(Instant nextUpdate, X509Certificate... revoked) {
    try {
      V2TBSCertListGenerator tbs = new V2TBSCertListGenerator();
      tbs.setSignature(SIGNATURE);
      tbs.setIssuer(X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()));
      tbs.setThisUpdate(new Time(Date.from(NOW.minus(Duration.ofDays(40)))));
      tbs.setNextUpdate(new Time(Date.from(nextUpdate)));
      for (X509Certificate each : revoked) {
        BigInteger serial = each.getSerialNumber();
        tbs.addCRLEntry(new ASN1Integer(serial), new Time(Date.from(NOW.minusSeconds(60))), 1);
      }
      TBSCertList list = tbs.generateTBSCertList();
      byte[] octets = signed(list.toASN1Primitive(), key.getPrivate());
      return (X509CRL)
          CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(octets));
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// {@return what is signed, the algorithm, the signature}
  static byte[] signed(ASN1Primitive tbs, PrivateKey by)
      throws IOException, GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(by);
    signature.update(tbs.getEncoded(ASN1Encoding.DER));
    ASN1EncodableVector parts = new ASN1EncodableVector();
    parts.add(tbs);
    parts.add(SIGNATURE);
    parts.add(new DERBitString(signature.sign()));
    return new DERSequence(parts).getEncoded(ASN1Encoding.DER);
  }

  /// {@return a key pair}
  ///
  /// @param kind a curve, `Ed25519`, `Ed448`, or the bits of an RSA key
  public static KeyPair key(String kind) {
    try {
      if (kind.startsWith("Ed")) {
        return KeyPairGenerator.getInstance(kind).generateKeyPair();
      }
      boolean curve = kind.startsWith("secp");
      KeyPairGenerator generator = KeyPairGenerator.getInstance(curve ? "EC" : "RSA");
      if (curve) {
        generator.initialize(new ECGenParameterSpec(kind));
      } else {
        generator.initialize(Integer.parseInt(kind));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
