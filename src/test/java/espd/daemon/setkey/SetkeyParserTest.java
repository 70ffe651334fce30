package espd.daemon.setkey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// setkey's language, statement by statement.
class SetkeyParserTest {

  private static final String MD5 = "0x" + "11".repeat(16);
  private static final String DES3 = "0x" + "22".repeat(24);

  /// {@return the statements of a text in which `MD5` and `DES3` stand for keys}
  static List<Statement> read(String text) throws SetkeyException {
    return SetkeyParser.all(
        text.replace("MD5", MD5).replace("DES3", DES3).getBytes(StandardCharsets.UTF_8));
  }

  /// {@return a statement without its place, in a form to compare}
  private static String shown(Statement statement) {
    return switch (statement) {
      case Statement.Add add ->
          "add %s %s reqid=%d replay=%d %s%s %s"
              .formatted(
                  add.name(),
                  add.mode(),
                  add.reqid(),
                  add.replayWindow(),
                  add.keying().suite(),
                  add.encapsulation()
                      .map(e -> " " + e.localPort() + "," + e.remotePort())
                      .orElse(""),
                  add.lifetime().equals(espd.spd.Lifetime.UNLIMITED)
                      ? ""
                      : add.lifetime().toString().replaceAll("[^0-9,]", ""))
              .strip();
      case Statement.Get get -> "get " + get.name();
      case Statement.Delete delete -> "delete " + delete.name();
      case Statement.DeleteAll all ->
          "deleteall "
              + all.source()
              + " "
              + all.destination()
              + all.protocol().map(p -> " " + p).orElse("");
      case Statement.Flush flush -> "flush" + flush.protocol().map(p -> " " + p).orElse("");
      case Statement.Dump dump -> "dump" + dump.protocol().map(p -> " " + p).orElse("");
      case Statement.Exit exit -> "exit";
      case Statement.SpdAdd add -> "spdadd " + add.policy();
      case Statement.SpdUpdate update -> "spdupdate " + update.policy();
      case Statement.SpdDelete delete ->
          "spddelete " + delete.selector() + " " + delete.selector().way();
      case Statement.SpdDump dump -> "spddump";
      case Statement.SpdFlush flush -> "spdflush";
      case Statement.Unsupported unsupported -> "unsupported " + unsupported.fault();
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      maxCharsPerColumn = 4096,
      textBlock =
          """
          flush;                    | flush
          flush esp ;               | flush esp
          dump;                     | dump
          dump esp;                 | dump esp
          spdflush;                 | spdflush
          spddump;                  | spddump
          get 2001:db8::1 2001:db8::2 esp 0x100;     | get 2001:db8::1 2001:db8::2 esp 0x00000100
          delete -6n ::1 ::2 esp 256 -m tunnel;      | delete ::1 ::2 esp 0x00000100
          deleteall ::1 ::2;                         | deleteall ::1 ::2
          deleteall ::1 ::2 esp;                     | deleteall ::1 ::2 esp
          add ::1 ::2 esp 4294967295 -E 3des-cbc DES3 -A hmac-md5 MD5; | add ::1 ::2 esp 0xffffffff TRANSPORT reqid=0 replay=0 3DES_CBC/HMAC_MD5_96
          add ::1 ::2 esp 0x100 -m tunnel -u 7 -r 4 -f seq-pad -f nocyclic-seq -E null -A hmac-md5 "sixteen octets!!"; | add ::1 ::2 esp 0x00000100 TUNNEL reqid=7 replay=4 NULL/HMAC_MD5_96
          add ::1 ::2 esp 0x100 -m any -lh 3600 -ls 2880 -bh 5000 -bs 4000 -E aes-cbc MD5 -A hmac-md5 MD5; | add ::1 ::2 esp 0x00000100 TRANSPORT reqid=0 replay=0 AES_CBC_128/HMAC_MD5_96 2880,3600,4000,5000,0,0
          add ::1 ::2 esp 0x100 -E rijndael-cbc DES3 -A hmac-md5 MD5; | add ::1 ::2 esp 0x00000100 TRANSPORT reqid=0 replay=0 AES_CBC_192/HMAC_MD5_96
          add ::1 ::2 esp 0x100 -E simple -A hmac-md5 MD5; | add ::1 ::2 esp 0x00000100 TRANSPORT reqid=0 replay=0 NULL/HMAC_MD5_96
          add ::1 ::2 esp 0x100 -E aes-gcm-16 "0123456789abcdefSALT"; | add ::1 ::2 esp 0x00000100 TRANSPORT reqid=0 replay=0 AES_GCM_16_128
          add ::1 ::2 esp 0x100 -E aes-gcm-16 "0123456789abcdefSALT" -A null; | add ::1 ::2 esp 0x00000100 TRANSPORT reqid=0 replay=0 AES_GCM_16_128
          add ::1 ::2 esp 0x100 -E chacha20-poly1305 "0123456789abcdef0123456789abcdefSALT"; | add ::1 ::2 esp 0x00000100 TRANSPORT reqid=0 replay=0 CHACHA20_POLY1305
          add ::1[4500] ::2[61000] esp-udp 0x100 -E null -A hmac-md5 MD5; | add ::1 ::2 esp-udp 0x00000100 TRANSPORT reqid=0 replay=0 NULL/HMAC_MD5_96 4500,61000
          """)
  void readsEveryStatementOfSas(String text, String expected) throws SetkeyException {
    assertReads(text, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      maxCharsPerColumn = 4096,
      textBlock =
          """
          spdadd 2001:db8:1:1::1 2001:db8:2:2::2 any -P out ipsec esp/transport//require; | spdadd 2001:db8:1:1::1/128 2001:db8:2:2::2/128 any -P out ipsec esp/transport//require
          spdadd ::/0 [any] 2001:db8::/32 [22] tcp -P in prio high + 1 none; | spdadd ::/0 2001:db8::/32[22] 6 -P in prio 1073741825 none
          spdadd ::1 ::2 any -P out prio low - 2 discard; | spdadd ::1/128 ::2/128 any -P out prio - 1073741826 discard
          spdadd ::1 ::2 255 -P out prio 5 none; | spdadd ::1/128 ::2/128 any -P out prio 5 none
          spdadd ::1 ::2 any -P out priority -5 none; | spdadd ::1/128 ::2/128 any -P out prio - 5 none
          spdadd ::1 ::2 icmp6 135,0 -P out none; | spdadd ::1/128 ::2/128 58 135,0 -P out none
          spdadd ::1 ::2 ipv6-icmp -P out none; | spdadd ::1/128 ::2/128 58 -P out none
          spdadd ::1 ::2 ip4 -P out none; | spdadd ::1/128 ::2/128 4 -P out none
          spdadd ::1 ::2 UDP -P out none; | spdadd ::1/128 ::2/128 17 -P out none
          spdadd 10.0.0.0/8 192.0.2.1 any -P out ipsec esp/tunnel/::1-::2/unique; | spdadd 10.0.0.0/8 192.0.2.1/32 any -P out ipsec esp/tunnel/::1-::2/unique
          spdupdate ::1 ::2 any -P out ipsec esp/tunnel/::1-::2; | spdupdate ::1/128 ::2/128 any -P out ipsec esp/tunnel/::1-::2/require
          spdadd ::1 ::2 any -P out ipsec esp/transport; | spdadd ::1/128 ::2/128 any -P out ipsec esp/transport//require
          spdadd ::1 ::2 any -P out ipsec esp/transport/; | spdadd ::1/128 ::2/128 any -P out ipsec esp/transport//require
          spdadd ::1 ::2 any -P out ipsec esp/transport/::1-::2/; | spdadd ::1/128 ::2/128 any -P out ipsec esp/transport/::1-::2/require
          spdadd ::1 ::2 any -P out ipsec esp/transport//default; | spdadd ::1/128 ::2/128 any -P out ipsec esp/transport//require
          spdadd ::1 ::2 any -P out ipsec ipcomp/transport esp/transport//unique:7; | spdadd ::1/128 ::2/128 any -P out ipsec ipcomp/transport//require esp/transport//unique:7
          spdadd ::1 ::2 any -P out ipsec ipcomp/transport/ esp/transport/; | spdadd ::1/128 ::2/128 any -P out ipsec ipcomp/transport//require esp/transport//require
          spddelete ::1 ::2 any -P in; | spddelete ::1/128 ::2/128 any in
          spddelete ::1 ::2 any -P fwd ipsec nonsense; | spddelete ::1/128 ::2/128 any fwd
          """)
  void readsEveryStatementOfPolicies(String text, String expected) throws SetkeyException {
    assertReads(text, expected);
  }

  private static void assertReads(String text, String expected) throws SetkeyException {
    assertEquals(List.of(expected), read(text).stream().map(SetkeyParserTest::shown).toList());
  }

  /// What the daemon cannot do: setkey goes on behind it as behind an answer of the kernel.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          add ::1 ::2 ah 0x100 -A hmac-md5 MD5;                 | 13 | Protocol not supported | ah
          add ::1 ::2 esp-old 0x100 -E null -A hmac-md5 MD5;    | 13 | Protocol not supported | esp-old
          add ::1 ::2 tcp 0x1000 -A hmac-md5 MD5;               | 13 | Protocol not supported | tcp
          add ::1 ::2 ipcomp 0x1000 -C deflate -R;              | 13 | Protocol not supported | ipcomp
          add ::1 ::2 esp 255 -E null -A hmac-md5 MD5;          | 17 | Invalid argument | 255
          add ::1 ::2 esp 256 -E 3des-cbc DES3;                 | 24 | Invalid argument | 3des-cbc
          add ::1 ::2 esp 256 -A hmac-md5 MD5;                  | 21 | Invalid argument | -A
          add ::1 ::2 esp 256 -f zero-pad -E null -A hmac-md5 MD5; | 24 | Invalid argument | zero-pad
          add ::1 ::2 esp 256 -r 2000000 -E null -A hmac-md5 MD5;  | 24 | Invalid argument | 2000000
          add ::1 ::2 esp 256 -ctx 1 1 "x" -E null -A hmac-md5 MD5; | 21 | Operation not supported | -ctx
          add ::1[500] ::2 esp 256 -E null -A hmac-md5 MD5;     | 8  | Invalid argument | [
          add ::1 ::2 esp-udp ::3 256 -E null -A hmac-md5 MD5;  | 21 | Operation not supported | ::3
          spdadd ::1/129 ::2 any -P out none;                   | 12 | Invalid argument | 129
          spdadd ::1 ::2 256 -P out none;                       | 16 | Invalid argument | 256
          spdadd ::1 ::2 gre 7.7.7.7 -P out none;               | 20 | Operation not supported | 7.7.7.7
          spdadd ::1[1] ::2 icmp6 -P out none;                  | 19 | Invalid argument | icmp6
          spdadd tagged "x" -P in none;                         | 8  | Operation not supported | tagged
          spdadd ::1 ::2 any -ctx 1 1 "x" -P out none;          | 20 | Operation not supported | -ctx
          """)
  void saysWhatCannotBeDone(String text, int column, String message, String word)
      throws SetkeyException {
    Fault fault = unsupported(text);
    assertEquals(
        "1:" + column + " " + message, fault.line() + ":" + fault.column() + " " + fault.message());
    assertEquals("\"" + word + "\"", fault.read());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          out ipsec ah/transport//require         | Protocol not supported | ah
          out ipsec esp/transport//use            | Operation not supported | use
          out bypass                              | Invalid argument | bypass
          out entrust                             | Invalid argument | entrust
          out ipsec esp/tunnel/me-any/require     | Operation not supported | me
          out ipsec esp/tunnel/::1[1]-::2[1]/     | Operation not supported | [1]
          out ipsec esp/tunnel/10.0.0.1-10.0.0.2/ | Protocol not supported | esp
          out ipsec esp/transport//unique:16384   | Invalid argument | unique:16384
          out none esp/transport                  | Invalid argument | esp
          out ipsec ipcomp/transport              | Invalid argument | ipcomp
          out ipsec esp/transport esp/transport   | Invalid argument | esp
          """)
  void saysWhichPoliciesCannotBeHad(String policy, String message, String word)
      throws SetkeyException {
    Fault fault = unsupported("spdadd ::1 ::2 any -P " + policy + ";");
    assertEquals(message + " \"" + word + "\"", fault.message() + " " + fault.read());
    assertEquals(23 + policy.indexOf(word), fault.column());
  }

  @Test
  void aPolicyHasToSayWhatBecomesOfThePackets() throws SetkeyException {
    assertEquals("the end of the policy", unsupported("spdadd ::1 ::2 any -P out;").read());
  }

  private static Fault unsupported(String text) throws SetkeyException {
    return assertInstanceOf(Statement.Unsupported.class, read(text).getFirst()).fault();
  }

  @Test
  void readsKeysOctetByOctet() throws SetkeyException {
    assertEquals("31".repeat(15) + "c3", key("\"" + "1".repeat(15) + "\u00c3\""));
    assertEquals("0" + "f".repeat(31), key("0x" + "f".repeat(31)), "an odd digit stands alone");
    assertEquals("0123456789abcdef0123456789abcdef", key("0X0123456789abcdef0123456789ABCDEF"));
  }

  private static String key(String text) throws SetkeyException {
    byte[] statement =
        ("add ::1 ::2 esp 256 -E null -A hmac-md5 " + text + ";")
            .getBytes(StandardCharsets.ISO_8859_1);
    Statement.Add add = (Statement.Add) SetkeyParser.all(statement).getFirst();
    return add.keying().integrityKey().use(HexFormat.of()::formatHex);
  }

  /// The two files of the HOWTO, with the mark that shows where a line goes on.
  @Test
  void readsTheFilesOfTheHowto() throws SetkeyException {
    String transport =
        """
        #!/sbin/setkey -f
        flush;
        spdflush;
        spdadd 2001:db8:1:1::1 2001:db8:2:2::2 any -P out ipsec esp/transport//require;
        spdadd 2001:db8:2:2::2 2001:db8:1:1::1 any -P in  ipsec esp/transport//require;
        """;
    String tunnel =
        """
        #!/sbin/setkey -f
        flush;
        spdflush;
        spdadd 2001:db8:1:1::1 2001:db8:2:2::2 any -P out ipsec
        ¬ esp/tunnel/2001:db8:1:1::1-2001:db8:2:2::2/require;
        spdadd 2001:db8:2:2::2 2001:db8:1:1::1 any -P in  ipsec
        ¬ esp/tunnel/2001:db8:2:2::2-2001:db8:1:1::1/require;
        """;
    String ends = "2001:db8:1:1::1/128 2001:db8:2:2::2/128 any -P out ipsec ";
    String back = "2001:db8:2:2::2/128 2001:db8:1:1::1/128 any -P in ipsec ";
    assertEquals(
        "flush spdflush spdadd %sesp/transport//require spdadd %sesp/transport//require"
            .formatted(ends, back),
        all(read(transport)));
    String expected =
        "flush spdflush spdadd %sesp/tunnel/2001:db8:1:1::1-2001:db8:2:2::2/require".formatted(ends)
            + " spdadd %sesp/tunnel/2001:db8:2:2::2-2001:db8:1:1::1/require".formatted(back);
    assertEquals(expected, all(read(tunnel)));
    assertEquals(
        expected,
        all(SetkeyParser.all(tunnel.getBytes(StandardCharsets.ISO_8859_1))),
        "the mark in ISO 8859-1");
  }

  private static String all(List<Statement> statements) {
    return statements.stream().map(SetkeyParserTest::shown).collect(Collectors.joining(" "));
  }

  @Test
  void statementsKnowTheirPlace() throws SetkeyException {
    String text = "flush; # all\n  spdadd ::1 ::2 any\n -P out none;";
    Where where = read(text).get(1).where();
    assertEquals(new Where(2, 3, 3, 15, text.length()), where);
  }

  @Test
  void nothingIsReadBehindExit() throws SetkeyException {
    for (String word : List.of("exit", "quit", "bye")) {
      assertEquals("flush", all(read("flush; " + word + "; nonsense")));
    }
  }

  /// What a policy prints is read as the same policy again.
  @ParameterizedTest
  @CsvSource({
    "in prio high none",
    "out prio low discard",
    "out prio 1000 none",
    "out prio -1000 none",
    "in ipsec esp/tunnel/::5-::6/unique:3",
    "out ipsec ipcomp/tunnel/::5-::6/use esp/transport/::5-::6/"
  })
  void writesPoliciesAsItReadsThem(String policy) throws SetkeyException {
    SetkeyPolicy first = policy("spdadd 2001:db8::/32[5] ::2[7] tcp -P " + policy + ";");
    assertEquals(first, policy("spdadd " + first + ";"));
  }

  private static SetkeyPolicy policy(String text) throws SetkeyException {
    return ((Statement.SpdAdd) read(text).getFirst()).policy();
  }
}
