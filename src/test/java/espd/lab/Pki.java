package espd.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/// Keys and certificates, from openssl: `NAME.key` and `NAME.crt` in a directory of a host, subject
/// `C=CH, O=Lab, CN=NAME`.
public final class Pki {

  /// What [#key] calls the usual keys of elliptic curves.
  public static final String EC =
      "EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve";

  /// What [#key] calls the usual keys of RSA.
  public static final String RSA = "RSA -pkeyopt rsa_keygen_bits:2048";

  private static final String SUBJECT = "/C=CH/O=Lab/CN=";

  private final Host host;

  /// One without any certificate yet.
  public Pki(Host host) {
    this.host = host;
  }

  /// Runs openssl.
  public void openssl(String... arguments) {
    host.run(Stream.concat(Stream.of("openssl"), Stream.of(arguments)).toArray(String[]::new))
        .succeeded();
  }

  /// {@return a file of it}
  public Path file(String name) {
    return host.directory().resolve("pki").resolve(name);
  }

  /// {@return the path of a file of it}
  public String at(String name) {
    return file(name).toString();
  }

  /// {@return what a file of it says}
  public String text(String name) {
    try {
      return Files.readString(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes a file that only its owner reads, and the folders it is in.
  public static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes a key.
  ///
  /// @param kind the algorithm, as `openssl genpkey -algorithm` takes it, with more options
  public void key(String kind, String name) {
    List<String> words = List.of(kind.split(" "));
    openssl(
        Stream.concat(Stream.of("genpkey", "-out", at(name + ".key"), "-algorithm"), words.stream())
            .toArray(String[]::new));
  }

  /// Has `authority` issue a certificate.
  public void issue(String name, String authority, String extensions, int days) {
    write(file(name + ".ext"), extensions);
    openssl(
        "req",
        "-new",
        "-key",
        at(name + ".key"),
        "-subj",
        SUBJECT + name,
        "-out",
        at(name + ".csr"));
    openssl(
        "x509",
        "-req",
        "-in",
        at(name + ".csr"),
        "-CA",
        at(authority + ".crt"),
        "-CAkey",
        at(authority + ".key"),
        "-CAcreateserial",
        "-days",
        "" + days,
        "-extfile",
        at(name + ".ext"),
        "-out",
        at(name + ".crt"));
  }

  /// Makes the authority `root` and `between`, which has its certificate from it.
  public void authorities() {
    write(file("root.ext"), "");
    key(EC, "root");
    openssl(
        "req",
        "-x509",
        "-new",
        "-key",
        at("root.key"),
        "-subj",
        SUBJECT + "root",
        "-days",
        "30",
        "-out",
        at("root.crt"));
    key(EC, "between");
    issue(
        "between",
        "root",
        "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\n",
        30);
  }

  /// Has `root` keep a record of what it has issued and revoked, in `index.txt`.
  public void records() {
    write(file("index.txt"), "");
    write(file("crlnumber"), "01\n");
    write(
        file("ca.conf"),
        """
        [ca]
        default_ca = x
        [x]
        database = %s
        crlnumber = %s
        default_md = sha256
        default_crl_days = 30
        """
            .formatted(at("index.txt"), at("crlnumber")));
  }

  /// Has `root` note that a certificate is good (`-valid FILE`) or revoked (`-revoke FILE`), or
  /// make a CRL (`-gencrl -out FILE`).
  public void root(String... arguments) {
    Stream<String> by =
        Stream.of(
            "ca", "-config", at("ca.conf"), "-keyfile", at("root.key"), "-cert", at("root.crt"));
    openssl(Stream.concat(by, Stream.of(arguments)).toArray(String[]::new));
  }

  /// Makes `a` and `b`, which have their certificates from `between`.
  public void ends(String kind) {
    for (String each : List.of("a", "b")) {
      key(kind, each);
      issue(each, "between", "keyUsage=digitalSignature\n", 30);
    }
  }

  /// Puts what `a` has where an `ipsec.conf` of its host looks for it.
  public void installIpsecD(Host a) {
    Path folder = a.directory().resolve("ipsec.d");
    write(folder.resolve("cacerts/root.pem"), text("root.crt"));
    write(folder.resolve("certs/a.pem"), text("a.crt") + text("between.crt"));
    write(folder.resolve("private/a.pem"), text("a.key"));
  }

  /// Puts what `b` has where strongSwan's swanctl looks for it on its host.
  public void installSwanctl(Host b) {
    Path folder = b.directory();
    write(folder.resolve("x509ca/root.pem"), text("root.crt"));
    write(folder.resolve("x509ca/between.pem"), text("between.crt"));
    write(folder.resolve("x509/b.pem"), text("b.crt"));
    write(folder.resolve("private/b.pem"), text("b.key"));
  }
}
