package espd.daemon.config;

import espd.daemon.config.SwanctlFile.Section;
import espd.daemon.config.SwanctlFile.Text;
import espd.ike.Identity;
import espd.spd.KeyMaterial;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The `secrets` of a `swanctl.conf`, and the private keys in the folders `private`, `rsa`,
/// `ecdsa`, `pkcs8` and `pkcs12` beside it, of which those that are encrypted have their
/// passphrases there.
final class SwanctlSecrets {

  private static final Pattern KIND =
      Pattern.compile("(ike|eap|ntlm|ppk|private|rsa|ecdsa|pkcs8|pkcs12|token|xauth).*");

  private final Path folder;
  private final SecretsReader reader;
  private final KeychainReader keychain;
  private final Findings findings;
  private final Map<Path, Text> passphrases = new LinkedHashMap<>();

  /// @param folder that the file is in
  /// @param reader that secrets are put into
  /// @param keychain that private keys are put into
  SwanctlSecrets(Path folder, SecretsReader reader, KeychainReader keychain, Findings findings) {
    this.folder = folder;
    this.reader = reader;
    this.keychain = keychain;
    this.findings = findings;
  }

  /// Reads them.
  void read(Section secrets) {
    for (Section section : secrets.sections().values()) {
      try {
        secret(section);
      } catch (Unreadable e) {
        findings.problem(e);
      }
    }
    for (String kind : List.of("private", "rsa", "ecdsa", "pkcs8", "pkcs12")) {
      for (Path file : KeychainReader.files(folder.resolve(kind))) {
        key(file, kind.equals("pkcs12") ? PrivateKeyForm.CONTAINER : PrivateKeyForm.KEY);
      }
    }
    passphrases.forEach(
        (file, text) ->
            findings.problem(
                text.source().place(text.offsets()[0]),
                "a passphrase for " + file + ", which is not there",
                "the name of a file in that folder"));
  }

  private void secret(Section section) throws Unreadable {
    Matcher named = KIND.matcher(section.name().text());
    String kind = named.matches() ? named.group(1) : "";
    switch (kind) {
      case "ike" -> shared(section, SharedSecret.Kind.PSK);
      case "eap" -> shared(section, SharedSecret.Kind.EAP);
      case "ntlm" -> shared(section, SharedSecret.Kind.NTLM);
      case "ppk" -> shared(section, SharedSecret.Kind.PPK);
      case "private", "rsa", "ecdsa", "pkcs8", "pkcs12" -> passphrase(section, kind);
      default ->
          findings.warn(
              section.name().place(), "secret " + section.name() + " is not supported; not used");
    }
  }

  private void shared(Section section, SharedSecret.Kind kind) throws Unreadable {
    List<Optional<Identity>> ids = new ArrayList<>();
    for (Value key : section.keys()) {
      if (key.text().startsWith("id")) {
        Optional<Text> id = section.text(key.text());
        if (id.isPresent()) {
          ids.add(SharedSecret.owner(id.get().value()));
        }
      } else if (!key.text().equals("secret")) {
        throw new Unreadable(key, "secret or id");
      }
    }
    Text secret = secretOf(section);
    reader.requirePrivate(secret.source().file());
    reader.add(SharedSecret.of(kind, ids, secret.secret()));
  }

  private static Text secretOf(Section section) throws Unreadable {
    return section
        .text("secret")
        .orElseThrow(
            () ->
                new Unreadable(
                    section.name().place(),
                    "secret " + section.name() + " without one",
                    "secret = \"…\" in it"));
  }

  private void passphrase(Section section, String kind) throws Unreadable {
    for (Value key : section.keys()) {
      if (!key.text().equals("file") && !key.text().equals("secret")) {
        throw new Unreadable(key, "file or secret");
      }
    }
    Optional<Text> file = section.text("file");
    if (file.isEmpty()) {
      throw new Unreadable(
          section.name().place(), "secret " + section.name() + " without a file", "file = FILE");
    }
    Text secret = secretOf(section);
    reader.requirePrivate(secret.source().file());
    passphrases.put(file.get().value().path(folder.resolve(kind)), secret);
  }

  private void key(Path file, PrivateKeyForm form) {
    reader.requirePrivate(file);
    Optional<Text> passphrase = Optional.ofNullable(passphrases.remove(file));
    try (KeyMaterial secret = KeyMaterial.copyOf(passphrase.map(Text::octets).orElse(NOTHING))) {
      keychain.read(form, file, passphrase.map(text -> secret));
    } catch (IOException e) {
      findings.warn(Place.of(file), "cannot be read: " + e.getMessage() + "; not used");
    } catch (GeneralSecurityException e) {
      findings.warn(Place.of(file), e.getMessage() + "; not used");
    }
  }

  private static final byte[] NOTHING = {};
}
