package espd.daemon.config;

import espd.ike.Keychain;
import espd.ike.SignatureRule.Revocation;
import espd.ike.pki.PrivateKeys;
import espd.ike.pki.Subject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Certificates, CRLs and private keys, from the folders that strongSwan has beside `ipsec.conf`:
/// `ipsec.d/cacerts`, `certs`, `crls` and `private`. Files are PEM or DER.
final class KeychainReader {

  private final Findings findings;
  private final Set<Path> seen = new LinkedHashSet<>();
  private final Map<PublicKey, PrivateKey> keys = new HashMap<>();
  private final Set<X509Certificate> authorities = new LinkedHashSet<>();
  private final Set<X509Certificate> certificates = new LinkedHashSet<>();
  private final Set<X509CRL> crls = new LinkedHashSet<>();
  private Revocation revocation = Revocation.IF_KNOWN;

  KeychainReader(Findings findings) {
    this.findings = findings;
  }

  /// {@return all that was read}
  Keychain keychain() {
    return new Keychain(
        keys, List.copyOf(authorities), List.copyOf(certificates), List.copyOf(crls));
  }

  /// {@return what is asked of CRLs}
  Revocation revocation() {
    return revocation;
  }

  /// Reads `strictcrlpolicy` of `config setup`.
  void setup(ConfFile file) {
    for (ConfFile.Section section : file.sections()) {
      if (section.kind() == ConfFile.Kind.CONFIG) {
        section.parameters().stream()
            .filter(each -> each.key().lower().equals("strictcrlpolicy"))
            .flatMap(each -> each.value().stream())
            .forEach(this::strictness);
      }
    }
  }

  private void strictness(Value value) {
    switch (value.lower()) {
      case "yes" -> revocation = Revocation.REQUIRED;
      case "no" -> revocation = Revocation.IF_KNOWN;
      case "ifuri" -> revocation = Revocation.IF_URI;
      default -> findings.problem(value.place(), value.quoted(), "yes, no or ifuri");
    }
  }

  /// Reads the authorities and CRLs beside a file.
  void beside(Path file) {
    Path folder = folder(file);
    if (!seen.add(folder)) {
      return;
    }
    for (Path each : files(folder.resolve("cacerts"))) {
      read(each).forEach(certificate -> authority(each, certificate));
    }
    for (Path each : files(folder.resolve("crls"))) {
      crl(each);
    }
  }

  private static Path folder(Path file) {
    return file.toAbsolutePath().resolveSibling("ipsec.d");
  }

  private static List<Path> files(Path folder) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isRegularFile)) {
        entries.forEach(found::add);
      } catch (IOException e) {
        return List.of();
      }
    }
    found.sort(null);
    return found;
  }

  private void authority(Path file, X509Certificate certificate) {
    if (certificate.getBasicConstraints() < 0) {
      findings.warn(
          Place.of(file),
          "certificate \"%s\" is no authority's; not used".formatted(new Subject(certificate)));
    } else {
      authorities.add(certificate);
    }
  }

  private void crl(Path file) {
    try {
      CertificateFactory.getInstance("X.509")
          .generateCRLs(new ByteArrayInputStream(Files.readAllBytes(file)))
          .forEach(each -> crls.add((X509CRL) each));
    } catch (IOException | GeneralSecurityException e) {
      findings.problem(Place.of(file), "no CRL", "a CRL of X.509, PEM or DER");
    }
  }

  private List<X509Certificate> read(Path file) {
    try {
      return certificates(file);
    } catch (IOException | CertificateException e) {
      findings.warn(Place.of(file), "no certificate of X.509, PEM or DER; not used");
      return List.of();
    }
  }

  private static List<X509Certificate> certificates(Path file)
      throws IOException, CertificateException {
    List<X509Certificate> found = new ArrayList<>();
    CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
        .forEach(each -> found.add((X509Certificate) each));
    return found;
  }

  /// {@return the certificate of an end, then those that follow it in its file, then the
  /// authorities between it and the root that we know}
  ///
  /// @param value a file, from `ipsec.d/certs` unless absolute
  List<X509Certificate> chain(Value value) throws Unreadable {
    Path file = folder(value.place().file()).resolve("certs").resolve(value.text());
    try {
      List<X509Certificate> found = certificates(file);
      if (found.isEmpty()) {
        throw new Unreadable(value, "a file with a certificate");
      }
      List<X509Certificate> chain = new ArrayList<>(found);
      Optional<X509Certificate> next = issuer(chain.getLast());
      while (next.isPresent() && !chain.contains(next.get())) {
        chain.add(next.get());
        next = issuer(next.get());
      }
      certificates.addAll(chain);
      return chain;
    } catch (IOException | CertificateException e) {
      throw new Unreadable(
          value.place(), value.quoted() + " (" + file + " cannot be read)", "a certificate's file");
    }
  }

  private Optional<X509Certificate> issuer(X509Certificate certificate) {
    return authorities.stream()
        .filter(each -> each.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
        .filter(each -> !each.getSubjectX500Principal().equals(each.getIssuerX500Principal()))
        .findFirst();
  }

  /// Reads the private key that an entry of `ipsec.secrets` names.
  ///
  /// @param value a file, from `ipsec.d/private` unless absolute
  /// @param passphrase when it is encrypted
  void key(Value value, Optional<char[]> passphrase) throws Unreadable {
    Path file = keyFile(value);
    byte[] octets = new byte[0];
    try {
      octets = Files.readAllBytes(file);
      KeyPair pair = PrivateKeys.read(octets, passphrase);
      keys.put(pair.getPublic(), pair.getPrivate());
    } catch (IOException e) {
      throw new Unreadable(
          value.place(), value.quoted() + " (" + file + " cannot be read)", "a private key's file");
    } catch (GeneralSecurityException e) {
      throw new Unreadable(
          value.place(), value.quoted() + " (" + e.getMessage() + ")", "a private key's file");
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /// {@return where the private key that an entry names is}
  static Path keyFile(Value value) {
    return folder(value.place().file()).resolve("private").resolve(value.text());
  }
}
