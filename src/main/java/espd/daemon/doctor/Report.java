package espd.daemon.doctor;

import com.fasterxml.jackson.core.JsonGenerator;
import espd.daemon.doctor.Finding.Level;
import espd.daemon.json.JsonText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// What is said of the findings: a line each as they come, or all as one JSON object. For one
/// thread.
public final class Report {

  private final List<Finding> findings = new ArrayList<>();

  /// Takes a finding.
  public void add(Finding finding) {
    findings.add(finding);
  }

  /// Shows one finding.
  ///
  /// @param colour gives a level its colour, or leaves it as it is
  public static void show(Finding finding, PrintWriter out, UnaryOperator<String> colour) {
    String level = "%-4s".formatted(finding.level().word());
    out.printf("%s  %-16s %s%n", colour.apply(level), finding.subject(), finding.seen());
    if (!finding.mend().isEmpty()) {
      out.printf("%22s mend: %s%n", "", finding.mend());
    }
    out.flush();
  }

  /// {@return how many there are of each level}
  public Map<Level, Long> counts() {
    Map<Level, Long> counts = new EnumMap<>(Level.class);
    for (Level level : Level.values()) {
      counts.put(level, findings.stream().filter(each -> each.level() == level).count());
    }
    return counts;
  }

  /// {@return all as `{"ok":N,"warn":N,"fail":N,"findings":[{"level":…,"subject":…,"seen":…,
  /// "mend":…}]}`, on one line}
  public String json() {
    return JsonText.object(this::write);
  }

  private void write(JsonGenerator json) throws IOException {
    for (Map.Entry<Level, Long> count : counts().entrySet()) {
      json.writeNumberField(count.getKey().word(), count.getValue());
    }
    json.writeArrayFieldStart("findings");
    for (Finding finding : findings) {
      json.writeStartObject();
      json.writeStringField("level", finding.level().word());
      json.writeStringField("subject", finding.subject());
      json.writeStringField("seen", finding.seen());
      json.writeStringField("mend", finding.mend());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
