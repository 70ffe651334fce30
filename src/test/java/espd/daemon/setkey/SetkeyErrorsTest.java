package espd.daemon.setkey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is not setkey's language, error by error.
class SetkeyErrorsTest {

  /// setkey's own words, as its parser and libipsec print them; a key is never repeated.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          flush                          | line 1: syntax error at []
          flush; add                     | line 1: syntax error at []
          spdflush flush;                | line 1: syntax error at [flush]
          frobnicate;                    | line 1: syntax error at [frobnicate]
          any;                           | line 1: syntax error at [any]
          flush \\;                      | line 1: Syntax error at [\\]
          flush = ;                      | line 1: Syntax error at [=]
          -x;                            | line 1: Syntax error at [-]
          "x;                            | line 1: Syntax error at ["]
          add ::1 any esp 1;             | line 1: syntax error at [any]
          add ::1 host esp 256;          | line 1: Name or service not known at [host]
          add -4 ::1 ::2 esp 256;        | line 1: Address family for hostname not supported at [::1]
          add ::1 ::2 256;               | line 1: syntax error at [256]
          add ::1 ::2 esp -E;            | line 1: syntax error at [-E]
          add ::1 ::2 esp 0x100000000 -E;   | line 1: SPI too big. at [0x100000000]
          add ::1 ::2 esp 4294967296 -E;    | line 1: SPI too big. at [4294967296]
          add ::1[x] ::2 esp 256;        | line 1: Servname not supported for ai_socktype at [x]
          add ::1[70000] ::2 esp 256;    | line 1: Servname not supported for ai_socktype at [70000]
          add ::1[5 ::2 esp 256;         | line 1: syntax error at [::2]
          add ::1 ::2 esp 256 -m both;   | line 1: syntax error at [both]
          add ::1 ::2 esp 256 -f both;   | line 1: syntax error at [both]
          add ::1 ::2 esp 256 -u x;      | line 1: syntax error at [x]
          add ::1 ::2 esp 256 -P x;      | line 1: syntax error at [-P]
          add ::1 ::2 esp 256;           | line 1: syntax error at [;]
          """)
  void saysSetkeysWordsForEveryErrorBeforeTheAlgorithms(String text, String expected) {
    assertEquals(expected, fault(text).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          add ::1 ::2 esp 256 -A hmac-md5 MD5 -E null;   | line 1: syntax error at [-E]
          add ::1 ::2 esp 256 -E rot13 MD5;              | line 1: syntax error at [rot13]
          add ::1 ::2 esp 256 -E 3des-cbc;               | line 1: syntax error at [;]
          add ::1 ::2 esp 256 -E 3des-cbc MD5;           | line 1: Invalid key length at […]
          add ::1 ::2 esp 256 -E blowfish-cbc MD5;       | line 1: Not supported at […]
          add ::1 ::2 esp 256 -E null -A hmac-md5 "x";   | line 1: Invalid key length at […]
          add ::1 ::2 esp 256 -E null -A keyed-md5 MD5;  | line 1: Not supported at […]
          add ::1 ::2 esp 256 -E null -A rot13 MD5;      | line 1: syntax error at [rot13]
          add ::1 ::2 esp 256 -E null MD5;               | line 1: syntax error at […]
          """)
  void saysSetkeysWordsForEveryErrorOfSas(String text, String expected) {
    assertEquals(expected, fault(text).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          spdadd ::1 ::2 ipv4 -P in none;                | line 1: invalid upper layer protocol at [ipv4]
          spdadd ::1 ::2 icmp6 x,y -P in none;           | line 1: invalid an upper layer protocol spec at [x]
          spdadd ::1 ::2 icmp6 999,0 -P in none;         | line 1: invalid an upper layer protocol spec at [999,0]
          spdadd ::1 ::2 udp 1,2 -P in none;             | line 1: invalid an upper layer protocol spec at [1,2]
          spdadd ::1 ::2 esp -P in none;                 | line 1: syntax error at [esp]
          spdadd ::1 ::2 any;                            | line 1: syntax error at [;]
          spdadd ::1 ::2 any -P;                         | line 1: syntax error at [;]
          spdadd ::1 ::2 any -P up none;                 | line 1: Invalid argument at [ up none]
          spdadd ::1 ::2 any -P in prio x none;          | line 1: Invalid argument at [ in prio x none]
          spdadd ::1 ::2 any -P in prio low + 9999999999 none; | line 1: Invalid priority offset at [ in prio low + 9999999999 none]
          spdadd ::1 ::2 any -P in ipsec esp;            | line 1: Too few arguments at [ in ipsec esp]
          spdadd ::1 ::2 any -P in ipsec esp/;           | line 1: Too few arguments at [ in ipsec esp/]
          spdadd ::1 ::2 any -P in ipsec esp/tunnel;     | line 1: Invalid address specification at [ in ipsec esp/tunnel]
          spdadd ::1 ::2 any -P in ipsec esp/tunnel//use;  | line 1: Invalid address specification at [ in ipsec esp/tunnel//use]
          spdadd ::1 ::2 any -P in ipsec esp/tunnel/me-any/use; | line 1: Invalid direction at [ in ipsec esp/tunnel/me-any/use]
          spdadd ::1 ::2 any -P in ipsec esp/tunnel/::1-host/use; | line 1: Invalid argument at [ in ipsec esp/tunnel/::1-host/use]
          spdadd ::1 ::2 any -P in ipsec esp/tunnel/::1-10.0.0.1/use; | line 1: Address family mismatch at [ in ipsec esp/tunnel/::1-10.0.0.1/use]
          spdadd ::1 ::2 any -P in ipsec esp/transport//always; | line 1: Invalid argument at [ in ipsec esp/transport//always]
          spdadd ::1 ::2 any -P in ipsec hip/transport;  | line 1: Invalid argument at [ in ipsec hip/transport]
          """)
  void saysSetkeysWordsForEveryErrorOfPolicies(String text, String expected) {
    assertEquals(expected, fault(text).toString());
  }

  private static Fault fault(String text) {
    return assertThrows(SetkeyException.class, () -> SetkeyParserTest.read(text)).fault();
  }

  @Test
  void mixedFamiliesAreAnErrorThatSetkeyDoesNotName() {
    Fault fault = fault("spdadd ::1 10.0.0.1 any -P in none;");
    assertEquals("", fault.message());
    assertEquals("1:12 ::1 and 10.0.0.1", fault.line() + ":" + fault.column() + " " + fault.read());
  }

  @Test
  void libipsecNamesTheWordOfAPolicyThatItCannotRead() {
    SetkeyException e =
        assertThrows(
            SetkeyException.class,
            () -> SetkeyParserTest.read("spdadd ::1 ::2 any -P out ipsec hip/transport;"));
    assertEquals("libipsec: syntax error while parsing \"hip\"", e.libipsec().orElseThrow());
  }

  @Test
  void errorsOfPoliciesStandWhereTheWordIs() {
    Fault fault = fault("flush;\nspdadd ::1 ::2 any -P out ipsec\n  esp/transport//always\n;");
    assertEquals("3:18", fault.line() + ":" + fault.column());
    assertEquals(4, fault.setkeyLine());
  }

  @Test
  void noMessageRepeatsAKey() {
    String secret = "c1ddba6583debd623f6683c120e747ac933d203f4777a7ce";
    for (String text :
        List.of(
            "add ::1 ::2 esp 256 -E 3des-cbc 0x" + secret + "00;",
            "add ::1 ::2 esp 256 -E 3des-cbc \"" + secret + "\";",
            "add ::1 ::2 esp 256 0x" + secret + ";",
            "add ::1 ::2 \"" + secret + "\";")) {
      Fault fault = fault(text);
      assertFalse((fault + fault.read() + fault.expected()).contains("c1ddba"), fault.toString());
    }
  }

  @Test
  void theMarkOfALineThatGoesOnIsAnErrorElsewhere() {
    assertEquals("the octet 0xc2", fault("flush ¬;").read());
  }

  @Test
  void aCommentInsideAPolicyMakesTwoOfIt() {
    Fault fault = fault("spdadd ::1 ::2 any -P out ipsec # all\n esp/transport;");
    assertEquals("syntax error", fault.message());
  }
}
