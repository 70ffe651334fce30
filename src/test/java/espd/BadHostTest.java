package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A host on which the program cannot run: one line says what to do, and nothing is left behind.
@InLab
class BadHostTest {

  private static final String CONNECTION =
      """
      conn net
          keyexchange=ikev2
          authby=secret
          left=2001:db8:1:1::1
          right=2001:db8:2:2::2
          auto=add
      """;

  @RegisterExtension private final Lab lab = new Lab();

  private String before = "";

  @BeforeEach
  void files() throws IOException {
    write("ipsec.conf", CONNECTION);
    write("ipsec.secrets", ": PSK \"verysecret\"\n");
    before = lab.a().state();
  }

  private Path write(String name, String text) throws IOException {
    Path file = Files.writeString(lab.a().directory().resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private Output run(String... prefix) {
    Host host = lab.a();
    List<String> words = new ArrayList<>(List.of(prefix));
    words.addAll(
        List.of(
            Espd.command(
                "run",
                "--config",
                host.directory() + "/ipsec.conf",
                "--config",
                host.directory() + "/ipsec.secrets",
                "--control",
                host.directory() + "/control",
                "--metrics",
                "[::1]:9500")));
    return host.run(words.toArray(String[]::new));
  }

  /// It failed with one line that has all `words`, and the host is as it was.
  private void refused(Output output, String... words) {
    output.failed();
    assertEquals(1, output.err().lines().count(), output::toString);
    for (String word : words) {
      assertTrue(output.err().contains(word), output::toString);
    }
    assertEquals(before, lab.a().state());
  }

  @Test
  void withoutADeviceFileForTun() {
    Output output =
        run("unshare", "-m", "sh", "-c", "mount -t tmpfs none /dev/net && exec \"$@\"", "sh");
    refused(output, "/dev/net/tun");
  }

  @Test
  void withoutTheCapabilityForNetworks() {
    refused(run("setpriv", "--bounding-set", "-net_admin"), "CAP_NET_ADMIN");
  }

  @Test
  void withoutTheCapabilityForRawSockets() {
    refused(run("setpriv", "--bounding-set", "-net_raw"), "CAP_NET_RAW");
  }

  @Test
  void withThePortOfIkeTaken() {
    taken(
        "import socket; s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); s.bind(('::',"
            + " 500))");
    refused(run(), "500");
  }

  @Test
  void withThePortOfMetricsTaken() {
    taken("import socket; s = socket.socket(socket.AF_INET6); s.bind(('::1', 9500)); s.listen()");
    refused(run(), "metrics cannot listen on", "9500");
  }

  private void taken(String python) {
    String script = python + "; print('bound', flush=True); import time; time.sleep(60)";
    Running other = lab.closing(lab.a().start("other", "/usr/bin/python3", "-c", script));
    other.awaitLog("bound", Duration.ofSeconds(20));
  }

  @Test
  void withAMalformedFile() throws IOException {
    write("ipsec.conf", CONNECTION + "    type=tunel\n");
    refused(run(), "ipsec.conf:7", "tunel", "tunnel");
  }

  @Test
  void withSecretsThatAllMayRead() throws IOException {
    Files.setPosixFilePermissions(
        lab.a().directory().resolve("ipsec.secrets"), PosixFilePermissions.fromString("rw-r--r--"));
    refused(run(), "ipsec.secrets");
  }
}
