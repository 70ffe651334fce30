package espd.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.config.ConfigException;
import espd.daemon.config.Place;
import espd.daemon.config.Problem;
import espd.daemon.control.ControlServer;
import espd.daemon.control.FakeOperations;
import espd.dataplane.esp.EngineChoice;
import espd.ike.exchange.Retransmission;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class EspdTest {

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<RunOptions> runs = new ArrayList<>();

  @Test
  void handsTheOptionsOfRunToTheDaemon() {
    assertEquals(
        0,
        run(
            "run --config a.conf --config b.secrets --listen 2001:db8::1 --control /tmp/c"
                + " --metrics [::1]:9500"
                + " --tun t0 --crypto ipsec-mb --inbound-cleartext accept --keylog /tmp/k"
                + " --retransmit-tries 2"));
    assertEquals(
        List.of(
            new RunOptions(
                List.of(Path.of("a.conf"), Path.of("b.secrets")),
                List.of(Ipv6Address.parse("2001:db8::1")),
                Path.of("/tmp/c"),
                Optional.of(new InetSocketAddress(InetAddress.ofLiteral("::1"), 9500)),
                "t0",
                EngineChoice.IPSEC_MB,
                InboundCleartext.ACCEPT,
                Optional.of(Path.of("/tmp/k")),
                new Retransmission(Duration.ofSeconds(4), 1.8, 2),
                Voice.ESPD)),
        runs);
  }

  @Test
  void runsWithWhatIsUsual() {
    assertEquals(0, run("run --config a.conf"));
    assertEquals(
        new RunOptions(
            List.of(Path.of("a.conf")),
            List.of(),
            Path.of("/run/espd.ctl"),
            Optional.empty(),
            "espd0",
            EngineChoice.AUTO,
            InboundCleartext.DROP,
            Optional.empty()),
        runs.getFirst());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nonsense                        | Unmatched argument
          run                             | Missing required option: '--config=FILE'
          run --listen nowhere            | Invalid value for option '--listen'
          run --config a --metrics ::1     | is no HOST:PORT
          run --config a --metrics x:70000| is no HOST:PORT
          run --config a --retransmit-tries 10 | '10' is no number from 0 to 9
          run --config a --crypto openssl | is none of auto, ipsec-mb, libcrypto, jdk
          run --config a --inbound-cleartext x| expected one of
          run --config a --log-format xml | expected one of
          run --config a --log-level loud | expected one of
          log-level ike debug now         | was expected, not 3 words
          up                              | Missing required parameter: 'CONNECTION'
          check                           | Missing required parameter: 'FILE'
          trace ::1                       | Missing required parameters: 'DST', 'PROTO'
          trace ::1 10.0.0.1 tcp          | one of IPv4 and one of IPv6: ::1 and 10.0.0.1
          trace 10.0.0.1 10.0.0.256 tcp   | not an IPv4 address: 10.0.0.256
          trace 10.0.0.1 10.0.0.2 icmp x  | 'x' is not an ICMP type and code
          trace ::1 ::2 foo               | 'foo' is not a protocol, as tcp, udp, icmpv6 or 47
          trace ::1 ::2 256               | is not a protocol
          trace ::1 ::2 tcp 65536         | '65536' is not a port
          trace ::1 ::2 icmpv6 128/x      | 'x' is not an ICMPv6 type and code
          check --local 10.0.0.1 x        | not an IPv6 address
          --control                       | Missing required parameter for option '--control'
          """)
  void refusesCommandLinesThatSayNothing(String arguments, String message) {
    assertEquals(Exit.USAGE, run(arguments));
    assertTrue(err.toString().contains(message), err.toString());
  }

  @Test
  void refusesToDoNothing() {
    assertEquals(Exit.USAGE, commandLine().execute());
    assertTrue(err.toString().contains("Missing command"), err.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up x",
        "down x",
        "rekey x",
        "reload",
        "status",
        "sad",
        "spd",
        "match",
        "tcpdump",
        "keylog k",
        "capture x.pcapng",
        "trace ::1 ::2 tcp",
        "log-level"
      })
  void saysHowToStartADaemonWhereNoneAnswers(String arguments) {
    Path nowhere = folder.resolve("nowhere.ctl");
    assertEquals(Exit.UNREACHABLE, run("--control " + nowhere + " " + arguments));
    assertTrue(err.toString().contains("no daemon answers at " + nowhere), err.toString());
    assertTrue(err.toString().contains("espd run --config"), err.toString());
  }

  @Test
  void showsEveryReasonWhyFilesCannotBeUsed() {
    Runner refusing =
        options -> {
          throw new ConfigException(
              List.of(
                  new Problem(new Place(Path.of("a.conf"), 1, 2), "a", "b"),
                  new Problem(new Place(Path.of("a.conf"), 3, 4), "c", "d")));
        };
    assertEquals(Exit.FAILED, commandLine(refusing).execute("run", "--config", "a.conf"));
    assertEquals(
        "a.conf:1:2: read a, expected b\na.conf:3:4: read c, expected d\n", err.toString());
  }

  @Test
  void showsInOneLineWhatTheHostDoesNotGive() {
    Runner refusing =
        options -> {
          throw new IOException("no /dev/net/tun: modprobe tun");
        };
    assertEquals(Exit.FAILED, commandLine(refusing).execute("run", "--config", "a.conf"));
    assertEquals("espd: no /dev/net/tun: modprobe tun\n", err.toString());
  }

  @Test
  void showsProgressSuiteAndSpisOfUp() throws IOException {
    Path socket = folder.resolve("espd.ctl");
    try (ControlServer _ = ControlServer.open(socket, new FakeOperations(List.of()))) {
      assertEquals(Exit.DONE, run("--control " + socket + " up p1-p2"));
      assertEquals(
          """
          initiating IKE_SA p1-p2[1] to 2001:db8:2:2::2
          IKE_SA p1-p2[1] established
          connection 'p1-p2' established successfully
          CHILD_SA p1-p2-1: AES_CBC_128/HMAC_SHA1_96, inbound SPI 0xa51e1f22, outbound SPI 0xa98b7710
          """,
          out.toString());
    }
  }

  @Test
  void speaksWithTheDaemonInEveryCommand() throws IOException {
    Path socket = folder.resolve("espd.ctl");
    try (ControlServer _ = ControlServer.open(socket, new FakeOperations(List.of()))) {
      assertEquals(Exit.DONE, run("down p1-p2 --control " + socket));
      assertEquals(Exit.DONE, run("status --control " + socket));
      assertEquals(Exit.DONE, run("status --all p1-p2 --control " + socket));
      assertEquals(Exit.DONE, run("sad --control " + socket));
      assertEquals(Exit.DONE, run("spd --control " + socket));
      assertTrue(out.toString().endsWith("No SAD entries.\nNo SPD entries.\n"), out.toString());
      assertEquals(Exit.DONE, run("trace ::1 ::2 udp 53 --octets 100 --control " + socket));
      assertTrue(out.toString().endsWith("verdict  leaves in the clear\n"), out.toString());
      assertEquals(Exit.DONE, run("log-level --control " + socket));
      assertTrue(out.toString().contains("root "), out.toString());
      assertEquals(Exit.FAILED, run("up nobody --control " + socket));
      assertEquals("espd: no config named 'nobody'\n", err.toString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          up p1-p2 --json     | 0 | {"success":"yes","msg":"connection 'p1-p2' established
          up nobody --json    | 1 | {"success":"no","errmsg":"no config named 'nobody'","log":[]
          down p1-p2 --json   | 0 | {"success":"yes","msg":"","log":["deleting IKE_SA p1-p2"]}
          rekey p1-p2 --json  | 0 | {"success":"yes","matches":"1","msg":"rekeying 1 SAs","log":[]}
          rekey p1-p2 --ike   | 0 | rekeying 1 SAs
          reload --json       | 0 | {"success":"yes","msg":"","log":[]}
          status --json       | 0 | {"version":{"daemon":"espd","version":"1.0"
          status --json p1-p2 | 0 | "sas":{"1":{"name":"p1-p2","uniqueid":"1"
          sad --json          | 0 | []
          spd --json          | 0 | []
          """)
  void speaksJsonToPrograms(String arguments, int exit, String expected) throws IOException {
    Path socket = folder.resolve("espd.ctl");
    try (ControlServer _ = ControlServer.open(socket, new FakeOperations(List.of()))) {
      assertEquals(exit, run(arguments + " --control " + socket));
      assertTrue(out.toString().contains(expected), out.toString());
      assertEquals("", err.toString());
    }
  }

  @Test
  void checksFilesAsAnotherHost() throws IOException {
    Path conf = folder.resolve("ipsec.conf");
    Files.writeString(
        conf,
        """
        conn x
          left=2001:db8:1:1::1
          right=2001:db8:2:2::2
          keyexchange=ikev2
          authby=secret
          tfc=%mtu
          tfc-dummies=50
          encap-dscp=no
          auto=add
        """);
    assertEquals(Exit.DONE, run("check --local 2001:db8:2:2::2 " + conf));
    String line =
        "x: 2001:db8:2:2::2...2001:db8:1:1::1 TUNNEL tfc=%mtu tfc-dummies=50 encap-dscp=no\n";
    assertTrue(out.toString().endsWith(line), out.toString());
    assertEquals(Exit.DONE, run("check --json --local 2001:db8:2:2::2 " + conf));
    assertTrue(
        out.toString().contains("\"connections\":[{\"name\":\"x\",\"local\":\"2001:db8:2:2::2\""),
        out.toString());
    assertEquals(Exit.FAILED, run("check --json --local ::1 " + conf));
    assertTrue(
        out.toString().contains("{\"errors\":[{\"file\":\"" + conf + "\",\"line\":2"),
        out.toString());
    assertEquals(Exit.FAILED, run("check --local ::1 " + conf));
    assertTrue(err.toString().startsWith(conf + ":2:8: read left=2001:db8:1:1::1"), err.toString());
  }

  @Test
  void ranksAlgorithmsAndIsStrictWhereItIsAskedTo() throws IOException {
    Path conf = folder.resolve("ipsec.conf");
    Files.writeString(
        conf,
        """
        conn x
          left=2001:db8:1:1::1
          right=2001:db8:2:2::2
          keyexchange=ikev2
          authby=secret
          esp=aes128-sha1!
          auto=add
        """);
    String check = "check --local 2001:db8:2:2::2 " + conf;
    assertEquals(Exit.DONE, run(check + " --verbose"));
    String rank = "  ESP integrity  HMAC_SHA1_96                  MUST-       RFC 8221 §6\n";
    assertTrue(out.toString().contains(rank), out.toString());
    assertEquals(Exit.FAILED, run(check + " --strict"));
    assertEquals(Exit.DONE, run(check + " --json"));
    String json = "\"name\":\"HMAC_SHA1_96\",\"strength-bits\":0,\"level\":\"MUST-\"";
    assertTrue(out.toString().contains(json), out.toString());
    assertEquals(Exit.FAILED, run("check --local ::1 --json " + conf));
    String error = "{\"errors\":[{\"file\":\"" + conf + "\",\"line\":2,\"column\":8,";
    assertTrue(out.toString().contains(error), out.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "doctor --help",
    "trace --help",
    "--help",
    "run --help",
    "up --help",
    "status --help",
    "check --help"
  })
  void helps(String arguments) {
    assertEquals(Exit.DONE, run(arguments));
    assertTrue(out.toString().startsWith("Usage: espd"), out.toString());
  }

  @Test
  void tellsExamplesExitCodesAndItsVersion() {
    run("--help");
    assertTrue(out.toString().contains("espd up ipv6-p1-p2"), out.toString());
    assertTrue(out.toString().contains("no daemon answers at the control socket"));
    assertEquals(Exit.DONE, run("--version"));
    assertTrue(out.toString().endsWith("espd " + Version.text() + "\n"), out.toString());
  }

  private int run(String arguments) {
    return commandLine().execute(arguments.split(" ", -1));
  }

  private CommandLine commandLine() {
    return commandLine(
        options -> {
          runs.add(options);
          return 0;
        });
  }

  private CommandLine commandLine(Runner runner) {
    return Espd.commandLine(runner)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true));
  }
}
