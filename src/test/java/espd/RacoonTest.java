package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Capture;
import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Running;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The HOWTO's chapter on racoon, between two hosts: setkey's policies, racoon.conf and psk.txt as
/// they stand there, what racoon logs, and what setkey and racoonctl show.
@InLab
class RacoonTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @RegisterExtension private final Lab lab = new Lab();

  private static String seed(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(RacoonTest.class.getResourceAsStream("/racoon/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// Writes the seed's file, for the peer with the addresses swapped.
  private Path file(Host host, String name) throws IOException {
    String text = seed(name).replace("/etc/racoon", host.directory().toString());
    if (host.equals(lab.b())) {
      text =
          text.replace(lab.a().address(), "HERE")
              .replace(lab.b().address(), lab.a().address())
              .replace("HERE", lab.b().address());
    }
    Path file = Files.writeString(host.directory().resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private Espd start(Host host, String policies) throws IOException {
    file(host, "psk.txt");
    Espd racoon = Espd.startRacoon(lab, host, file(host, "racoon.conf"));
    racoon.control("setkey", "-f", file(host, policies).toString()).succeeded();
    return racoon;
  }

  @Test
  void theSeedsFilesMakeWhatTheHowtoShows() throws IOException {
    Espd a = start(lab.a(), "tunnel.sh");
    Espd b = start(lab.b(), "tunnel.sh");
    Capture capture = Capture.start(lab, lab.a());
    negotiates(a, 1);
    lab.a().pings(lab.b());
    capture.stop();
    assertEquals(List.of(), capture.pingsInTheClear());
    assertEquals(shape(joined(seed("racoon.log"))), shape(a.daemon().log()));
    assertEquals(
        List.of(
            "respond new phase 1 negotiation: 2001:db8:2:2::2[500]<=>2001:db8:1:1::1[500]",
            "begin Identity Protection mode.",
            "respond new phase 2 negotiation: 2001:db8:2:2::2[0]<=>2001:db8:1:1::1[0]"),
        b.daemon()
            .log()
            .lines()
            .filter(line -> line.contains("respond") || line.contains("begin"))
            .map(line -> line.replaceFirst(".*INFO: ", ""))
            .toList());
    assertSas(a.control("setkey", "-D").succeeded().out());
    assertTable(a);
    changesWhatRacoonctlIsTold(a, b);
    assertEquals(0, a.daemon().terminate());
    assertTrue(
        a.daemon()
            .log()
            .lines()
            .toList()
            .getLast()
            .matches(".*: INFO: racoon process \\d+ shutdown"));
    assertTrue(a.daemon().log().contains(": INFO: caught signal 15\n"));
  }

  /// Lines that were broken in print are one again; one address of the author's was left in.
  private static String joined(String log) {
    return log.replaceAll("\n¬ ?", " ").replace("2001:6f8:900:94::2", "2001:db8:1:1::1");
  }

  /// What a line says, whatever its numbers and the program's name.
  private static List<String> shape(String log) {
    return log.lines()
        .filter(line -> !line.contains(": WARNING: "))
        .map(line -> line.replaceFirst("^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d: ", "TIME "))
        .map(line -> line.replaceAll("spi=\\d+\\(0x[1-9a-f][0-9a-f]*\\)", "spi=SPI"))
        .map(line -> line.replaceAll("spi:[0-9a-f]{16}:[0-9a-f]{16}", "spi:COOKIES"))
        .map(line -> line.replaceAll("fd=\\d+", "fd=N"))
        .map(line -> line.replaceAll("@\\(#\\)This product linked .* \\(.*\\)", "LINKED"))
        .map(line -> line.replaceAll("@\\(#\\).* \\(.*\\)", "WHO"))
        .map(String::stripTrailing)
        .toList();
  }

  private static void assertSas(String text) {
    List<String> lines = text.lines().map(String::strip).toList();
    assertEquals("2001:db8:1:1::1 2001:db8:2:2::2", lines.get(0));
    assertTrue(lines.get(1).matches("esp mode=tunnel spi=\\d+\\(0x.*\\) reqid=0\\(0x00000000\\)"));
    assertTrue(lines.get(2).startsWith("E: 3des-cbc  "));
    assertTrue(lines.get(3).startsWith("A: hmac-md5  "));
    assertTrue(lines.get(4).matches("seq=0x0000000[34] replay=4 flags=0x00000000 state=mature"));
    assertTrue(lines.get(6).endsWith("hard: 3600(s)\tsoft: 2880(s)"));
    assertEquals("2001:db8:2:2::2 2001:db8:1:1::1", lines.get(11));
  }

  private static void assertTable(Espd a) {
    String cookies =
        a.daemon().log().replaceFirst("(?s).*ISAKMP-SA established .* spi:(\\S+).*", "$1");
    List<String> table =
        a.control("racoonctl", "show-sa", "isakmp").succeeded().out().lines().toList();
    assertEquals("Destination            Cookies                           Created", table.get(0));
    assertTrue(
        table.get(1).matches("2001:db8:2:2::2\\.500    " + cookies + " \\d{4}-.*:\\d\\d "),
        table.get(1));
    String longer = a.control("racoonctl", "-l", "ss").succeeded().out().lines().toList().get(1);
    assertTrue(longer.matches("2001:db8:1:1::1.500 .*" + cookies + "  9 I 10 M .*      1"), longer);
    assertEquals(
        a.control("setkey", "-D").out().lines().count(),
        a.control("racoonctl", "show-sa", "esp").succeeded().out().lines().count());
  }

  private void changesWhatRacoonctlIsTold(Espd a, Espd b) {
    String[] packets = {"esp", "inet6", "2001:db8:1:1::1/128/0", "2001:db8:2:2::2/128/0", "any"};
    racoonctl(a, "delete-sa", packets).succeeded();
    a.daemon().awaitLog("purged IPsec-SA proto_id=ESP spi=", PATIENCE);
    negotiates(a, 2);
    assertEquals(1, count(a, "initiate new phase 1 negotiation"));
    assertEquals(2, count(a, "initiate new phase 2 negotiation"));
    racoonctl(a, "delete-sa", "isakmp", "inet6", "2001:db8:1:1::1", "2001:db8:2:2::2").succeeded();
    b.daemon().awaitLog("purged ISAKMP-SA spi=", PATIENCE);
    a.daemon()
        .awaitLog("ISAKMP-SA deleted 2001:db8:1:1::1[500]-2001:db8:2:2::2[500] spi:", PATIENCE);
    racoonctl(a, "establish-sa", packets).succeeded();
    assertEquals(2, count(a, "ISAKMP-SA established"));
    racoonctl(a, "flush-sa", "isakmp").succeeded();
    racoonctl(a, "reload-config").succeeded();
    assertEquals(1, racoonctl(a, "vpn-connect", "2001:db8:2:2::2").exit());
  }

  /// Has a packet bring up SAs, for the n-th time; who pings may have stopped waiting by then.
  private void negotiates(Espd a, int times) {
    lab.a().ping(lab.b().address(), 1, 56);
    Running.await("SAs", PATIENCE, () -> count(a, "IPsec-SA established") == 2L * times);
  }

  private static Output racoonctl(Espd espd, String command, String... words) {
    return espd.control(
        Stream.concat(Stream.of("racoonctl", command), Stream.of(words)).toArray(String[]::new));
  }

  private static long count(Espd espd, String words) {
    return espd.daemon().log().lines().filter(line -> line.contains(words)).count();
  }
}
