package espd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The Debian package: made, unpacked, and run from there by its unit and by root. Runs when the
/// program is built.
@InLab
class PackageIT {

  private static final String CONNECTION =
      """
      keyexchange=ikev2
      authby=secret
      left=2001:db8:1:1::1
      right=2001:db8:2:2::2
      auto=add
      """;

  /// CAP_NET_BIND_SERVICE, CAP_NET_ADMIN and CAP_NET_RAW (linux/capability.h).
  private static final String CAPABILITIES = "0000000000003400";

  /// What systemd 252 says of the unit; less is better, 10 is worst.
  private static final double EXPOSURE = 1.8;

  @TempDir private static Path folder;
  private static Path root = Path.of("/");

  @RegisterExtension private final Lab lab = new Lab();

  @BeforeAll
  static void makeAndUnpack() throws Exception {
    String packaged =
        run("scripts/package", "--output", folder.toString()).succeeded().out().strip();
    root = folder.resolve("root");
    run("dpkg-deb", "--extract", packaged, root.toString()).succeeded();
    // The directory of a test is private; that of a package is not.
    run("chmod", "755", folder.toString()).succeeded();
  }

  private static Output run(String... command) throws IOException, InterruptedException {
    Path errors = Files.createTempFile(folder, "err", "");
    Process process =
        new ProcessBuilder(command)
            .directory(Sources.root().toFile())
            .redirectError(errors.toFile())
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Output(List.of(command), process.waitFor(), out, Files.readString(errors));
  }

  private static Path espd() {
    return root.resolve("usr/bin/espd");
  }

  private static Path unit() {
    return root.resolve("usr/lib/systemd/system/espd.service");
  }

  /// {@return the command that hides every JDK of the machine}
  private static List<String> byRoot() {
    return List.of(
        "unshare",
        "--mount",
        "sh",
        "-c",
        "mount -t tmpfs none /usr/lib/jvm && exec \"$@\"",
        "sh",
        espd().toString(),
        "run");
  }

  @Test
  void carriesPingsAsItsUnitRunsItAndAsRootDoes() throws IOException {
    Host a = lab.a();
    String before = a.state();
    Espd byUnit = Espd.start(lab, a, CONNECTION, Unit.command(a, unit(), espd()));
    Espd byRoot = Espd.start(lab, lab.b(), CONNECTION, byRoot());
    byUnit.up();
    a.pings(lab.b());
    lab.b().pings(a);
    assertEquals(6, byUnit.sa(a, lab.b()).packets());

    String log = byUnit.daemon().log();
    long pid = Long.parseLong(found("(?m)^pid (\\d+)$", log));
    assertEveryThreadHasLittlePower(pid);
    assertEveryThreadHasLittlePower(byRoot.daemon().pid());
    for (long each : List.of(pid, byRoot.daemon().pid())) {
      assertTrue(Files.readString(proc(each, "maps")).contains("run.aot"), "Java has learnt");
      assertTrue(
          Files.readString(proc(each, "limits")).matches("(?s).*Max core file size +0 +0 .*"));
    }
    // What is in /proc of a process that nobody may look into is root's, whoever it is.
    assertEquals("0", Files.getAttribute(proc(pid, "status"), "unix:uid").toString());
    assertNotEquals("0", found("(?m)^Uid:\\s+(\\d+)", Files.readString(proc(pid, "status"))));
    assertTrue(log.contains("\n<6>net[1] 0x"), "lines have a priority and a subject:\n" + log);

    byUnit.daemon().terminate();
    assertEquals(before, a.state());
    assertEquals(
        List.of("READY=1", "STOPPING=1"),
        told(byUnit.daemon().log()).filter(each -> each.matches("READY.*|STOPPING.*")).toList());
    assertTrue(told(log).anyMatch("STATUS=1 connections, 1 IKE SAs, 1 Child SAs"::equals), log);
    assertTrue(told(log).filter("WATCHDOG=1"::equals).count() > 1, log);
  }

  private static Path proc(long pid, String file) {
    return Path.of("/proc/" + pid + "/" + file);
  }

  private static String found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(each -> each.group(1))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + pattern + " in\n" + text));
  }

  private static Stream<String> told(String log) {
    return Pattern.compile("'([A-Z]+=[^']*)'").matcher(log).results().map(each -> each.group(1));
  }

  private static void assertEveryThreadHasLittlePower(long pid) throws IOException {
    try (Stream<Path> threads = Files.list(proc(pid, "task"))) {
      List<Path> all = threads.toList();
      assertTrue(all.size() > 10, "a Java machine has many threads, not " + all.size());
      for (Path thread : all) {
        String status = Files.readString(thread.resolve("status"));
        for (String set : List.of("CapPrm", "CapEff", "CapBnd")) {
          assertEquals(CAPABILITIES, found("(?m)^" + set + ":\\s+(\\S+)$", status), status);
        }
        assertEquals("1", found("(?m)^NoNewPrivs:\\s+(\\d)$", status), status);
      }
    }
  }

  @Test
  void systemdFindsNothingToBlameInItsUnit() throws Exception {
    Path here = Files.createDirectory(folder.resolve("unit")).resolve("espd.service");
    Files.writeString(here, Files.readString(unit()).replace("/usr/bin/espd", espd().toString()));
    Output verified = run("systemd-analyze", "verify", "--man=no", here.toString());
    assertEquals("", verified.succeeded().all());
    Output judged =
        run("systemd-analyze", "security", "--offline=true", unit().toString()).succeeded();
    double exposure =
        Double.parseDouble(found("Overall exposure level for \\S+: ([0-9.]+)", judged.all()));
    assertEquals(EXPOSURE, exposure, 0.05, judged::all);
  }

  @Test
  void whatIsInstalledTwiceAndTakenOutLeavesNoFile() throws Exception {
    String below = folder.resolve("below").toString();
    for (String[] more : List.of(new String[0], new String[0], new String[] {"--uninstall"})) {
      List<String> words =
          Stream.concat(
                  Stream.of("scripts/install", "--prefix", "/opt/espd", "--destdir", below),
                  Stream.of(more))
              .toList();
      run(words.toArray(String[]::new)).succeeded();
      if (more.length == 0) {
        assertTrue(
            Files.readString(Path.of(below, "etc/systemd/system/espd.service"))
                .contains("ExecStart=/opt/espd/bin/espd run"));
        assertTrue(
            run(below + "/opt/espd/bin/espd", "--version").succeeded().out().startsWith("espd "));
      }
    }
    assertEquals("", run("find", below, "!", "-type", "d").succeeded().out());
  }
}
