package espd.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.control.ControlServer;
import espd.daemon.control.FakeOperations;
import espd.daemon.keys.Sas;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `match`, `tcpdump`, `keylog` and `capture` against a daemon with two SAs.
class WiretapCliTest {

  private static final EspSuite CBC = new EspSuite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA1_96);
  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private ControlServer server;

  @BeforeEach
  void open() throws IOException {
    server =
        ControlServer.open(
            folder.resolve("espd.ctl"),
            new FakeOperations(List.of(Sas.outbound(0xcafebabe, CBC), Sas.inbound(7000, GCM))));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private int run(String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.addAll(List.of("--control", folder.resolve("espd.ctl").toString()));
    return Espd.commandLine(options -> 0)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words.toArray(String[]::new));
  }

  private String file(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines)).toString();
  }

  @Test
  void matchSaysByItsExitCodeWhetherEverySpiWasKnown() throws IOException {
    String known = "IP6 2001:db8:1:1::1 > 2001:db8:2:2::2: ESP(spi=0xcafebabe,seq=0x1), length 9";
    assertEquals(Exit.DONE, run("match", file("known", "some line", known)));
    String[] lines = out.toString().split("\n", -1);
    assertEquals("some line", lines[0]);
    assertTrue(lines[1].startsWith(known + "  <- net outbound tunnel AES_CBC_128/HMAC_SHA1_96, "));
    assertEquals(Exit.FAILED, run("match", file("unknown", known, known.replace("cafe", "beef"))));
    assertTrue(out.toString().contains("<- UNKNOWN SPI 0xbeefbabe"), out.toString());
    assertTrue(err.toString().contains("1 of 2 ESP packets"), err.toString());
  }

  @Test
  void tcpdumpPrintsAFilterAndOnRequestTheKeysThatTcpdumpKnows() throws IOException {
    assertEquals(Exit.DONE, run("tcpdump"));
    assertTrue(out.toString().startsWith("(ip6 host 2001:db8:2:2::2) and "), out.toString());
    assertEquals(Exit.FAILED, run("tcpdump", "nobody"));
    Path keys = folder.resolve("keys");
    assertEquals(Exit.DONE, run("tcpdump", "--spis", "--keys", keys.toString()));
    assertTrue(Files.readString(keys).contains("0xcafebabe@2001:db8:2:2::2 aes128-cbc-hmac96:0x"));
    assertTrue(err.toString().contains("whoever reads it"), err.toString());
    String cannot = "0x00001b58@2001:db8:1:1::1 AES_GCM_16_128: tcpdump does not decrypt it";
    assertTrue(err.toString().contains(cannot), err.toString());
    assertFalse(err.toString().contains("hmac96"), "no key");
  }

  @Test
  void keylogWritesWhatStandsAndWarns() throws IOException {
    Path keys = folder.resolve("wireshark");
    assertEquals(Exit.DONE, run("keylog", keys.toString()));
    assertTrue(err.toString().contains("warning: keys go to " + keys), err.toString());
    assertEquals("2 keys written to " + keys + "\n", out.toString());
    assertEquals(2, Files.readAllLines(keys.resolve("esp_sa")).size());
    assertEquals(Exit.DONE, run("keylog", keys.toString()));
    assertTrue(out.toString().endsWith("0 keys written to " + keys + "\n"), "not twice");
  }

  @Test
  void captureEndsInTimeAndSaysWhatItHas() throws IOException {
    Path file = folder.resolve("x.pcapng");
    assertEquals(
        Exit.DONE, run("capture", "--connection", "net", "--duration", "1", file.toString()));
    String end = "\nespd: 0 inner and 0 outer packets captured, 0 and 0 lost\n";
    assertEquals("espd: capturing to " + file + end, err.toString());
    assertTrue(Files.size(file) > 0, "interfaces and statistics");
  }

  @Test
  void captureLeavesNoFileWhereItIsRefused() {
    Path file = folder.resolve("x.pcapng");
    assertEquals(Exit.FAILED, run("capture", file.toString()));
    assertTrue(err.toString().contains("one capture at a time"), err.toString());
    assertFalse(Files.exists(file));
  }
}
