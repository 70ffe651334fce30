package espd.daemon.setkey;

import espd.daemon.setkey.Statement.Keying;
import espd.daemon.setkey.Token.Kind;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.KeyMaterial;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// `-E CIPHER KEY -A ALGORITHM KEY`, or what AH and IPComp have in its place.
final class KeyingParser {

  private static final String CIPHERS =
      Arrays.stream(Encryption.values())
          .map(Encryption::setkeyName)
          .collect(Collectors.joining(", "));
  private static final String AUTHENTICATORS =
      Arrays.stream(Integrity.values())
          .map(Integrity::setkeyName)
          .collect(Collectors.joining(", "));

  private final Tokens tokens;

  KeyingParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /// An algorithm with its key; where we do not have it, no algorithm.
  private record Keyed<A>(Token name, Optional<A> algorithm, KeyMaterial key) {}

  /// {@return algorithms and keys; nothing, and the reason noted, where they are none for ESP}
  ///
  /// @throws SetkeyException when they cannot be read; keys are wiped then
  Optional<Keying> read(Protocol protocol) throws SetkeyException {
    Token first = tokens.peek();
    if (tokens.takeFlag("-C")) {
      compression(first);
      return Optional.empty();
    }
    if (tokens.takeFlag("-A")) {
      authentication().key.close();
      tokens.unsupported(first, KernelError.INVALID_ARGUMENT, "-E and a cipher before -A");
      return Optional.empty();
    }
    if (!tokens.takeFlag("-E")) {
      throw tokens.syntax(first, "-E, then one of " + CIPHERS);
    }
    Keyed<Encryption> cipher = cipher();
    try {
      Optional<Keyed<Integrity>> authentication =
          tokens.takeFlag("-A") ? Optional.of(authentication()) : Optional.empty();
      return keying(cipher, authentication);
    } catch (SetkeyException e) {
      cipher.key.close();
      throw e;
    }
  }

  private Optional<Keying> keying(
      Keyed<Encryption> cipher, Optional<Keyed<Integrity>> authentication) {
    Integrity integrity = authentication.flatMap(Keyed::algorithm).orElse(Integrity.NONE);
    KeyMaterial integrityKey = authentication.map(Keyed::key).orElseGet(KeyMaterial::none);
    Encryption encryption = cipher.algorithm.orElseThrow();
    Token place = authentication.map(Keyed::name).orElse(cipher.name);
    if (encryption.isAead() != (integrity == Integrity.NONE)) {
      tokens.unsupported(
          place,
          KernelError.INVALID_ARGUMENT,
          encryption.isAead()
              ? "no -A, for this cipher authenticates by itself"
              : "-A and an algorithm: ESP without integrity protects nothing (RFC 8221 §4)");
      cipher.key.close();
      integrityKey.close();
      return Optional.empty();
    }
    int keyBits = 8 * (cipher.key.length() - encryption.saltOctets());
    return Optional.of(
        new Keying(new EspSuite(encryption, keyBits, integrity), cipher.key, integrityKey));
  }

  private void compression(Token flag) throws SetkeyException {
    Token word = tokens.expect(Kind.RESERVED, "deflate");
    if (!tokens.text(word).matches("oui|deflate|lzs")) {
      throw tokens.syntax(word, "deflate");
    }
    tokens.takeFlag("-R");
    tokens.unsupported(
        flag, KernelError.PROTOCOL_NOT_SUPPORTED, "-E and a cipher: compression has no SA by hand");
  }

  private Keyed<Encryption> cipher() throws SetkeyException {
    String expected = "one of " + CIPHERS;
    Token word = tokens.expect(Kind.ALGORITHM, expected);
    String name = tokens.text(word);
    Optional<Encryption> encryption = Algorithms.encryption(name);
    if (encryption.isPresent() && encryption.get() == Encryption.NULL) {
      return new Keyed<>(word, encryption, KeyMaterial.none());
    }
    Token token = tokens.peek();
    KeyMaterial key = key();
    if (encryption.isEmpty()) {
      key.close();
      throw unsupported(word, token, expected);
    }
    int bits = 8 * (key.length() - encryption.get().saltOctets());
    if (!encryption.get().allowsKeyBits(bits)) {
      key.close();
      throw keyLength(token, name, lengths(encryption.get()));
    }
    return new Keyed<>(word, encryption, key);
  }

  private Keyed<Integrity> authentication() throws SetkeyException {
    String expected = "one of " + AUTHENTICATORS;
    Token word = tokens.expect(Kind.ALGORITHM, expected);
    String name = tokens.text(word);
    Optional<Integrity> integrity = Algorithms.authentication(name);
    if (integrity.isPresent() && integrity.get() == Integrity.NONE) {
      return new Keyed<>(word, integrity, KeyMaterial.none());
    }
    Token token = tokens.peek();
    KeyMaterial key = key();
    if (integrity.isEmpty()) {
      key.close();
      throw unsupported(word, token, expected);
    }
    if (key.length() != integrity.get().keyOctets()) {
      key.close();
      throw keyLength(token, name, "" + 8 * integrity.get().keyOctets());
    }
    return new Keyed<>(word, integrity, key);
  }

  private static String lengths(Encryption encryption) {
    int salt = 8 * encryption.saltOctets();
    return encryption.hasKeyLengths()
        ? (128 + salt) + ", " + (192 + salt) + " or " + (256 + salt)
        : "" + (encryption.fixedKeyBits() + salt);
  }

  /// setkey names the key; people want to know the algorithm.
  private SetkeyException unsupported(Token algorithm, Token key, String expected) {
    Fault named = tokens.fault(algorithm, "Not supported", expected).fault();
    String token = tokens.fault(key, "", "").fault().token();
    return new SetkeyException(
        new Fault(
            named.line(),
            named.column(),
            named.setkeyLine(),
            named.message(),
            token,
            named.read(),
            expected));
  }

  private SetkeyException keyLength(Token key, String algorithm, String bits) {
    Fault fault = tokens.fault(key, "Invalid key length", "").fault();
    String expected = "a key of %s bits for %s".formatted(bits, algorithm);
    return new SetkeyException(
        new Fault(
            fault.line(),
            fault.column(),
            fault.setkeyLine(),
            fault.message(),
            "…",
            "a key of " + 8 * octets(key) + " bits",
            expected));
  }

  private static int octets(Token key) {
    int length = key.to() - key.from() - 2;
    return key.kind() == Kind.QUOTED ? length : (length + 1) / 2;
  }

  private KeyMaterial key() throws SetkeyException {
    Token token = tokens.take();
    if (token.kind() != Kind.QUOTED && token.kind() != Kind.HEX) {
      throw tokens.syntax(token, "a key: \"…\", or 0x and hexadecimal digits");
    }
    byte[] key = new byte[octets(token)];
    if (token.kind() == Kind.QUOTED) {
      for (int i = 0; i < key.length; i++) {
        key[i] = tokens.octet(token.from() + 1 + i);
      }
    } else {
      // An odd digit stands alone in the first octet.
      int padding = key.length * 2 - (token.to() - token.from() - 2);
      for (int at = token.from() + 2, i = padding; at < token.to(); at++, i++) {
        key[i / 2] = (byte) (key[i / 2] << 4 | Character.digit(tokens.octet(at), 16));
      }
    }
    try {
      return KeyMaterial.copyOf(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }
}
