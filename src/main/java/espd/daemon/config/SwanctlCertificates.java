package espd.daemon.config;

import espd.ike.message.Bytes;
import espd.ike.pki.Certificates;
import espd.ike.pki.PublicKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The certificates and public keys that a section names: a `swanctl.conf` by their files, vici's
/// messages by their octets.
///
/// @param folder of the file; nothing for messages
record SwanctlCertificates(Optional<Path> folder) {

  /// Of a message.
  static final SwanctlCertificates OF_MESSAGE = new SwanctlCertificates(Optional.empty());

  private static final String EXPECTED = "X.509, PEM or DER";

  /// What a value names.
  private record Content(Value value, Bytes octets) {}

  /// {@return what the values of a key name, each with all that its file has}
  ///
  /// @param subfolder where a file without a folder is
  List<List<X509Certificate>> named(SwanctlKeys keys, String key, String subfolder)
      throws Unreadable {
    List<List<X509Certificate>> all = new ArrayList<>();
    for (Content content : contents(keys, key, subfolder)) {
      all.add(read(content));
    }
    return all;
  }

  /// {@return the public keys that `pubkeys` names}
  List<PublicKey> keys(SwanctlKeys keys) throws Unreadable {
    List<PublicKey> all = new ArrayList<>();
    for (Content content : contents(keys, "pubkeys", "pubkey")) {
      try {
        all.add(PublicKeys.ofFile(content.octets().toArray()));
      } catch (GeneralSecurityException e) {
        throw new Unreadable(
            content.value().place(),
            "what is no public key (" + e.getMessage() + ")",
            "SubjectPublicKeyInfo or PKCS#1, PEM or DER");
      }
    }
    return all;
  }

  private List<Content> contents(SwanctlKeys keys, String key, String subfolder) throws Unreadable {
    List<Content> all = new ArrayList<>();
    for (Value value : keys.values(key)) {
      if (folder.isEmpty()) {
        // What is no UTF-8 came as ISO 8859-1, an octet a character.
        byte[] octets = value.text().getBytes(StandardCharsets.ISO_8859_1);
        all.add(new Content(value, Bytes.of(octets)));
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
    return read(file(file.get(), folder.orElse(Path.of("/"))));
  }

  private static Content file(Value name, Path from) throws Unreadable {
    Path file = name.path(from);
    try {
      return new Content(name, Bytes.of(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new Unreadable(
          name.place(),
          name.quoted() + " (" + file + " cannot be read)",
          "a file that can be read");
    }
  }

  private static List<X509Certificate> read(Content content) throws Unreadable {
    try {
      List<X509Certificate> found = Certificates.ofFile(content.octets().toArray());
      if (!found.isEmpty()) {
        return found;
      }
    } catch (CertificateException e) {
      // Said below, as it is of a file that has none.
    }
    throw new Unreadable(content.value().place(), "what is no certificate", EXPECTED);
  }
}
