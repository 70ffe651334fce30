package espd.daemon.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import espd.daemon.config.Configuration;
import espd.daemon.config.Place;
import espd.daemon.config.Problem;
import espd.daemon.config.Warning;
import espd.daemon.json.JsonText;
import espd.daemon.lint.AlgorithmRank;
import espd.daemon.lint.Remark;
import espd.ike.Connection;
import java.io.IOException;
import java.util.List;

/// What `espd check --json` says, one object on one line: `errors` alone, or `warnings`, `remarks`
/// and `connections` with the rank of every algorithm.
final class CheckJson {

  private CheckJson() {}

  /// {@return why files cannot be used}
  static String of(List<Problem> problems) {
    return JsonText.object(
        json -> {
          json.writeArrayFieldStart("errors");
          for (Problem problem : problems) {
            json.writeStartObject();
            place(problem.place(), json);
            json.writeStringField("read", problem.read());
            json.writeStringField("expected", problem.expected());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /// {@return what is to be said of files that can be used}
  static String of(Configuration read, List<Remark> remarks) {
    return JsonText.object(
        json -> {
          json.writeArrayFieldStart("errors");
          json.writeEndArray();
          warnings(read.warnings(), json);
          remarks(remarks, json);
          json.writeArrayFieldStart("connections");
          for (Connection connection : read.connections()) {
            connection(connection, json);
          }
          json.writeEndArray();
        });
  }

  private static void place(Place place, JsonGenerator json) throws IOException {
    json.writeStringField("file", place.file().toString());
    json.writeNumberField("line", place.line());
    json.writeNumberField("column", place.column());
  }

  private static void warnings(List<Warning> warnings, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("warnings");
    for (Warning warning : warnings) {
      json.writeStartObject();
      place(warning.place(), json);
      json.writeStringField("text", warning.text());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void remarks(List<Remark> remarks, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("remarks");
    for (Remark remark : remarks) {
      json.writeStartObject();
      json.writeStringField("subject", remark.subject());
      json.writeStringField("text", remark.text());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void connection(Connection connection, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", connection.name());
    json.writeStringField("local", connection.local().toString());
    json.writeStringField("remote", CheckCommand.remote(connection));
    json.writeStringField("mode", connection.mode().name());
    json.writeArrayFieldStart("algorithms");
    for (AlgorithmRank rank : AlgorithmRank.of(connection)) {
      json.writeStartObject();
      json.writeStringField("protocol", rank.protocol());
      json.writeStringField("kind", rank.kind());
      json.writeStringField("name", rank.name());
      json.writeNumberField("strength-bits", rank.strengthBits());
      json.writeStringField("level", rank.level().toString());
      json.writeStringField("source", rank.source());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
