package espd.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Identity;
import espd.ike.message.Bytes;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsReaderTest {

  private static final HostView HOST = HostView.of(Ipv6Address.parse("2001:db8::1"));

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          2001:db8::1 | 2001:db8::2 | both
          2001:db8::2 | 2001:db8::1 | both
          2001:db8::1 | 2001:db8::3 | here and any
          2001:db8::9 | 2001:db8::3 | all
          2001:db8::9 | @peer       | one
          @me         | user@host   | named
          user@host   | @me         | named
          @me         | @else       | all
          @#0aff      | @x          | key id
          """)
  void takesTheMostSpecificSecret(String local, String remote, String secret) throws Exception {
    Configuration read =
        read(
            """
            : PSK "all"
            2001:db8::1 2001:db8::2 : PSK "both"
            2001:db8::1 %any : PSK "here and any"
            @peer : PSK "one"   # a comment
            # a line of comment
            user@host
              @me
              : PSK 'named'
            @#0aff @x : PSK "key id"
            """);
    assertEquals(
        secret,
        read.credentials()
            .preSharedKey(identity(local), identity(remote))
            .orElseThrow()
            .use(octets -> new String(octets, StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          PSK "with # and 'quotes'"   | with # and 'quotes'
          PSK '"'                     | "
          psk 0x6162                  | ab
          PSK 0sYWJj                  | abc
          PSK 0tabc                   | abc
          PSK bare                    | bare
          "without type"              | without type
          PSK "0x61"                  | 0x61
          """)
  void readsEveryWritingOfASecret(String value, String secret) throws Exception {
    assertEquals(
        secret,
        read(": " + value + "\n")
            .credentials()
            .preSharedKey(identity("@a"), identity("@b"))
            .orElseThrow()
            .use(octets -> new String(octets, StandardCharsets.UTF_8)));
  }

  /// As in ipsec.conf and at the peer: an identity is text in UTF-8 (RFC 7296 §3.5).
  @Test
  void namesAreInUtf8OrIso88591() throws Exception {
    String text = "@zürich.example @b : PSK \"secret\"\nmüller : EAP \"word\"\n";
    for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1)) {
      Path file = file("");
      Files.writeString(file, text, charset);
      Secrets secrets = Configuration.read(List.of(file), HOST).credentials();
      assertTrue(secrets.preSharedKey(identity("@zürich.example"), identity("@b")).isPresent());
      assertTrue(secrets.passwordHash(eap("müller")).isPresent());
    }
  }

  @Test
  void givesNoSecretToStrangers() throws Exception {
    Configuration read = read("@a @b : PSK \"secret\"\n");
    assertTrue(read.credentials().preSharedKey(identity("@a"), identity("@c")).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a b                    | 1:1  | an entry without a colon      | [id …] : PSK "secret"
          : PSK                  | 1:1  | PSK without a secret          | [id …] : PSK "secret"
          a :                    | 1:1  | nothing after the colon       | [id …] : PSK "secret"
          : verysecret           | 1:3  | a word that is no type of secret | PSK, EAP, NTLM or PPKS
          : PSK "verysecret      | 1:7  | a quotation without end       | the same quote on its line
          : PSK ""               | 1:8  | an empty secret               | at least one octet
          : PSK 0xverysecret     | 1:7  | 0x and what is no hexadecimal | an even number of digits after 0x
          : PSK 0x123            | 1:7  | 0x and what is no hexadecimal | an even number of digits after 0x
          : PSK 0sverysecret*    | 1:7  | 0s and what is no base64      | base64 after 0s
          : PSK very secret      | 1:12 | more after the secret         | the end of the line, or quotes around all of the secret
          @#1 : PSK "x"          | 1:1  | "@#1"                         | @# and an even number of hexadecimal digits
          include a b            | 1:1  | "include"                     | include and one file
          """)
  void saysWhatIsWrongWithoutTheSecret(String text, String place, String read, String expected)
      throws IOException {
    Path file = file(text + "\n");
    ConfigException refused = refusal(file);
    assertEquals(
        file + ":" + place + ": read " + read + ", expected " + expected, refused.getMessage());
    assertFalse(String.valueOf(refused.getMessage()).contains("verysecret"));
  }

  @Test
  void warnsAboutSecretsOfOtherKinds() throws Exception {
    Configuration read =
        read(
            """
            : PIN %smartcard1:45 1234
            user : EAP "secret"
            "C=CH, O=x" : PSK "secret"
            @a @b : PSK "good"
            """);
    assertEquals(
        List.of("PIN is not supported yet; not used"),
        read.warnings().stream().map(Warning::text).toList());
    assertTrue(read.credentials().preSharedKey(identity("@a"), identity("@b")).isPresent());
    assertTrue(read.credentials().preSharedKey(identity("@a"), identity("@c")).isEmpty());
  }

  /// The layout of FreeS/WAN's ipsec_rsasigkey(8), with its comments.
  private static String block(RSAPrivateCrtKey key) {
    return """
    : RSA   {
            # RSA 1024 bits   east   Sat Jan  1 20:30:15 2005
            # for signatures only, UNSAFE FOR ENCRYPTION
            Modulus: 0x%s
            PublicExponent: 0x%s
            # everything after this point is secret
            PrivateExponent: 0x%s
            Prime1: 0x%s
            Prime2: 0x%s
            Exponent1: 0x%s
            Exponent2: 0x%s
            Coefficient: 0x%s
            }
    # do not change the indenting of that "}"
    @a @b : PSK "good"
    """
        .formatted(
            Stream.of(
                    key.getModulus(),
                    key.getPublicExponent(),
                    key.getPrivateExponent(),
                    key.getPrimeP(),
                    key.getPrimeQ(),
                    key.getPrimeExponentP(),
                    key.getPrimeExponentQ(),
                    key.getCrtCoefficient())
                .map(number -> HexFormat.of().formatHex(number.toByteArray()))
                .toArray());
  }

  @Test
  void readsPrivateKeysThatStandInTheFileItself() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    KeyPair pair = generator.generateKeyPair();
    String text = block((RSAPrivateCrtKey) pair.getPrivate());
    Configuration read = read(text);
    PrivateKey key = read.credentials().keychain().keys().get(pair.getPublic());
    assertEquals(pair.getPrivate(), key);
    assertTrue(read.credentials().preSharedKey(identity("@a"), identity("@b")).isPresent());
    byte[] encoded = Objects.requireNonNull(pair.getPrivate().getEncoded());
    for (String broken :
        List.of(
            text.replaceFirst("Prime1: 0x..", "Prime1: 0x11"),
            text.replaceFirst("Prime2:.*", ""),
            text.replace("Exponent1", "Exponent3"),
            text.replaceFirst("Coefficient: 0x.*", "Coefficient:"))) {
      String said = String.valueOf(refusal(file(broken)).getMessage());
      assertTrue(said.endsWith("and the seven other numbers of the key, then }"), said);
      assertFalse(said.contains(HexFormat.of().formatHex(encoded).substring(80, 90)));
    }
  }

  @Test
  void readsPasswordsAndPostquantumKeys() throws Exception {
    Configuration read =
        read(
            """
            carol "dave@example.org" : EAP "clientPass"
            erin : NTLM 0x44ebba8d5312b8d611474411f56989ae
            @moon-sun : PPKS 0x0102
            : EAP "for all others"
            """);
    Secrets secrets = read.credentials();
    Bytes hash = Bytes.ofHex("44EBBA8D5312B8D611474411F56989AE"); // RFC 2759 §9.2
    for (String name : List.of("carol", "dave@example.org", "erin")) {
      assertEquals(hash, octets(secrets.passwordHash(eap(name))), name);
    }
    assertNotEquals(hash, octets(secrets.passwordHash(eap("mallory"))));
    assertEquals(Bytes.ofHex("0102"), octets(secrets.ppk(eap("moon-sun"))));
    assertTrue(secrets.ppk(eap("carol")).isEmpty());
    assertTrue(secrets.preSharedKey(identity("carol"), identity("@b")).isEmpty());
  }

  private static Bytes eap(String name) {
    return espd.ike.eap.Identities.octets(name);
  }

  private static Bytes octets(Optional<KeyMaterial> secret) {
    return secret.orElseThrow().use(octets -> Bytes.of(octets));
  }

  @Test
  void refusesAFileThatEverybodyMayRead() throws IOException {
    Path file = file(": PSK \"verysecret\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertEquals(
        file
            + ": read secrets that everybody may read (rw-r--r--), expected a private file: chmod"
            + " 600 "
            + file,
        refusal(file).getMessage());
  }

  @Test
  void includesFiles() throws Exception {
    Path included = Files.writeString(folder.resolve("more.inc"), "@a @b : PSK \"there\"\n");
    Files.setPosixFilePermissions(included, PosixFilePermissions.fromString("rw-------"));
    Configuration read = read("include *.inc\ninclude nothing/*.inc\n");
    assertTrue(read.credentials().preSharedKey(identity("@a"), identity("@b")).isPresent());
    assertEquals("no file to include: nothing/*.inc", read.warnings().getFirst().text());
  }

  @Test
  void knowsAFileOfSecretsByItsContent() throws Exception {
    Path file = Files.writeString(folder.resolve("keys"), "# text\n@a @b : PSK \"secret\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Configuration read = Configuration.read(List.of(file), HOST);
    assertTrue(read.credentials().preSharedKey(identity("@a"), identity("@b")).isPresent());
  }

  @Test
  void neverRaisesAnythingElse() throws IOException {
    Random random = new Random(3);
    byte[] all =
        "@a 2001:db8::1 : PSK \"secret\" # c\n : PSK 0x61\ninclude x\n"
            .getBytes(StandardCharsets.US_ASCII);
    byte[] alphabet = ":\"'#0xs \n\t@%=}{\r\u0000".getBytes(StandardCharsets.US_ASCII);
    Path file = file("");
    for (int i = 0; i < 3_000; i++) {
      byte[] octets = all.clone();
      for (int j = 0; j < 1 + random.nextInt(6); j++) {
        octets[random.nextInt(octets.length)] = alphabet[random.nextInt(alphabet.length)];
      }
      if (i % 3 == 0) {
        random.nextBytes(octets);
      }
      Files.write(file, octets);
      try {
        Configuration.read(List.of(file), HOST);
      } catch (ConfigException expected) {
        assertFalse(expected.problems().isEmpty());
      }
    }
  }

  private Configuration read(String text) throws Exception {
    return Configuration.read(List.of(file(text)), HOST);
  }

  private static ConfigException refusal(Path file) {
    return assertThrows(ConfigException.class, () -> Configuration.read(List.of(file), HOST));
  }

  private Path file(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("ipsec.secrets"), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private static Identity identity(String text) {
    if (text.startsWith("@#")) {
      return Identity.ofKeyId(HexFormat.of().parseHex(text.substring(2)));
    }
    return text.indexOf(':') >= 0
        ? Identity.of(Ipv6Address.parse(text))
        : Identity.ofName(text.startsWith("@") ? text.substring(1) : text);
  }
}
