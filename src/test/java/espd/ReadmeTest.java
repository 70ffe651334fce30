package espd;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.cli.Espd;
import espd.daemon.config.Configuration;
import espd.daemon.config.HostView;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What the README says is so: its command lines are read by the program's own parser, its files by
/// the program's own readers.
class ReadmeTest {

  private static final Pattern COMMAND_LINE = Pattern.compile("(?m)^# scripts/espd (.*)$");
  private static final Pattern BLOCK = Pattern.compile("(?s)\n```\n(.*?)\n```\n");
  private static final Pattern OPTION = Pattern.compile("(?<![-\\w])--[a-z][a-z-]+");
  private static final Pattern FILE =
      Pattern.compile(
          "(?<![\\w./-])(?:scripts|spd|tun|dataplane|ike|metrics|perf|src)/[\\w./-]*\\w");

  private static String readme() throws IOException {
    return Files.readString(Sources.root().resolve("README.md"));
  }

  private static List<String> all(Pattern pattern, int group) throws IOException {
    return pattern.matcher(readme()).results().map(found -> found.group(group)).toList();
  }

  private static CommandLine program() {
    return Espd.commandLine(
        options -> {
          throw new IllegalStateException("nothing is run: " + options);
        });
  }

  @Test
  void theProgramUnderstandsEveryCommandLine() throws IOException {
    for (String line : all(COMMAND_LINE, 1)) {
      assertDoesNotThrow(() -> program().parseArgs(line.split(" ", -1)), line);
    }
  }

  @Test
  void everyCommandHasAnExample() throws IOException {
    Set<String> shown =
        all(COMMAND_LINE, 1).stream()
            .map(line -> line.split(" ", -1)[0])
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(program().getSubcommands().keySet()), shown);
  }

  @Test
  void everyOptionItNamesExists() throws IOException {
    StringBuilder known = new StringBuilder();
    program()
        .getSubcommands()
        .values()
        .forEach(command -> known.append(command.getUsageMessage()).append('\n'));
    for (String script : List.of("demo", "test")) {
      known.append(Files.readString(Sources.root().resolve("scripts").resolve(script)));
    }
    for (String option : all(OPTION, 0)) {
      assertTrue(known.indexOf(option) >= 0, option);
    }
  }

  @Test
  void theProgramReadsTheFilesItShows(@TempDir Path folder) throws Exception {
    Path conf = block(folder.resolve("ipsec.conf"), "conn ");
    Path secrets = block(folder.resolve("ipsec.secrets"), "2001:db8:1:1::1 2001:db8:2:2::2 : PSK");
    HostView host = HostView.of(Ipv6Address.parse("2001:db8:1:1::1"));
    Configuration read = Configuration.read(List.of(conf, secrets), host);
    var connection = read.connections().getFirst();
    assertTrue(
        read.credentials()
            .preSharedKey(connection.localId(), connection.remoteId().orElseThrow())
            .isPresent());
  }

  private static Path block(Path file, String start) throws IOException {
    String text =
        all(BLOCK, 1).stream().filter(block -> block.startsWith(start)).findFirst().orElseThrow();
    Files.writeString(file, text + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void everyFileItNamesExists() throws IOException {
    for (String file : all(FILE, 0)) {
      assertTrue(Files.exists(Sources.root().resolve(file)), file);
    }
  }
}
