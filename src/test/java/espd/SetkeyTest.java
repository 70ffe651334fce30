package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Capture;
import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.SadEntry;
import espd.lab.Tshark;
import espd.lab.Tshark.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// SAs by hand between two hosts that have nothing but statements of setkey.
@InLab
class SetkeyTest {

  /// The SAs of the HOWTO.
  private static final String SAS =
      """
      #!/sbin/setkey -f
      flush;
      spdflush;
      add 2001:db8:1:1::1 2001:db8:2:2::2 esp 0x0a6e53c4 -m MODE
          -E 3des-cbc 0xbd26bc45aea0d249ef9c6b897056080f5d9fa49c924e2edd
          -A hmac-md5 0x60c2c505517dd8b7c9609128a5efc2db;
      add 2001:db8:2:2::2 2001:db8:1:1::1 esp 0x0f22bfab -m MODE
          -E 3des-cbc 0xc1ddba6583debd623f6683c120e747ac933d203f4777a7ce
          -A hmac-md5 0x3f957db99adddc8c44e5739d3f53ca0e;
      """;

  @RegisterExtension private final Lab lab = new Lab();

  private static String policies(Host here, Host there, String mode) {
    String rule = mode.equals("tunnel") ? "esp/tunnel/%s-%s/require" : "esp/transport//require";
    String a = here.address();
    String b = there.address();
    return "spdadd %s %s any -P out ipsec %s;\n".formatted(a, b, rule.formatted(a, b))
        + "spdadd %s %s any -P in ipsec %s;\n".formatted(b, a, rule.formatted(b, a));
  }

  private Espd start(Host here, Host there, String mode) {
    return Espd.startWith(
        lab, here, "setkey.conf", SAS.replace("MODE", mode) + policies(here, there, mode));
  }

  /// `setkey -D` tells tcpdump the keys, and tcpdump and Wireshark read what is inside.
  @ParameterizedTest
  @ValueSource(strings = {"transport", "tunnel"})
  void twoHostsWithAFileOfSetkeyEachPingAndTcpdumpReadsItWithTheKeysOfSetkey(String mode)
      throws IOException {
    Espd a = start(lab.a(), lab.b(), mode);
    start(lab.b(), lab.a(), mode);
    Capture capture = Capture.start(lab, lab.a());
    lab.a().pings(lab.b());
    lab.b().pings(lab.a());
    capture.stop();
    assertEquals(List.of(), capture.pingsInTheClear());
    SadEntry out = a.sa(lab.a(), lab.b());
    assertEquals(mode + " 0x0a6e53c4 6", out.mode() + " " + out.spi() + " " + out.packets());
    assertJudgedGood(capture, a.sad());
    String shown = a.control("setkey", "-D").succeeded().out();
    assertTrue(shown.contains("reqid=0(0x00000000)"), shown);
    assertEquals(12, decrypted(capture, shown), "echo requests and replies in tcpdump's eyes");
    lab.a().ping(lab.b().address(), 3, 1400).succeeded();
    lab.b().ping(lab.a().address(), 3, 4000).succeeded();
  }

  private static void assertJudgedGood(Capture capture, List<SadEntry> sas) {
    List<Verdict> verdicts = Tshark.judge(capture.file(), sas);
    assertTrue(!verdicts.isEmpty(), "no ESP");
    for (Verdict verdict : verdicts) {
      assertTrue(verdict.icvGood() && verdict.protocols().contains("icmpv6"), verdict.toString());
    }
  }

  private long decrypted(Capture capture, String shown) throws IOException {
    Path sad = Files.writeString(lab.a().directory().resolve("sad"), shown);
    Path keys = lab.a().directory().resolve("tcpdump.keys");
    String script = Path.of("..", "scripts", "tcpdump-keys").toAbsolutePath().toString();
    lab.a().run("sh", "-c", script + " < " + sad + " > " + keys).succeeded();
    String[] tcpdump = {
      "tcpdump",
      "-nn",
      "-Z",
      "root",
      "-r",
      capture.file().toString(),
      "-E",
      "file " + keys,
      "ip6 proto 50"
    };
    return lab.a()
        .run(tcpdump)
        .succeeded()
        .out()
        .lines()
        .filter(line -> line.matches(".*ICMP6, echo (request|reply).*"))
        .count();
  }

