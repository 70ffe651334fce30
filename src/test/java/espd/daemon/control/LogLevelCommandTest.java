package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Levels change while the program runs.
class LogLevelCommandTest {

  private static final Logger OURS = LoggerFactory.getLogger("espd.daemon.logging.Example");

  private static Section set(String logger, String level) {
    return LogLevelCommand.perform(
        Section.builder().text("logger", logger).text("level", level).build());
  }

  @AfterEach
  void asBefore() {
    set("espd.daemon", "default");
  }

  @Test
  void aModuleIsHeardAndSilencedAgain() {
    assertFalse(OURS.isDebugEnabled());
    Section answer = set("daemon", "debug");
    assertEquals("yes", answer.text("success").orElseThrow());
    assertEquals(
        "debug", answer.section("levels").flatMap(all -> all.text("espd.daemon")).orElseThrow());
    assertTrue(OURS.isDebugEnabled());
    Section after = set("espd.daemon", "default");
    assertFalse(OURS.isDebugEnabled());
    assertTrue(after.section("levels").flatMap(all -> all.text("espd.daemon")).isEmpty());
  }

  @Test
  void levelsAreShownWithoutAChange() {
    Section answer = LogLevelCommand.perform(Section.EMPTY);
    assertTrue(answer.section("levels").flatMap(all -> all.text("root")).isPresent());
    assertEquals("yes", answer.text("success").orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({
    "daemno, debug, no logger daemno; there are root",
    "daemon, loud, 'no level loud: error, warn, info, debug, trace or default'",
    "root, default, root has no other logger's level"
  })
  void whatThereIsNotIsRefused(String logger, String level, String why) {
    Section answer = set(logger, level);
    assertEquals("no", answer.text("success").orElseThrow());
    String message = answer.text("errmsg").orElseThrow();
    assertTrue(message.startsWith(why), message);
  }
}
