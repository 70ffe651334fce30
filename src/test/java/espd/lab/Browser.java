package espd.lab;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What headless Chromium saw of a page.
///
/// @param seen by name, each a JSON value
public record Browser(Map<String, String> seen) {

  /// Looks at the status page on a host; the screenshots go to `target/`.
  public static Browser look(Host host, String url) {
    try {
      Path script = host.directory().resolve("browser.py");
      Files.writeString(script, Resource.text("browser.py"));
      Path shots = Files.createDirectories(Path.of("..", "target").toAbsolutePath().normalize());
      Output output =
          host.run("/usr/bin/python3", script.toString(), url, shots.toString()).succeeded();
      Map<String, String> seen = new LinkedHashMap<>();
      output.out().lines().map(line -> line.split("=", 2)).forEach(kv -> seen.put(kv[0], kv[1]));
      return new Browser(seen);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return the text, or the JSON of what is none}
  public String text(String name) {
    String json = json(name);
    return json.startsWith("\"") ? items(name).getFirst() : json;
  }

  /// {@return the texts of a list}
  public List<String> items(String name) {
    List<String> items = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(json(name))) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING) {
          items.add(parser.getText());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return items;
  }

  private String json(String name) {
    String json = seen.get(name);
    if (json == null) {
      throw new AssertionError("the browser told no " + name + " but " + seen.keySet());
    }
    return json;
  }
}
