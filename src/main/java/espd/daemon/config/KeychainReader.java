package espd.daemon.config;

import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.SignatureRule.Revocation;
import espd.ike.StatusPlaces;
import espd.ike.pki.Certificates;
import espd.ike.pki.Pkcs12;
import espd.ike.pki.PrivateKeys;
import espd.ike.pki.Subject;
import espd.spd.KeyMaterial;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
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

/// Certificates, CRLs and private keys, from the folders that strongSwan has beside `ipsec.conf`
/// (`ipsec.d/cacerts`, `certs`, `crls` and `private`) and beside `swanctl.conf` (`x509ca`, `x509`,
/// `x509crl`; [SwanctlSecrets] has those of keys). Files are PEM or DER.
public final class KeychainReader {

  private final Findings findings;
  private final Set<Path> seen = new LinkedHashSet<>();
  private final Map<PublicKey, PrivateKey> keys = new HashMap<>();
  private final Set<X509Certificate> authorities = new LinkedHashSet<>();
  private final Set<X509Certificate> certificates = new LinkedHashSet<>();
  private final Set<X509CRL> crls = new LinkedHashSet<>();
  private final Set<StatusPlaces> places = new LinkedHashSet<>();
  private Revocation revocation = Revocation.IF_KNOWN;

  /// Without anything yet.
  ///
  /// @param findings told what cannot be read
  public KeychainReader(Findings findings) {
    this(findings, Keychain.EMPTY);
  }

  /// @param known what was read before
  KeychainReader(Findings findings, Keychain known) {
    this.findings = findings;
    keys.putAll(known.keys());
    authorities.addAll(known.authorities());
    certificates.addAll(known.certificates());
    crls.addAll(known.crls());
    places.addAll(known.places());
  }

  /// {@return all that was read}
  public Keychain keychain() {
    return new Keychain(
        keys,
        List.copyOf(authorities),
        List.copyOf(certificates),
        List.copyOf(crls),
        List.copyOf(places));
  }

  /// {@return what has to be known of certificates}
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

  /// Reads the certificates and CRLs beside a `swanctl.conf`.
  ///
  /// @param folder it is in
  void besideSwanctl(Path folder) {
    if (!seen.add(folder)) {
      return;
    }
    for (Path each : files(folder.resolve("x509ca"))) {
      read(each).forEach(certificate -> authority(each, certificate));
    }
    for (Path each : files(folder.resolve("x509"))) {
      certificates.addAll(read(each));
    }
    for (Path each : files(folder.resolve("x509crl"))) {
      crl(each);
    }
  }

  /// {@return the authority's certificate in a file, which is trusted from now on}
  ///
  /// @param value the file, from `ipsec.d/cacerts` unless absolute
  X509Certificate authority(Value value) throws Unreadable {
    return authority(value, value.path(folder(value.place().file()).resolve("cacerts")));
  }

  /// {@return the authority's certificate in `file`, which is trusted from now on}
  ///
  /// @param value that names it
  public X509Certificate authority(Value value, Path file) throws Unreadable {
    for (X509Certificate each : read(file)) {
      if (each.getBasicConstraints() >= 0) {
        authorities.add(each);
        return each;
      }
    }
    throw new Unreadable(
        value.place(),
        value.quoted() + " (" + file + ")",
        "a file with an authority's certificate");
  }

  /// Reads the authorities and CRLs of a folder in which OpenSSL finds them: files with the hash of
  /// a name for name, and `.0` or `.r0` behind it (`c_rehash`).
  public void hashed(Path folder) {
    for (Path each : files(folder)) {
      String name = each.getFileName().toString();
      if (name.matches("[0-9a-f]{8}\\.\\d")) {
        read(each).forEach(certificate -> authority(each, certificate));
      } else if (name.matches("[0-9a-f]{8}\\.r\\d")) {
        crl(each);
      }
    }
  }

  private static Path folder(Path file) {
    return file.toAbsolutePath().resolveSibling("ipsec.d");
  }

