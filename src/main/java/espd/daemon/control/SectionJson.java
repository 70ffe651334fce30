package espd.daemon.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/// A message of the vici protocol as JSON, for programs that read it: a section is an object, a
/// list an array, and a value a string, as vici has no other. What may be secret is left out.
public final class SectionJson {

  private static final JsonFactory JSON = new JsonFactory();

  private SectionJson() {}

  /// {@return a section as one JSON object, on one line}
  public static String of(Section section) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(section, json);
    } catch (IOException e) {
      throw new UncheckedIOException("a StringWriter refused text", e);
    }
    return text.toString();
  }

  private static void write(Node node, JsonGenerator json) throws IOException {
    switch (node) {
      case Node.Text(String text) -> json.writeString(text);
      case Node.Secret secret -> json.writeString(secret.octets().toString());
      case Node.Items(List<String> items) -> {
        json.writeStartArray();
        for (String item : items) {
          json.writeString(item);
        }
        json.writeEndArray();
      }
      case Section(Map<String, Node> nodes) -> {
        json.writeStartObject();
        for (Map.Entry<String, Node> each : nodes.entrySet()) {
          json.writeFieldName(each.getKey());
          write(each.getValue(), json);
        }
        json.writeEndObject();
      }
    }
  }
}