  /// Every algorithm there is, one after the other, between daemons that began without any file.
  @Test
  void statementsOfTheCommandAreInForceWhileTheDaemonRuns() throws IOException {
    Espd a = Espd.startEmpty(lab, lab.a());
    Espd b = Espd.startEmpty(lab, lab.b());
    assertEquals("No SAD entries.\n", a.control("setkey", "-D").succeeded().out());
    assertEquals("", setkey(a, lab.a(), policies(lab.a(), lab.b(), "transport")));
    assertEquals("", setkey(b, lab.b(), policies(lab.b(), lab.a(), "transport")));
    lab.a().ping(lab.b().address(), 1, 56).failed();
    int spi = 0x1000;
    for (String algorithms :
        List.of(
            "null -A hmac-sha1 %20",
            "aes-cbc %16 -A hmac-sha256 %32",
            "aes-cbc %32 -A hmac-sha384 %48",
            "3des-cbc %24 -A hmac-sha512 %64",
            "aes-gcm-16 %36",
            "chacha20-poly1305 %36")) {
      String sas =
          "flush;\n"
              + sa(lab.a(), lab.b(), algorithms, spi++)
              + sa(lab.b(), lab.a(), algorithms, spi++);
      assertEquals("", setkey(a, lab.a(), sas), algorithms);
      assertEquals("", setkey(b, lab.b(), sas), algorithms);
      Capture capture = Capture.start(lab, lab.a());
      lab.a().ping(lab.b().address(), 1, 56).succeeded();
      capture.stop();
      if (!algorithms.startsWith("chacha20")) { // Wireshark 4.0 knows no ChaCha20.
        assertJudgedGood(capture, a.sad());
      }
    }
    assertEquals(
        "The result of line 1: File exists.\n",
        setkey(
            a, lab.a(), policies(lab.a(), lab.b(), "transport").lines().findFirst().orElseThrow()));
    assertEquals("", setkey(a, lab.a(), "spdflush; flush;"));
    assertEquals("No SPD entries.\n", a.control("setkey", "-DP").succeeded().out());
    assertEquals("", setkey(b, lab.b(), "spdflush;"));
    lab.a().pings(lab.b());
  }

  /// {@return an SA by hand; a key of N octets stands as `%N`}
  private static String sa(Host from, Host to, String algorithms, int spi) {
    StringBuilder keys = new StringBuilder();
    for (String word : algorithms.split(" ", -1)) {
      boolean key = word.startsWith("%");
      keys.append(key ? "0x" + "c5".repeat(Integer.parseInt(word.substring(1))) : word).append(' ');
    }
    return "add %s %s esp %d -r 32 -E %s;\n".formatted(from.address(), to.address(), spi, keys);
  }

  /// {@return what setkey says}
  private static String setkey(Espd espd, Host host, String statements) throws IOException {
    Path file = Files.writeString(host.directory().resolve("statements"), statements);
    Output output = espd.control("setkey", "-f", file.toString()).succeeded();
    return output.all();
  }

  /// A kernel keeps policies when the daemon ends, and has them before it starts.
  @Test
  void policiesOfTheCommandOutliveTheDaemon() throws IOException {
    Espd a = Espd.startEmpty(lab, lab.a());
    assertEquals("", setkey(a, lab.a(), "spdadd ::/0 2001:db8:2:2::2 any -P out discard;"));
    lab.a().ping(lab.b().address(), 1, 56).failed();
    a.daemon().terminate();
    lab.a().pings(lab.b());
    assertTrue(a.control("setkey", "-DP").succeeded().out().contains("\tout prio def discard\n"));
    a.restart();
    lab.a().ping(lab.b().address(), 1, 56).failed();
    assertEquals("", setkey(a, lab.a(), "spdflush;"));
    lab.a().pings(lab.b());
  }
}
