package espd.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// racoon's options.
class RacoonCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<RunOptions> runs = new ArrayList<>();

  private int run(String line) {
    return Espd.commandLine(
            options -> {
              runs.add(options);
              return Exit.DONE;
            })
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(line.split(" ", -1));
  }

  @ParameterizedTest
  @CsvSource({
    "racoon -x, racoon: Unknown option: '-x'",
    "racoon -4, 'racoon: -4: peers are spoken to over IPv6 only'",
    "racoon -p 501, 'racoon: -p, -P: there are no other ports'",
    "racoon -P 4501, 'racoon: -p, -P: there are no other ports'",
    "racoon -f, racoon: Missing required parameter for option '-f'"
  })
  void saysHowItIsUsed(String line, String why) {
    assertEquals(1, run(line));
    assertTrue(err.toString().startsWith(why), err.toString());
    assertTrue(err.toString().contains("usage: racoon [-BdFLvV46C]"), err.toString());
    assertEquals(List.of(), runs);
  }

  @Test
  void otherCommandsSayHowTheyAreUsed() {
    assertEquals(Exit.USAGE, run("run --nonsense"));
  }

  @Test
  void saysItsVersion() {
    assertEquals(0, run("racoon -V"));
    assertTrue(out.toString().startsWith("@(#)espd "), out.toString());
  }
}
