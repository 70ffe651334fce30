package espd.daemon.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.KeyValuePair;

/// How log lines look.
class LayoutTest {

  private static final KeyValuePair CONNECTION = new KeyValuePair("connection", "net");
  private static final KeyValuePair IKE_SA = new KeyValuePair("ike_sa", 1);
  private static final KeyValuePair IKE_SPI = new KeyValuePair("spi", "0x559423e70259c6b4");

  private final LoggerContext loggers = new LoggerContext();

  private LoggingEvent event(Level level, String message, KeyValuePair... subject) {
    LoggingEvent event = new LoggingEvent();
    event.setLoggerName("espd.ike.driver.IkeSas");
    event.setLoggerContext(loggers);
    event.setThreadName("ike");
    event.setLevel(level);
    event.setMessage(message);
    event.setInstant(Instant.parse("2026-11-27T02:10:44.831Z"));
    for (KeyValuePair pair : subject) {
      event.addKeyValuePair(pair);
    }
    return event;
  }

  private static String text(ILoggingEvent event) {
    return TextLayout.withTimes(ZoneOffset.UTC).doLayout(event);
  }

  @Test
  void textSaysWhatALineIsAbout() {
    assertEquals(
        "02:10:44.831 INFO  net[1] 0x559423e70259c6b4: established\n",
        text(event(Level.INFO, "established", CONNECTION, IKE_SA, IKE_SPI)));
    assertEquals(
        "02:10:44.831 WARN  net 0x1b8b63bc inbound: packet dropped\n",
        text(
            event(
                Level.WARN,
                "packet dropped",
                CONNECTION,
                new KeyValuePair("spi", "0x1b8b63bc"),
                new KeyValuePair("direction", "inbound"))));
    assertEquals(
        "02:10:44.831 INFO  net{7} port=500: up\n",
        text(
            event(
                Level.INFO,
                "up",
                CONNECTION,
                new KeyValuePair("child_sa", 7),
                new KeyValuePair("port", 500))));
    assertEquals("02:10:44.831 INFO  stopped\n", text(event(Level.INFO, "stopped")));
  }

  @Test
  void jsonSaysTheSameByName() {
    assertEquals(
        "{\"time\":\"2026-11-27T02:10:44.831Z\",\"level\":\"INFO\",\"connection\":\"net\","
            + "\"ike_sa\":1,\"spi\":\"0x559423e70259c6b4\",\"message\":\"a \\\"b\\\"\\nc\","
            + "\"logger\":\"espd.ike.driver.IkeSas\",\"thread\":\"ike\"}\n",
        new JsonLayout().doLayout(event(Level.INFO, "a \"b\"\nc", CONNECTION, IKE_SA, IKE_SPI)));
  }

  /// A peer's identity may be anything.
  @Test
  void nobodyMakesTwoLinesOfOne() {
    assertEquals(
        "02:10:44.831 INFO  peer \\x0a00:00:00 INFO fine\\x1b[2J\n",
        text(event(Level.INFO, "peer \n00:00:00 INFO fine\u001b[2J")));
  }

  @ParameterizedTest
  @CsvSource({"ERROR, <3>", "WARN, <4>", "INFO, <6>", "DEBUG, <7>", "TRACE, <7>"})
  void theJournalIsToldThePriority(String level, String priority) {
    assertEquals(
        priority + "net: up\n",
        TextLayout.forJournal().doLayout(event(Level.toLevel(level), "up", CONNECTION)));
  }

  @Test
  void everyLineOfAnExceptionHasItsPriority() {
    LoggingEvent event = event(Level.ERROR, "a fault of ours");
    event.setThrowableProxy(
        new ch.qos.logback.classic.spi.ThrowableProxy(new IllegalStateException("why")));
    List<String> lines = TextLayout.forJournal().doLayout(event).lines().toList();
    assertEquals("<3>a fault of ours", lines.getFirst());
    assertEquals("<3>java.lang.IllegalStateException: why", lines.get(1));
    assertTrue(lines.size() > 2 && lines.stream().allMatch(line -> line.startsWith("<3>")));
  }

  @Test
  void jsonHasTheExceptionInTheSameObject() {
    LoggingEvent event = event(Level.ERROR, "a fault of ours");
    event.setThrowableProxy(
        new ch.qos.logback.classic.spi.ThrowableProxy(new IllegalStateException("why")));
    Layout<ILoggingEvent> json = new JsonLayout();
    assertEquals(1, json.doLayout(event).lines().count());
    assertTrue(
        json.doLayout(event).contains("\"exception\":\"java.lang.IllegalStateException: why\\n"));
  }

  @Test
  void theJournalIsWhoeverHoldsTheOtherEndOfTheStandardError(@TempDir Path folder)
      throws IOException {
    Path stream = Files.createFile(folder.resolve("stream"));
    Path other = Files.createFile(folder.resolve("other"));
    Map<String, Object> file = Files.readAttributes(stream, "unix:dev,ino");
    Map<String, String> variable =
        Map.of("JOURNAL_STREAM", file.get("dev") + ":" + file.get("ino"));
    assertTrue(Journal.readsStandardError(variable, stream));
    assertEquals(false, Journal.readsStandardError(variable, other));
    assertEquals(false, Journal.readsStandardError(Map.of(), stream));
  }
}