  /// {@return the files in a folder, none where there is no folder}
  static List<Path> files(Path folder) {
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
      crls.addAll(Certificates.crlsOfFile(Files.readAllBytes(file)));
    } catch (IOException | GeneralSecurityException e) {
      findings.problem(Place.of(file), "no CRL", "a CRL of X.509, PEM or DER");
    }
  }

  private List<X509Certificate> read(Path file) {
    try {
      return Certificates.ofFile(Files.readAllBytes(file));
    } catch (IOException | CertificateException e) {
      findings.warn(Place.of(file), "no certificate of X.509, PEM or DER; not used");
      return List.of();
    }
  }

  /// {@return the certificate of an end, then those that follow it in its file, then the
  /// authorities between it and the root that we know}
  ///
  /// @param value a file, from `ipsec.d/certs` unless absolute
  List<X509Certificate> chain(Value value) throws Unreadable {
    return chain(value, certificateFile(value));
  }

  /// {@return where a certificate or public key of an `ipsec.conf` is}
  static Path certificateFile(Value value) throws Unreadable {
    return value.path(folder(value.place().file()).resolve("certs"));
  }

  /// {@return the same of a certificate in `file`}
  ///
  /// @param value that names it
  public List<X509Certificate> chain(Value value, Path file) throws Unreadable {
    try {
      List<X509Certificate> found = Certificates.ofFile(Files.readAllBytes(file));
      if (found.isEmpty()) {
        throw new Unreadable(value, "a file with a certificate");
      }
      return chain(found);
    } catch (IOException | CertificateException e) {
      throw new Unreadable(
          value.place(), value.quoted() + " (" + file + " cannot be read)", "a certificate's file");
    }
  }

  /// {@return these certificates and the authorities between the last and the root that we know}
  List<X509Certificate> chain(List<X509Certificate> found) {
    List<X509Certificate> chain = new ArrayList<>(found);
    Optional<X509Certificate> next = issuer(chain.getLast());
    while (next.isPresent() && !chain.contains(next.get())) {
      chain.add(next.get());
      next = issuer(next.get());
    }
    certificates.addAll(chain);
    return chain;
  }

  /// Trusts an authority.
  ///
  /// @param itsPlaces it, and where it is asked what it has revoked
  /// @param itsCrls what it has revoked, as far as that is here
  void trust(StatusPlaces itsPlaces, List<X509CRL> itsCrls) {
    authorities.add(itsPlaces.authority());
    places.add(itsPlaces);
    crls.addAll(itsCrls);
  }

  /// {@return a certificate, which is known from now on}
  X509Certificate know(X509Certificate certificate) {
    certificates.add(certificate);
    return certificate;
  }

  /// {@return whom we trust}
  Set<X509Certificate> authorities() {
    return authorities;
  }

  /// {@return whether the private key that belongs to a public one is here}
  boolean hasKey(PublicKey key) {
    return keys.containsKey(key);
  }

  /// {@return a certificate that says we are this, whose private key is here, and those that
  /// follow; none where there is none}
  List<X509Certificate> ownChain(Identity identity) {
    return certificates.stream()
        .filter(each -> hasKey(each.getPublicKey()))
        .filter(each -> new Subject(each).is(identity))
        .findFirst()
        .map(each -> chain(List.of(each)))
        .orElseGet(List::of);
  }

  private Optional<X509Certificate> issuer(X509Certificate certificate) {
    return authorities.stream()
        .filter(each -> each.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
        .filter(each -> !each.getSubjectX500Principal().equals(each.getIssuerX500Principal()))
        .findFirst();
  }

  /// Reads a private key.
  ///
  /// @param passphrase when it is encrypted
  /// @throws IOException when the file cannot be read
  /// @throws GeneralSecurityException when it is no private key, or another passphrase's
  public void key(Path file, Optional<KeyMaterial> passphrase)
      throws IOException, GeneralSecurityException {
    byte[] octets = Files.readAllBytes(file);
    try {
      key(with(passphrase, each -> PrivateKeys.read(octets, each)));
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /// Reads what is in a file: a private key, or all that a container of PKCS#12 has, whose
  /// authorities are trusted from now on.
  ///
  /// @param passphrase when it is encrypted
  /// @throws IOException when the file cannot be read
  /// @throws GeneralSecurityException when it is something else, or another passphrase's
  void read(PrivateKeyForm form, Path file, Optional<KeyMaterial> passphrase)
      throws IOException, GeneralSecurityException {
    switch (form) {
      case KEY -> key(file, passphrase);
      case CONTAINER -> container(file, passphrase);
    }
  }

  private void container(Path file, Optional<KeyMaterial> passphrase)
      throws IOException, GeneralSecurityException {
    byte[] octets = Files.readAllBytes(file);
    Pkcs12 container = with(passphrase, each -> Pkcs12.read(octets, each));
    container.keys().forEach(this::key);
    for (X509Certificate each : container.certificates()) {
      (each.getBasicConstraints() < 0 ? certificates : authorities).add(each);
    }
  }

  @FunctionalInterface
  private interface Opening<T> {
    T with(Optional<char[]> passphrase) throws GeneralSecurityException;
  }

  private static <T> T with(Optional<KeyMaterial> passphrase, Opening<T> opening)
      throws GeneralSecurityException {
    Optional<char[]> characters = passphrase.map(each -> each.use(KeychainReader::characters));
    try {
      return opening.with(characters);
    } finally {
      characters.ifPresent(each -> Arrays.fill(each, '\0'));
    }
  }

  /// Adds a private key.
  void key(KeyPair pair) {
    keys.put(pair.getPublic(), pair.getPrivate());
  }

  private static char[] characters(byte[] octets) {
    CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(octets));
    char[] characters = new char[decoded.remaining()];
    decoded.get(characters);
    Arrays.fill(decoded.array(), '\0');
    return characters;
  }

  /// {@return where the private key that an entry names is}
  static Path keyFile(Value value) throws Unreadable {
    return value.path(folder(value.place().file()).resolve("private"));
  }
}
