package espd.daemon.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// Makes one JSON value, on one line. Any thread.
public final class JsonText {

  private static final JsonFactory JSON = new JsonFactory();

  private JsonText() {}

  /// Writes a value, or the fields of an object.
  @FunctionalInterface
  public interface Writing {

    /// Writes it.
    ///
    /// @throws IOException as the generator does
    void write(JsonGenerator json) throws IOException;
  }

  /// {@return what `value` writes}
  public static String of(Writing value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      value.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException("a StringWriter refused text", e);
    }
    return text.toString();
  }

  /// {@return an object whose fields `fields` writes}
  public static String object(Writing fields) {
    return of(
        json -> {
          json.writeStartObject();
          fields.write(json);
          json.writeEndObject();
        });
  }
}
