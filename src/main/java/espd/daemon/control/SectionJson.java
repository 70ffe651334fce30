package espd.daemon.control;

import com.fasterxml.jackson.core.JsonGenerator;
import espd.daemon.json.JsonText;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A message of the vici protocol as JSON, for programs that read it: a section is an object, a
/// list an array, and a value a string, as vici has no other. What may be secret is left out.
public final class SectionJson {

  private SectionJson() {}

  /// {@return a section as one JSON object, on one line}
  public static String of(Section section) {
    return JsonText.of(json -> write(section, json));
  }

  /// {@return sections as one JSON array, a line each}
  public static String array(List<Section> sections) {
    return sections.stream().map(SectionJson::of).collect(Collectors.joining(",\n", "[", "]"));
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
