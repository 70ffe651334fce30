package espd.daemon.config;

import espd.daemon.config.ConfFile.Kind;
import espd.daemon.config.ConfFile.Parameter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What one connection says after `%default`, `also=` and its own section: the value of each key,
/// by the key's first name.
final class Settings {

  private final Value name;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();

  /// @param name of the connection
  Settings(Value name) {
    this.name = name;
  }

  Value name() {
    return name;
  }

  /// Takes over a parameter; a later one of the same key wins.
  void put(String key, Parameter parameter) {
    parameters.put(key, parameter);
  }

  /// Puts a value where there is none.
  void putUnlessSaid(String key, String text) {
    if (value(key).isEmpty()) {
      Value usual = new Value(offset -> name.place(), text, new int[text.length() + 1]);
      put(key, new Parameter(usual, Optional.of(usual)));
    }
  }

  /// {@return the value of a key, or nothing when it is not there or empty}
  Optional<Value> value(String key) {
    return Optional.ofNullable(parameters.get(key)).flatMap(Parameter::value);
  }

  /// {@return the value of a key of an end}
  ///
  /// @param end `left` or `right`
  /// @param key what follows it, perhaps nothing
  Optional<Value> value(String end, String key) {
    return value(end + key);
  }

  /// Says which keys are ignored and which cannot be.
  void reportUnsupported(Findings findings) {
    for (Parameter parameter : parameters.values()) {
      Optional<ConfKey> key = ConfKey.of(Kind.CONN, parameter.key().text());
      if (key.isPresent() && parameter.value().isPresent()) {
        report(parameter, key.get().handling(), findings);
      }
    }
  }

  static void report(Parameter parameter, Handling handling, Findings findings) {
    Value value = parameter.value().orElseThrow();
    if (!handling.concerns(value)) {
      return;
    }
    String key = parameter.key().text().toLowerCase(Locale.ROOT);
    if (handling.kind() == Handling.Kind.IGNORED) {
      findings.warn(parameter.key().place(), key + "= is ignored: " + handling.why());
      return;
    }
    String without =
        handling.fitting().isEmpty()
            ? "no " + key + "="
            : key + "=" + String.join("|", handling.fitting());
    findings.problem(
        value.place(), key + "=" + value.text() + " (" + handling.why() + ")", without);
  }
}
