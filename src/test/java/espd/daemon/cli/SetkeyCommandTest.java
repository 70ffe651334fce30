package espd.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.cli.SetkeyOptions.Task;
import espd.daemon.setkey.Forwarding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The command `setkey` where no daemon runs: its options, its texts, its exit codes, and what it
/// keeps for the daemon's start.
class SetkeyCommandTest {

  private static final String SEED =
      """
      #!/sbin/setkey -f
      flush;
      spdflush;
      spdadd 2001:db8:1:1::1 2001:db8:2:2::2 any -P out ipsec esp/transport//require;
      spdadd 2001:db8:2:2::2 2001:db8:1:1::1 any -P in  ipsec esp/transport//require;
      """;

  @TempDir private Path folder = Path.of("");
  private String out = "";
  private String err = "";

  private int setkey(String... words) {
    List<String> all =
        new ArrayList<>(List.of("setkey", "--control", folder.resolve("control").toString()));
    all.addAll(List.of(words));
    StringWriter toOut = new StringWriter();
    StringWriter toErr = new StringWriter();
    int exit =
        Espd.commandLine(options -> 9)
            .setOut(new PrintWriter(toOut))
            .setErr(new PrintWriter(toErr))
            .execute(all.toArray(String[]::new));
    out = toOut.toString();
    err = toErr.toString();
    return exit;
  }

  private int file(String text, String... options) throws IOException {
    Path file = Files.writeString(folder.resolve("setkey.conf"), text);
    List<String> words = new ArrayList<>(List.of(options));
    words.addAll(List.of("-f", file.toString()));
    return setkey(words.toArray(String[]::new));
  }

