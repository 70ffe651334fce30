package espd.daemon.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.core.JsonGenerator;
import espd.daemon.json.JsonText;
import java.io.IOException;
import java.util.Map;

/// A log line as one JSON object: `time` (RFC 3339, UTC), `level`, what it is about ([Subject]),
/// `message`, `logger`, `thread`, and `exception` where there is one.
///
/// Logback's own JSON has the time as a number and each pair in an object of its own.
final class JsonLayout extends LayoutBase<ILoggingEvent> {

  JsonLayout() {}

  @Override
  public String doLayout(ILoggingEvent event) {
    return JsonText.object(json -> write(event, json)) + "\n";
  }

  private static void write(ILoggingEvent event, JsonGenerator json) throws IOException {
    json.writeStringField("time", event.getInstant().toString());
    json.writeStringField("level", event.getLevel().toString());
    for (Map.Entry<String, Object> each : Subject.of(event).values().entrySet()) {
      json.writeFieldName(each.getKey());
      write(each.getValue(), json);
    }
    json.writeStringField("message", event.getFormattedMessage());
    json.writeStringField("logger", event.getLoggerName());
    json.writeStringField("thread", event.getThreadName());
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      json.writeStringField("exception", ThrowableProxyUtil.asString(thrown));
    }
  }

  private static void write(Object value, JsonGenerator json) throws IOException {
    if (value instanceof Integer number) {
      json.writeNumber(number);
    } else {
      json.writeString(value.toString());
    }
  }
}
