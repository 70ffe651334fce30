package espd;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Espd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the README says exists.
@Timeout(60)
class ReadmeTest {

  private static final Pattern COMMAND =
      Pattern.compile("(?m)^(?:[#$] )?scripts/espd ([a-z][a-z-]*)");
  private static final Pattern OPTION = Pattern.compile("(?<![-\\w])--[a-z][a-z-]+");
  private static final Pattern FILE =
      Pattern.compile(
          "(?<![\\w./-])(?:scripts|spd|tun|dataplane|ike|metrics|perf|src)/[\\w./-]*\\w");

  private static String readme() throws IOException {
    return Files.readString(Sources.root().resolve("README.md"));
  }

  private static Set<String> all(Pattern pattern, int group, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(group))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String help(String... arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of(Espd.command(arguments))).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }

  @Test
  void everyCommandAndOptionItShowsExists() throws Exception {
    String readme = readme();
    Set<String> commands = all(COMMAND, 1, readme);
    assertFalse(commands.isEmpty());
    StringBuilder help = new StringBuilder(help("--help"));
    for (String command : commands) {
      assertTrue(Pattern.compile("(?m)^ +" + command + "\\b").matcher(help).find(), command);
      help.append(help(command, "--help"));
    }
    for (String script : List.of("demo", "test")) {
      help.append(Files.readString(Sources.root().resolve("scripts").resolve(script)));
    }
    for (String option : all(OPTION, 0, readme)) {
      assertTrue(help.indexOf(option) >= 0, option);
    }
  }

  @Test
  void everyFileItNamesExists() throws IOException {
    for (String file : all(FILE, 0, readme())) {
      Path path = Sources.root().resolve(file);
      assertTrue(Files.exists(path), file);
    }
  }
}
