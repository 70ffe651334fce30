package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class StatusDocumentTest {

  private static final Instant NOW = Snapshots.NOW;

  private static String json(Happening... happenings) {
    return new StatusDocument(Snapshots.established(), List.of(), List.of(happenings)).json();
  }

  private static Happening.Line line(Instant at, Happening.Level level, String text) {
    return new Happening.Line(at, Happening.Group.IKE, level, "p1-p2", OptionalInt.of(1), text);
  }

  @Test
  void hasWhatViciSays() {
    String json = json();
    assertTrue(json.startsWith("{\"now-millis\":\"" + NOW.toEpochMilli() + "\""), json);
    for (String part :
        List.of(
            "\"spi-in\":\"a51e1f22\"",
            "\"spi-out\":\"a98b7710\"",
            "\"remote-id\":\"there.example\"",
            "\"REPLAYED\":\"2\"",
            "\"plugins\":[\"SunJCE\"]",
            "\"listening\":[\"2001:db8:1:1::1\"]",
            "\"rings\":{\"outbound\":\"0/64\"}",
            "\"connections\":{\"p1-p2\":{\"p1-p2\":{\"local_addrs\"")) {
      assertTrue(json.contains(part), part + " in " + json);
    }
  }

  @Test
  void tellsHappeningsInTheirOrderEvenOfOneMillisecond() {
    Snapshot.IkeSa sa = Snapshots.established().ikeSas().getFirst();
    String json =
        json(
            line(NOW, Happening.Level.STEP, "first"),
            line(NOW, Happening.Level.WARNING, "second"),
            new Happening.ChildSaUp(NOW.plusSeconds(1), sa, sa.children().getFirst()));
    String millis = "" + NOW.toEpochMilli();
    String events = json.substring(json.indexOf("\"events\""));
    String step = "\"connection\":\"p1-p2\",\"weight\":\"step\",\"text\":";
    assertEquals(
        "\"events\":{"
            + ("\"" + millis + ".0\":{\"at-millis\":\"" + millis + "\",")
            + (step + "\"first\"},")
            + ("\"" + millis + ".1\":{\"at-millis\":\"" + millis + "\",")
            + (step.replace("step", "warning") + "\"second\"},")
            + ("\"" + (NOW.toEpochMilli() + 1000) + ".0\":{\"at-millis\":\"")
            + ((NOW.toEpochMilli() + 1000) + "\"," + step)
            + "\"Child SA {1}, SPI 0xa51e1f22 in, 0xa98b7710 out, is established\"}}}",
        events);
  }

  @Test
  void aPeersWordsStayWithinTheirString() {
    String json = json(line(NOW, Happening.Level.WARNING, "\"},<script>\n\u0000"));
    assertTrue(json.contains("\\\"},<script>\\n\\u0000\""), json);
    assertFalse(json.contains("\n"), json);
  }
}
