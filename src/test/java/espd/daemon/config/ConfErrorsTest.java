package espd.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfErrorsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          foo=bar             | 1:1  | "foo" at the line's start    | blanks before it
          conn                | 1:1  | "conn" and nothing more      | one name after conn
          conn a b            | 1:8  | "b"                          | the end of the line: one name after conn
          config set          | 1:8  | "set"                        | config setup
          nonsense            | 1:1  | "nonsense"                   | version, config setup, conn NAME, ca NAME or include FILE
          ` left=::1`         | 1:2  | "left"                       | config setup or conn NAME before the first key
          include             | 1:1  | "include" and nothing more   | a file after include
          ` conn x`           | 1:2  | "conn"                       | key=value in a section, or a section at the line's start
          """)
  void saysWhereALineIsNoLine(String text, String place, String read, String expected)
      throws IOException {
    assertEquals(read + ", expected " + expected, only(text + "\n", place));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          rigth=2001:db8::1     | 7:3  | "rigth"         | a key of ipsec.conf, as right
          foo bar=1             | 7:7  | "bar"           | = after the key "foo"
          leftid="open          | 7:10 | a quotation without end | " at its end
          leftsubnet={::/0      | 7:14 | { without }     | } on the same line
          also=nobody           | 7:8  | "nobody"        | the name of a conn
          also=x                | 7:8  | "x"             | a conn that does not take this one over
          left=fe80::1          | 7:8  | left=fe80::1 and right=2001:db8:2:2::2 | an address of this host at one of them
          right=10.1.1.1        | 7:9  | "10.1.1.1"      | an IPv6 address, %any or %defaultroute (IPv4 is not supported)
          right=host.example    | 7:9  | "host.example"  | an IPv6 address, %any or %defaultroute
          leftid=%fromcert      | 7:10 | "%fromcert"     | an identity: an IPv6 address, @fqdn, user@fqdn or @#hex
          leftid="C=CH, Q=x"    | 7:11 | "C=CH, Q=x"     | a distinguished name, as C=CH, O=strongSwan, CN=moon
          leftid=@#abc          | 7:10 | "@#abc"         | @# and an even number of hexadecimal digits
          leftsubnet=10.0.0.0/33 | 7:14 | "10.0.0.0/33"  | a prefix, as 2001:db8:1::/48 or 10.1.0.0/24
          leftsubnet=::/0,x/1   | 7:19 | "x/1"           | a prefix, as 2001:db8:1::/48 or 10.1.0.0/24
          leftsubnet=::/0[tcp   | 7:14 | "::/0[tcp"      | PREFIX[PROTOCOL/PORT]
          leftprotoport=foo/1   | 7:17 | "foo"           | a protocol: tcp, udp, ipv6-icmp, … or 0 to 255
          leftprotoport=tcp/99999 | 7:21 | "99999"       | a port from 0 to 65535, or a range as 1024-2047
          leftprotoport=tcp/http | 7:21 | "http"         | a port from 0 to 65535, a range as 1024-2047, or any
          """)
  void saysWhereAnEndIsWrong(String line, String place, String read, String expected)
      throws IOException {
    assertEquals(
        read + ", expected " + expected, only(ConfFolder.BASE + "  " + line + "\n", place));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          type=beet             | 7:8  | "beet"          | tunnel, transport, passthrough, drop or reject
          auto=maybe            | 7:8  | "maybe"         | add, route, ondemand, start or ignore
          authby=xauthrsasig    | 7:10 | "xauthrsasig"   | secret, pubkey, rsasig or ecdsasig
          leftauth=dsa          | 7:12 | "dsa"           | psk, eap-mschapv2, eap-tls, pubkey, rsa or ecdsa, with hashes as rsa-sha256
          ikev2=never           | 7:9  | ikev2=never against keyexchange=ikev2 | no ikev2= beside keyexchange=
          ikev2=maybe           | 7:9  | "maybe"         | insist, propose, permit or no
          keyexchange=ssh       | 7:15 | "ssh"           | ikev1, ikev2 or ike
          aggrmode=yes          | 7:12 | "yes" (aggressive mode belongs to IKEv1) | aggrmode=no, or keyexchange=ikev1
          lifetime=soon         | 7:12 | "soon"          | a time: a number and s, m, h, d or w, as 3600s or 8h, at most 10 years
          lifetime=5m           | 7:12 | lifetime of 300s | more than 1080s, which margintime= and rekeyfuzz= need before
          lifebytes=1x          | 7:13 | "1x"            | a number up to 2^60, with k, m, g or t for 2^10, 2^20, 2^30 or 2^40
          lifebytes=9999999t    | 7:13 | "9999999t"      | a number up to 2^60, with k, m, g or t for 2^10, 2^20, 2^30 or 2^40
          marginpackets=-1      | 7:17 | "-1"            | a number up to 2^60, with k, m, g or t for 2^10, 2^20, 2^30 or 2^40
          rekeyfuzz=most        | 7:13 | "most"          | a percentage, as 100%
          rekey=maybe           | 7:9  | "maybe"         | yes or no
          forceencaps=2         | 7:15 | "2"             | yes or no
          fragmentation=maybe   | 7:17 | "maybe"         | yes, accept, force or no
          keyingtries=often     | 7:15 | "often"         | a number of attempts, or 0 for ever
          replay_window=-1      | 7:17 | "-1"            | a number from 0 to 1048576
          tfc=lots              | 7:7  | "lots"          | a packet's length in octets from 0 to 65535, or %mtu
          tfc=65536             | 7:7  | "65536"         | a packet's length in octets from 0 to 65535, or %mtu
          tfc-dummies=100001    | 7:15 | "100001"        | dummy packets per second from 0 to 100000, or no
          compress=lzs          | 7:12 | "lzs"           | yes or no
          encap-dscp=copy       | 7:14 | "copy"          | yes or no
          decap-dscp=af41       | 7:14 | "af41"          | yes or no
          reqid=0               | 7:9  | "0"             | a number from 1 to 999999999
          dpdaction=panic       | 7:13 | "panic"         | none, clear, hold or restart
          pfsgroup=aes          | 7:12 | "aes"           | a group, as modp2048 or ecp256
          """)
  void saysWhereAValueIsWrong(String line, String place, String read, String expected)
      throws IOException {
    assertEquals(
        read + ", expected " + expected, only(ConfFolder.BASE + "  " + line + "\n", place));
  }

  /// The margin grows by `rekeyfuzz=` of itself, 100% where nothing is said.
  @Test
  void saysThatNothingIsLeftBeforeTheMarginOfALimit() throws IOException {
    String text = ConfFolder.BASE + "  marginpackets=500\n  lifepackets=1000\n";
    assertEquals(
        "lifepackets of 1000, expected more than 1000,"
            + " which marginpackets= and rekeyfuzz= need before",
        only(text, "8:15"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          connaddrfamily=ipv4   | 7:18 | connaddrfamily=ipv4 (only IPv6 is supported) | `connaddrfamily=inet6|ipv6|v6`
          leftckaid=0102030     | 7:13 | leftckaid=0102030 (a certificate in leftcert= is what is supported) | no leftckaid=
          xauth=client          | 7:9  | xauth=client (extended authentication of IKEv1 (XAUTH) is not supported) | no xauth=
          ah=sha1               | 7:6  | ah=sha1 (AH is not supported; write esp=) | no ah=
          """)
  void saysWhatIsNotSupported(String line, String place, String read, String expected)
      throws IOException {
    assertEquals(
        read + ", expected " + expected, only(ConfFolder.BASE + "  " + line + "\n", place));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ike=aes999          | 7:7  | "aes999"     | an algorithm, as aes128-sha256-modp2048 or aes128gcm16-prfsha256-ecp256
          ike=aes128-foo      | 7:14 | "foo"        | an algorithm, as aes128-sha256-modp2048 or aes128gcm16-prfsha256-ecp256
          ike=null-sha1       | 7:7  | "null-sha1"  | a cipher, as aes128: IKE is always encrypted
          ike=des-sha1        | 7:7  | "des"        | aes128, aes256, aes128gcm16, aes256gcm16 or chacha20poly1305
          ike=aes128-md5128   | 7:14 | "md5128"     | sha1, sha256, sha384 or sha512
          ike=aes128-sha1-modp768 | 7:19 | "modp768" | modp1024 to modp8192, ecp256, ecp384, ecp521, x25519 or x448
          ike=sha256          | 7:7  | "sha256"     | a cipher first, as aes128 or aes128gcm16
          ike=aes128          | 7:7  | "aes128"     | also a hash, as sha256
          ike=aes128gcm16-ecp256 | 7:7 | "aes128gcm16-ecp256" | also a PRF, as prfsha256
          ike=aes128-sha256-esn | 7:7 | "aes128-sha256-esn" | no esn or noesn in ike=
          ike=aes128-sha256-modpnone | 7:7 | "aes128-sha256-modpnone" | a group: IKE has no exchange without one
          ike=aes128-aes256gcm16-sha256 | 7:7 | "aes128-aes256gcm16-sha256" | two proposals with a comma between: GCM, ChaCha20 and CBC do not mix
          esp=aes128          | 7:7  | "aes128"     | also an integrity algorithm, as sha256 (RFC 8221 §4 forbids to do without)
          esp=aes128-sha1-prfsha1 | 7:7 | "aes128-sha1-prfsha1" | no PRF in esp=
          esp=aes128-sha1,,x  | 7:19 | an empty proposal | algorithms as in aes128-sha256-modp2048
          """)
  void saysWhereAProposalIsWrong(String line, String place, String read, String expected)
      throws IOException {
    assertEquals(
        read + ", expected " + expected, only(ConfFolder.BASE + "  " + line + "\n", place));
  }

  @Test
  void wantsSecretsToBeAskedFor() throws IOException {
    assertEquals(
        "connection x with public keys and no certificate of our own,"
            + " expected leftcert=, leftsigkey= or authby=secret in it",
        only(ConfFolder.BASE + "  authby=\n", "1:6"));
  }

  @Test
  void letsNobodyStartAnUnknownPeer() throws IOException {
    assertEquals(
        "\"start\" though right= may be anybody, expected auto=add, which waits for the peer",
        only(ConfFolder.BASE + "  right=%any\n  auto=start\n", "8:8"));
  }

  @Test
  void protectsTheHostsThemselvesInTransportMode() throws IOException {
    assertEquals(
        "\"::/0\", expected the end itself, as type=transport protects the two hosts only",
        only(ConfFolder.BASE + "  type=transport\n  leftsubnet=::/0\n", "8:14"));
  }

  @Test
  void tellsApartConnectionsByTheirReqids() throws IOException {
    assertEquals(
        "\"7\", expected another reqid than connection x's",
        only(ConfFolder.BASE + "  reqid=7\nconn y\n  also=x\n", "7:9"));
  }

  static Stream<ConfKey> ignoredKeys() {
    return ConfKey.table().stream()
        .filter(key -> key.kind() == ConfFile.Kind.CONN)
        .filter(key -> key.handling().kind() == Handling.Kind.IGNORED);
  }

  @ParameterizedTest
  @MethodSource("ignoredKeys")
  void warnsOnceAboutAKeyThatDoesNothing(ConfKey key) throws Exception {
    Path file =
        Files.writeString(folder.resolve("a.conf"), ConfFolder.BASE + "  " + key.name() + "=1\n");
    List<Warning> warnings =
        Configuration.read(List.of(file), ConfFolder.HOST).warnings().stream()
            .filter(warning -> warning.text().startsWith(key.name() + "= is ignored: "))
            .toList();
    assertEquals(1, warnings.size());
    assertEquals(new Place(file, 7, 3), warnings.getFirst().place());
    assertTrue(warnings.getFirst().text().endsWith(key.handling().why()));
  }

  static Stream<ConfKey> refusedKeys() {
    return ConfKey.table().stream()
        .filter(key -> key.kind() == ConfFile.Kind.CONN)
        .filter(key -> key.handling().kind() == Handling.Kind.REFUSED);
  }

  @ParameterizedTest
  @MethodSource("refusedKeys")
  void refusesAKeyThatWouldMeanSomethingElse(ConfKey key) throws IOException {
    String value =
        only(ConfFolder.BASE + "  " + key.name() + "=1\n", "7:" + (4 + key.name().length()));
    assertTrue(value.startsWith(key.name() + "=1 (" + key.handling().why() + "), expected "));
  }

  @Test
  void saysNothingAboutValuesThatFit() throws Exception {
    StringBuilder text = new StringBuilder(ConfFolder.BASE);
    for (ConfKey key : ConfKey.table()) {
      if (key.kind() == ConfFile.Kind.CONN && !key.handling().fitting().isEmpty()) {
        String value = key.handling().fitting().iterator().next();
        text.append("  ").append(key.name()).append('=').append(value).append('\n');
      }
    }
    Path file = Files.writeString(folder.resolve("a.conf"), text);
    assertEquals(
        List.of(),
        Configuration.read(List.of(file), ConfFolder.HOST).warnings().stream()
            .filter(warning -> !warning.text().startsWith("no secret"))
            .toList());
  }

  @Test
  void ignoresKeysOfPeopleAndSections() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("a.conf"),
            "config setup\n  charondebug=\"ike 2\"\n  x-comment=1\nca z\n  cacert=a.pem\n"
                + ConfFolder.BASE
                + "  x_mine=2\n  keyingtries=1\n  keyingtries=2\n");
    List<String> warnings =
        Configuration.read(List.of(file), ConfFolder.HOST).warnings().stream()
            .map(Warning::text)
            .toList();
    assertEquals(4, warnings.size(), warnings.toString());
    assertTrue(warnings.get(0).startsWith("charondebug= is ignored"));
    assertTrue(warnings.get(1).startsWith("keyingtries= stands here twice; this one"));
    assertEquals("ca without auto=add: not used", warnings.get(2));
  }

  @Test
  void neverRaisesAnythingElse() throws IOException {
    Random random = new Random(2);
    String all =
        ConfFolder.BASE + "  ike=aes128-sha256;modp2048!\n  leftsubnet=::/0[tcp/1-2]\n  also=y\n";
    String alphabet = "=\"\\#{}[]%@!,;-+/:¬\n\t \r0xAz\u0000é";
    Path file = folder.resolve("a.conf");
    for (int i = 0; i < 3_000; i++) {
      StringBuilder text = new StringBuilder(all);
      for (int j = 0; j < 1 + random.nextInt(5); j++) {
        int at = random.nextInt(text.length());
        char c = alphabet.charAt(random.nextInt(alphabet.length()));
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, c);
          case 1 -> text.insert(at, c);
          default -> text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
        }
      }
      Files.writeString(file, text, StandardCharsets.UTF_8);
      readOrRefuse(file);
    }
    byte[] octets = new byte[300];
    for (int i = 0; i < 2_000; i++) {
      random.nextBytes(octets);
      Files.write(file, octets);
      readOrRefuse(file);
    }
  }

  private static void readOrRefuse(Path file) {
    try {
      Configuration.read(List.of(file), ConfFolder.HOST);
    } catch (ConfigException expected) {
      assertFalse(expected.problems().isEmpty());
    }
  }

  private String only(String text, String place) throws IOException {
    Path file = Files.writeString(folder.resolve("a.conf"), text);
    List<Problem> problems =
        assertThrows(
                ConfigException.class, () -> Configuration.read(List.of(file), ConfFolder.HOST))
            .problems();
    assertEquals(1, problems.size(), problems.toString());
    assertEquals(file + ":" + place, problems.getFirst().place().toString(), problems.toString());
    return problems.getFirst().read() + ", expected " + problems.getFirst().expected();
  }
}
