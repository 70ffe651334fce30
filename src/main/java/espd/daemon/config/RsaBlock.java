package espd.daemon.config;

import espd.spd.KeyMaterial;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A private RSA key that stands in `ipsec.secrets` itself, as FreeS/WAN and its heirs write it: `:
/// RSA {`, a line for each number (RFC 8017 §3.2), `}`.
final class RsaBlock {

  private static final String EXAMPLE =
      "Modulus: 0x… and the seven other numbers of the key, then }";

  private enum Field {
    MODULUS,
    PUBLICEXPONENT,
    PRIVATEEXPONENT,
    PRIME1,
    PRIME2,
    EXPONENT1,
    EXPONENT2,
    COEFFICIENT
  }

  private RsaBlock() {}

  /// {@return the key whose numbers follow}
  ///
  /// @param lexer behind the `{`
  static KeyPair read(SecretsLexer lexer) throws Unreadable {
    Map<Field, BigInteger> fields = new EnumMap<>(Field.class);
    Optional<SecretsLexer.Word> word = lexer.nextWord();
    while (word.isPresent() && !lexer.text(word.get()).text().equals("}")) {
      Value name = lexer.text(word.get());
      Optional<SecretsLexer.Word> number = lexer.nextWord();
      if (number.isEmpty()) {
        throw new Unreadable(name.place(), "the last name without a number", EXAMPLE);
      }
      fields.put(field(name), number(lexer, number.get()));
      word = lexer.nextWord();
    }
    List<String> missing = new ArrayList<>();
    for (Field field : Field.values()) {
      if (!fields.containsKey(field)) {
        missing.add(field.name().toLowerCase(Locale.ROOT));
      }
    }
    if (!missing.isEmpty()) {
      String read = "an RSA key without " + String.join(", ", missing);
      throw new Unreadable(lexer.recordPlace(), read, EXAMPLE);
    }
    try {
      return pair(name -> Optional.ofNullable(fields.get(name)).orElse(BigInteger.ZERO));
    } catch (GeneralSecurityException e) {
      throw new Unreadable(lexer.recordPlace(), "numbers that are no RSA key", EXAMPLE);
    }
  }

  private static Field field(Value name) throws Unreadable {
    for (Field field : Field.values()) {
      if (name.text().equalsIgnoreCase(field + ":")) {
        return field;
      }
    }
    // What stands where a name should may be a number of the key.
    throw new Unreadable(name.place(), "a word that names no number of an RSA key", EXAMPLE);
  }

  private static BigInteger number(SecretsLexer lexer, SecretsLexer.Word word) throws Unreadable {
    int digits = Math.min(word.from() + 2, word.to());
    Value start = lexer.text(new SecretsLexer.Word(word.from(), digits, false));
    if (!start.lower().equals("0x")) {
      throw new Unreadable(start.place(), "a number without 0x", EXAMPLE);
    }
    try (KeyMaterial octets = lexer.secret(word)) {
      return octets.use(magnitude -> new BigInteger(1, magnitude));
    }
  }

  private static KeyPair pair(Function<Field, BigInteger> fields) throws GeneralSecurityException {
    BigInteger modulus = fields.apply(Field.MODULUS);
    BigInteger publicExponent = fields.apply(Field.PUBLICEXPONENT);
    if (!fields.apply(Field.PRIME1).multiply(fields.apply(Field.PRIME2)).equals(modulus)) {
      throw new GeneralSecurityException("the modulus is not the product of the primes");
    }
    KeyFactory rsa = KeyFactory.getInstance("RSA");
    return new KeyPair(
        rsa.generatePublic(new RSAPublicKeySpec(modulus, publicExponent)),
        rsa.generatePrivate(
            new RSAPrivateCrtKeySpec(
                modulus,
                publicExponent,
                fields.apply(Field.PRIVATEEXPONENT),
                fields.apply(Field.PRIME1),
                fields.apply(Field.PRIME2),
                fields.apply(Field.EXPONENT1),
                fields.apply(Field.EXPONENT2),
                fields.apply(Field.COEFFICIENT))));
  }
}
