package espd.daemon.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.KeyValuePair;

/// What a log line is about: its key/value pairs.
///
/// @param values by key, in the order they were given
record Subject(Map<String, Object> values) {

  /// {@return the subject of a line; no values where it has none}
  static Subject of(ILoggingEvent event) {
    Map<String, Object> values = new LinkedHashMap<>();
    List<KeyValuePair> pairs = Optional.ofNullable(event.getKeyValuePairs()).orElse(List.of());
    for (KeyValuePair pair : pairs) {
      values.put(pair.key, pair.value == null ? "" : pair.value);
    }
    return new Subject(values);
  }

  /// {@return it as a line of text begins: `net[1] 0x559423e70259c6b4: `, `net{1} 0x1b8b63bc
  /// inbound: `; empty where there is none. A key that has no place of its own is named.}
  String text() {
    if (values.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    values.forEach(
        (key, value) -> {
          switch (key) {
            case "ike_sa" -> text.append('[').append(value).append(']');
            case "child_sa" -> text.append('{').append(value).append('}');
            case "connection", "spi", "direction" -> word(text).append(value);
            default -> word(text).append(key).append('=').append(value);
          }
        });
    return text.append(": ").toString();
  }

  private static StringBuilder word(StringBuilder text) {
    return text.isEmpty() ? text : text.append(' ');
  }
}
