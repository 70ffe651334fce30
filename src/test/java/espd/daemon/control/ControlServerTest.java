package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.control.ControlClient.Command;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ControlServerTest {

  @TempDir Path folder;
  private Path socket = Path.of("espd.ctl");
  private ControlServer server;

  @BeforeEach
  void open() throws IOException {
    socket = folder.resolve("espd.ctl");
    server = ControlServer.open(socket, new FakeOperations(List.of()));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void isForItsOwnerOnlyAndLeavesNothingElseBehind() throws IOException {
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    try (var files = Files.list(folder)) {
      assertEquals(List.of(socket), files.toList());
    }
    server.close();
    assertFalse(Files.exists(socket));
  }

  @Test
  void tellsItsVersion() throws IOException {
    try (ControlClient client = ControlClient.connect(socket)) {
      Section version = client.command("version", Section.EMPTY);
      assertEquals("espd", version.text("daemon").orElseThrow());
      assertEquals("1.0", version.text("version").orElseThrow());
    }
  }

  @Test
  void streamsTheProgressOfInitiate() throws IOException {
    List<String> lines = new ArrayList<>();
    try (ControlClient client = ControlClient.connect(socket)) {
      Section answer =
          client.stream(
              new Command("initiate", Section.builder().text("child", "p1-p2").build()),
              "control-log",
              event -> lines.add(event.text("msg").orElseThrow()));
      assertEquals("yes", answer.text("success").orElseThrow());
    }
    assertEquals(
        List.of("initiating IKE_SA p1-p2[1] to 2001:db8:2:2::2", "IKE_SA p1-p2[1] established"),
        lines);
  }

  @Test
  void saysWhyACommandFailed() throws IOException {
    try (ControlClient client = ControlClient.connect(socket)) {
      Section unknown =
          client.command("initiate", Section.builder().text("child", "nobody").build());
      assertEquals("no config named 'nobody'", unknown.text("errmsg").orElseThrow());
      Section bug = client.command("terminate", Section.builder().text("ike", "bug").build());
      assertEquals("no", bug.text("success").orElseThrow());
      Section slow =
          client.command(
              "terminate", Section.builder().text("ike", "slow").text("timeout", 20).build());
      assertTrue(slow.text("errmsg").orElseThrow().startsWith("not done within 20 ms"));
      assertThrows(IOException.class, () -> client.command("nonsense", Section.EMPTY));
      assertEquals("espd", client.command("version", Section.EMPTY).text("daemon").orElseThrow());
    }
  }

  @Test
  void terminatesByTheNumberOfAnSa() throws IOException {
    List<String> lines = new ArrayList<>();
    try (ControlClient client = ControlClient.connect(socket)) {
      client.stream(
          new Command("terminate", Section.builder().text("ike-id", "1").build()),
          "control-log",
          event -> lines.add(event.text("msg").orElseThrow()));
    }
    assertEquals(List.of("deleting 1"), lines);
  }

  @Test
  void listsSasAndConnections() throws IOException {
    List<Section> sas = new ArrayList<>();
    List<Section> conns = new ArrayList<>();
    try (ControlClient client = ControlClient.connect(socket)) {
      client.stream(new Command("list-sas", Section.EMPTY), "list-sa", sas::add);
      client.stream(new Command("list-conns", Section.EMPTY), "list-conn", conns::add);
      assertEquals(List.of("gw"), client.command("get-conns", Section.EMPTY).items("conns"));
      assertEquals(
          "1",
          client
              .command("stats", Section.EMPTY)
              .section("ikesas")
              .orElseThrow()
              .text("total")
              .orElseThrow());
    }
    Section sa = sas.getFirst().section("p1-p2").orElseThrow();
    assertEquals("0123456789abcdef", sa.text("initiator-spi").orElseThrow());
    assertEquals("HMAC_SHA2_256_128", sa.text("integ-alg").orElseThrow());
    assertEquals("ECP_256", sa.text("dh-group").orElseThrow());
    assertEquals("ML_KEM_768", sa.text("ke1-alg").orElseThrow());
    Section child = sa.section("child-sas").orElseThrow().section("p1-p2-1").orElseThrow();
    assertEquals("a51e1f22", child.text("spi-in").orElseThrow());
    assertEquals(List.of("2001:db8:2:2::2/128"), child.items("remote-ts"));
    Section conn = conns.getFirst().section("p1-p2").orElseThrow();
    assertEquals("IKEv2", conn.text("version").orElseThrow());
  }

  @Test
  void showsTexts() throws IOException {
    try (ControlClient client = ControlClient.connect(socket)) {
      assertEquals("No SAD entries.\n", client.text(new Command("espd-sad", Section.EMPTY)));
      assertEquals("No SPD entries.\n", client.text(new Command("espd-spd", Section.EMPTY)));
      assertTrue(
          client
              .text(new Command("espd-status", Section.EMPTY))
              .contains("Security Associations (1 up, 0 connecting):"));
    }
  }

  @Test
  void replacesTheSocketOfAKilledDaemon() throws IOException {
    Path stale = folder.resolve("stale.ctl");
    try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      killed.bind(UnixDomainSocketAddress.of(stale));
    }
    assertTrue(Files.exists(stale));
    try (ControlServer _ = ControlServer.open(stale, new FakeOperations(List.of()));
        ControlClient client = ControlClient.connect(stale)) {
      assertEquals("espd", client.command("version", Section.EMPTY).text("daemon").orElseThrow());
      assertTrue(Files.exists(stale));
    }
  }

  @Test
  void leavesTheSocketOfALiveDaemonAndWhatIsNoSocket() throws IOException {
    IOException live =
        assertThrows(
            IOException.class, () -> ControlServer.open(socket, new FakeOperations(List.of())));
    assertTrue(String.valueOf(live.getMessage()).startsWith("another espd answers at " + socket));
    Path file = Files.writeString(folder.resolve("file"), "text");
    assertThrows(IOException.class, () -> ControlServer.open(file, new FakeOperations(List.of())));
    assertEquals("text", Files.readString(file));
  }

  @ParameterizedTest
  @CsvSource({"0", "524289", "-1", "2147483647"})
  void endsTheConversationOverAPacketOfImpossibleLength(int length) throws IOException {
    try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      raw.write(ByteBuffer.allocate(4).putInt(length).flip());
      assertEquals(-1, raw.read(ByteBuffer.allocate(1)));
    }
    try (ControlClient client = ControlClient.connect(socket)) {
      assertEquals("espd", client.command("version", Section.EMPTY).text("daemon").orElseThrow());
    }
  }

  @Test
  void sendsTheSeventeenthClientAway() throws IOException {
    List<ControlClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 16; i++) {
        clients.add(ControlClient.connect(socket));
        clients.getLast().command("version", Section.EMPTY);
      }
      try (ControlClient late = ControlClient.connect(socket)) {
        assertThrows(IOException.class, () -> late.command("version", Section.EMPTY));
      }
    } finally {
      for (ControlClient client : clients) {
        client.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --version --daemon       | 1.0
          --stats                  | uptime: 3 days
          --list-conns             | p1-p2: IKEv2
          --list-sas               | a98b7710
          --list-pols              |
          --list-certs             |
          --list-algs              | CURVE_25519
          --counters               | create-child-out-req
          --rekey --child p1-p2    | rekey completed successfully
          --install --child p1-p2  |
          --uninstall --child p1-p2|
          --reload-settings        |
          --flush-certs            |
          --initiate --child p1-p2 | initiate completed successfully
          --terminate --ike p1-p2  | terminate completed successfully
          """)
  void speaksWithSwanctl(String arguments, String expected) throws Exception {
    assertSays(arguments, expected);
  }

  /// Those that everything fits which is named are meant.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --redirect --ike p1-p2 --gateway 2001:db8::9   | redirect completed successfully
          --redirect --ike-id 1 --gateway gw.example     | redirect completed successfully
          --redirect --ike-id 7 --gateway gw.example     | no matching SAs to redirect found
          --redirect --peer-ip 2001:db8:2::/48 --gateway 192.0.2.1 | redirect completed successfully
          --redirect --peer-ip 2001:db8:2:2::1-2001:db8:2:2::3 --gateway ::1 | redirect completed
          --redirect --peer-ip 2001:db8:2:2::3 --gateway ::1 | no matching SAs to redirect found
          --redirect --peer-ip somewhere --gateway ::1   | not an IPv6 address: somewhere
          --redirect --peer-id *.EXAMPLE --gateway ::1   | redirect completed successfully
          --redirect --peer-id *.exampl --gateway ::1    | no matching SAs to redirect found
          --redirect --ike p1-p2 --gateway a..b          | not a gateway: a..b
          --redirect --ike p1-p2                         | missing target gateway
          --redirect --gateway gw.example                | missing redirect selector
          """)
  void redirectsWhomSwanctlNames(String arguments, String expected) throws Exception {
    assertSays(arguments, expected);
  }

  private void assertSays(String arguments, String expected) throws Exception {
    Path swanctl = Path.of("/usr/sbin/swanctl");
    Assumptions.assumeTrue(Files.isExecutable(swanctl), "swanctl is not installed");
    List<String> command = new ArrayList<>(List.of(swanctl.toString()));
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of("--uri", "unix://" + socket));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(process.waitFor(Duration.ofSeconds(20).toSeconds(), TimeUnit.SECONDS));
    String text = Files.readString(output);
    assertTrue(expected == null ? process.exitValue() == 0 : text.contains(expected), text);
  }
}
