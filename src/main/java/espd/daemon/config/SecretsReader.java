package espd.daemon.config;

import espd.ike.Identity;
import espd.spd.KeyMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Reads `ipsec.secrets`: `[id …] : PSK value`, continued by indented lines; with EAP instead for a
/// password, NTLM for the hash of one, PPKS for a postquantum preshared key. The file is octets all
/// the way, wiped after reading; no message repeats what may be a secret.
final class SecretsReader {

  private static final Set<String> OTHER_TYPES = Set.of("BLISS", "PIN", "XAUTH");

  private static final Set<String> KEYS = Set.of("RSA", "ECDSA", "PKCS8", "PRIV", "P12");

  private static final Set<String> TYPES = Set.of("PSK", "EAP", "NTLM", "PPK", "PPKS");

  private static final String ENTRY = "[id …] : PSK \"secret\"";

  private final Findings findings;
  private final KeychainReader keychain;
  private final List<SharedSecret> entries = new ArrayList<>();

  SecretsReader(Findings findings, KeychainReader keychain) {
    this.findings = findings;
    this.keychain = keychain;
  }

  /// {@return all that was read}
  Secrets secrets() {
    return new Secrets(entries, keychain.keychain());
  }

  /// Adds one that stands elsewhere.
  void add(SharedSecret secret) {
    entries.add(secret);
  }

  /// Reads a file's octets, which are wiped.
  void read(Path file, byte[] octets) {
    read(new SecretsLexer(file, octets), 0);
  }

  private void read(SecretsLexer lexer, int depth) {
    try {
      requirePrivate(lexer.file());
      while (lexer.nextRecord()) {
        try {
          record(lexer, depth);
        } catch (Unreadable e) {
          findings.problem(e);
        }
      }
    } finally {
      lexer.wipe();
    }
  }

  /// Everybody may read no file that secrets stand in.
  void requirePrivate(Path file) {
    PrivateFile.require(file, findings);
  }

  private void record(SecretsLexer lexer, int depth) throws Unreadable {
    List<Value> names = new ArrayList<>();
    Optional<SecretsLexer.Word> word = lexer.nextWord();
    while (word.isPresent() && !lexer.isColon(word.get())) {
      names.add(lexer.text(word.get()));
      word = lexer.nextWord();
    }
    if (!names.isEmpty() && names.getFirst().text().equals("include")) {
      include(lexer, names, depth);
      return;
    }
    if (word.isEmpty()) {
      throw new Unreadable(lexer.recordPlace(), "an entry without a colon", ENTRY);
    }
    List<Optional<Identity>> ids = new ArrayList<>();
    for (Value name : names) {
      id(name).ifPresent(ids::add);
    }
    if (ids.isEmpty() && !names.isEmpty()) {
      return;
    }
    secret(lexer, ids);
  }

  /// {@return whom a name stands for: nothing in it for anybody; nothing at all when nobody here
  /// can have that name}
  private Optional<Optional<Identity>> id(Value name) throws Unreadable {
    if (SharedSecret.isAnybody(name)) {
      return Optional.of(Optional.empty());
    }
    return Optional.of(Optional.of(Identities.read(name)));
  }

  private void secret(SecretsLexer lexer, List<Optional<Identity>> ids) throws Unreadable {
    Optional<SecretsLexer.Word> type = lexer.nextWord();
    if (type.isEmpty()) {
      throw new Unreadable(lexer.recordPlace(), "nothing after the colon", ENTRY);
    }
    Optional<SecretsLexer.Word> value = type;
    String use = "PSK";
    if (!type.get().quoted()) {
      String name = lexer.text(type.get()).text().toUpperCase(Locale.ROOT);
      if (OTHER_TYPES.contains(name)) {
        findings.warn(lexer.place(type.get().from()), name + " is not supported yet; not used");
        return;
      }
      if (KEYS.contains(name)) {
        key(lexer, name.equals("P12") ? PrivateKeyForm.CONTAINER : PrivateKeyForm.KEY);
        return;
      }
      if (!TYPES.contains(name)) {
        throw new Unreadable(
            lexer.place(type.get().from()),
            "a word that is no type of secret",
            "PSK, EAP, NTLM or PPKS");
      }
      use = name;
      value = lexer.nextWord();
    }
    if (value.isEmpty()) {
      throw new Unreadable(lexer.recordPlace(), use + " without a secret", ENTRY);
    }
    KeyMaterial secret = lexer.secret(value.get());
    Optional<SecretsLexer.Word> more = lexer.nextWord();
    if (more.isPresent()) {
      secret.close();
      throw new Unreadable(
          lexer.place(more.get().from()),
          "more after the secret",
          "the end of the line, or quotes around all of the secret");
    }
    entries.add(SharedSecret.of(kind(use), ids, secret));
  }

  private static SharedSecret.Kind kind(String type) {
    return switch (type) {
      case "EAP" -> SharedSecret.Kind.EAP;
      case "NTLM" -> SharedSecret.Kind.NTLM;
      case "PPKS", "PPK" -> SharedSecret.Kind.PPK;
      default -> SharedSecret.Kind.PSK;
    };
  }

  /// `: RSA FILE ["passphrase"]`
  private void key(SecretsLexer lexer, PrivateKeyForm form) throws Unreadable {
    Optional<SecretsLexer.Word> file = lexer.nextWord();
    if (file.isEmpty()) {
      throw new Unreadable(lexer.recordPlace(), "no file with the key", form.entry());
    }
    Value name = lexer.text(file.get());
    if (name.text().equals("{")) {
      keychain.key(RsaBlock.read(lexer));
      return;
    }
    Optional<SecretsLexer.Word> word = lexer.nextWord();
    if (word.isEmpty()) {
      key(name, form, Optional.empty());
      return;
    }
    try (KeyMaterial passphrase = lexer.secret(word.get())) {
      key(name, form, Optional.of(passphrase));
    }
  }

  private void key(Value name, PrivateKeyForm form, Optional<KeyMaterial> passphrase)
      throws Unreadable {
    Path file = KeychainReader.keyFile(name);
    requirePrivate(file);
    try {
      keychain.read(form, file, passphrase);
    } catch (IOException e) {
      throw new Unreadable(
          name.place(), name.quoted() + " (" + file + " cannot be read)", form.toString());
    } catch (GeneralSecurityException e) {
      throw new Unreadable(
          name.place(), name.quoted() + " (" + e.getMessage() + ")", form.toString());
    }
  }

  private void include(SecretsLexer lexer, List<Value> names, int depth) throws Unreadable {
    if (names.size() != 2) {
      throw new Unreadable(names.getFirst(), "include and one file");
    }
    Value pattern = names.get(1);
    if (depth >= Includes.DEPTH) {
      throw new Unreadable(pattern, "no more than " + Includes.DEPTH + " files deep");
    }
    List<Path> files = Includes.expand(lexer.file(), pattern);
    if (files.isEmpty()) {
      findings.warn(pattern.place(), "no file to include: " + pattern.text());
    }
    for (Path file : files) {
      try {
        read(new SecretsLexer(file, Files.readAllBytes(file)), depth + 1);
      } catch (IOException e) {
        findings.warn(pattern.place(), "cannot include " + file + ": " + e.getMessage());
      }
    }
  }
}
