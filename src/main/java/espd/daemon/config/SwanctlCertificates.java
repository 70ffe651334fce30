package espd.daemon.config;

import espd.ike.pki.Certificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The certificates that a section names: a `swanctl.conf` by their files, vici's messages by their
/// octets.
///
/// @param folder of the file; nothing for messages
record SwanctlCertificates(Optional<Path> folder) {

  /// Of a message.
  static final SwanctlCertificates OF_MESSAGE = new SwanctlCertificates(Optional.empty());

  private static final String EXPECTED = "X.509, PEM or DER";

  /// {@return what the values of a key name, each with all that its file has}
  ///
  /// @param subfolder where a file without a folder is
  List<List<X509Certificate>> named(SwanctlKeys keys, String key, String subfolder)
      throws Unreadable {
    List<List<X509Certificate>> all = new ArrayList<>();
    for (Value value : keys.values(key)) {
      if (folder.isEmpty()) {
        // What is no UTF-8 came as ISO 8859-1, an octet a character.
        all.add(read(value, value.text().getBytes(StandardCharsets.ISO_8859_1)));
        continue;
      }
      for (Value name : value.split(",")) {
        if (!name.isEmpty()) {
          all.add(file(name, folder.get().resolve(subfolder)));
        }
      }
    }
    return all;
  }

  /// {@return what the key `file` names}
  List<X509Certificate> file(SwanctlKeys keys) throws Unreadable {
    Optional<Value> file = keys.value("file");
    if (file.isEmpty()) {
      throw new Unreadable(keys.place("file"), "no file", "file = FILE");
    }
    return file(file.get(), folder.orElse(Path.of("/")));
  }

  private static List<X509Certificate> file(Value name, Path from) throws Unreadable {
    Path file = name.path(from);
    try {
      return read(name, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new Unreadable(
          name.place(), name.quoted() + " (" + file + " cannot be read)", "a certificate's file");
    }
  }

  private static List<X509Certificate> read(Value value, byte[] octets) throws Unreadable {
    try {
      List<X509Certificate> found = Certificates.ofFile(octets);
      if (!found.isEmpty()) {
        return found;
      }
    } catch (CertificateException e) {
      // Said below, as it is of a file that has none.
    }
    throw new Unreadable(value.place(), "what is no certificate", EXPECTED);
  }
}