  private int typed(String text) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
    try {
      return setkey("-c");
    } finally {
      System.setIn(before);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-D, DUMP, false, false", "-DP, DUMP, true, false", "-D -P, DUMP, true, false",
    "-PpD, DUMP, true, true", "-F, FLUSH, false, false", "-FP, FLUSH, true, false",
    "-c, STDIN, false, false", "-f x, SCRIPT, false, false", "-fx, SCRIPT, false, false",
    "-nvf x, SCRIPT, false, false", "-vc, STDIN, false, false", "-x, MESSAGES, false, false",
    "-V, VERSION, false, false", "-DV, VERSION, false, false", "-h, USAGE, false, false",
    "-?, USAGE, false, false", "-d, USAGE, false, false", "-y, USAGE, false, false",
    "-P, USAGE, false, false", "-f, USAGE, false, false", "-D x, USAGE, false, false",
    "-alD, DUMP, false, false", "x, USAGE, false, false", "-D -F, FLUSH, false, false"
  })
  void readsOptionsAsGetoptDoes(String words, Task task, boolean policies, boolean ports) {
    SetkeyOptions options = SetkeyOptions.read(List.of(words.split(" ")));
    assertEquals(task, options.task());
    if (task == Task.DUMP || task == Task.FLUSH) {
      assertEquals(policies, options.policies());
      assertEquals(ports, options.ports());
    }
    if (task == Task.SCRIPT) {
      assertEquals("x", options.file());
    }
  }

  @Test
  void theLastOfKernelAndRfcModeWins() {
    assertEquals(Forwarding.BY_ITSELF, SetkeyOptions.read(List.of("-rkc")).forwarding());
    assertEquals(Forwarding.WITH_INBOUND, SetkeyOptions.read(List.of("-krc")).forwarding());
  }

  @Test
  void withoutATaskItShowsItsUsageAndFails() {
    assertEquals(1, setkey());
    assertTrue(out.startsWith("setkey @(#) espd ") && out.contains("usage: setkey "), out);
    assertEquals(1, setkey("-V"));
    assertEquals(1, out.lines().count());
    assertEquals(1, setkey("-x"));
    assertTrue(err.startsWith("setkey: -x: "), err);
  }

  @Test
  void keepsPoliciesForTheStartOfADaemon() throws IOException {
    assertEquals(0, file(SEED));
    assertEquals("", out + err);
    assertEquals(0, setkey("-D"));
    assertEquals("No SAD entries.\n", out);
    assertEquals(0, setkey("-DP"));
    String shown = out.replaceAll("(?m)^\t(created|spid).*\n", "").replaceAll("seq=.*", "");
    assertEquals(
        """
        2001:db8:2:2::2[any] 2001:db8:1:1::1[any] any
        \tfwd prio def ipsec
        \tesp/transport//require
        \tlifetime: 0(s) validtime: 0(s)
        \trefcnt=1
        2001:db8:2:2::2[any] 2001:db8:1:1::1[any] any
        \tin prio def ipsec
        \tesp/transport//require
        \tlifetime: 0(s) validtime: 0(s)
        \trefcnt=1
        2001:db8:1:1::1[any] 2001:db8:2:2::2[any] any
        \tout prio def ipsec
        \tesp/transport//require
        \tlifetime: 0(s) validtime: 0(s)
        \trefcnt=1
        """,
        shown);
    assertTrue(out.contains("\tspid=18 seq=1 pid=" + ProcessHandle.current().pid()), out);
    assertTrue(out.contains("\tspid=1 seq=0 pid="), out);
    assertEquals(0, setkey("-FP"));
    assertEquals(0, setkey("-DP"));
    assertEquals("No SPD entries.\n", out);
    assertFalse(Files.exists(folder.resolve("control.spd")));
  }

  /// What a kernel refuses does not stop the file, and setkey ends well.
  @Test
  void saysWhatIsRefusedWithItsLineAndGoesOn() throws IOException {
    assertEquals(
        0,
        file(
            SEED
                + """
                spdadd 2001:db8:2:2::2 2001:db8:1:1::1 any
                  -P fwd ipsec esp/transport//require;
                spddelete ::1 ::2 any -P in;
                add ::1 ::2 ah 0x100 -A hmac-md5 "sixteen octets!!";
                get ::1 ::2 esp 0x100;
                spdadd ::1 ::2 any -P out none;
                """));
    assertEquals(
        """
        The result of line 7: File exists.
        The result of line 8: No entry.
        The result of line 8: No entry.
        The result of line 9: Protocol not supported.
        The result of line 10: No such process.
        """,
        out);
    assertEquals(
        "setkey: line 9, column 13: read \"ah\", expected esp, or esp-udp for ESP in UDP\n", err);
    setkey("-DP");
    assertTrue(out.startsWith("::1[any] ::2[any] any\n\tout prio def none\n"), out);
  }

  /// What stands before an error is done.
  @Test
  void anErrorStopsTheFile() throws IOException {
    assertEquals(1, file(SEED + "spdadd ::1 ::2 any -P out\n ipsec hip/transport;\nspdflush;"));
    assertEquals(
        """
        line 7: Invalid argument at [ out
         ipsec hip/transport]
        parse failed, line 7.
        """,
        out);
    assertTrue(err.startsWith("libipsec: syntax error while parsing \"hip\"\n"), err);
    setkey("-DP");
    assertTrue(out.contains("\tout prio def ipsec\n"), out);
    assertEquals(1, file("flush;\nflush = ;"));
    assertEquals("line 2: Syntax error at [=]\n", out);
    assertEquals(1, file("spdadd ::1 10.0.0.1 any -P out none;"));
    assertEquals("parse failed, line 1.\n", out);
  }

  @Test
  void anSaIsRefusedForItsKeysNeverGoToADisk() throws IOException {
    String add = "add ::1 ::2 esp 0x100 -E null -A hmac-md5 \"sixteen octets!!\";\n";
    assertEquals(1, file(add + "spdadd ::1 ::2 any -P out none;"));
    assertEquals("The result of line 1: Connection refused.\n", out);
    assertTrue(err.contains("no espd runs to take the keys"), err);
    assertFalse(Files.readString(folder.resolve("control.spd")).contains("sixteen"));
  }

  @Test
  void readsOnlyWhenToldSo() throws IOException {
    assertEquals(0, file(SEED, "-n"));
    assertEquals(1, file("nonsense;", "-n"));
    assertFalse(Files.exists(folder.resolve("control.spd")));
  }

  @Test
  void aFileThatIsNotThereIsAnError() {
    assertEquals(1, setkey("-f", "/nonexistent"));
    assertEquals("setkey: Can't open `/nonexistent': No such file or directory\n", err);
  }

  /// What is typed has no lines: comments are cut, lines joined, each statement done at its `;`.
  @Test
  void doesWhatIsTyped() {
    assertEquals(
        0,
        typed(
            """
            # all
            spdadd ::1 ::2 any # to the other
              -P out none; spdadd ::1 ::2 any -P out none;
            nonsense; spdadd ::1 ::3 any -P out
             none;
            quit;
            spdflush;
            """));
    assertEquals("File exists.\nline 0: syntax error at [nonsense]\n", out);
    setkey("-DP");
    assertEquals(2, out.lines().filter(line -> line.contains("out prio def none")).count());
    assertEquals(1, typed("flush = ;"));
    assertEquals("line 0: Syntax error at [=]\n", out);
  }
}
