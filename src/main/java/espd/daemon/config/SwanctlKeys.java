package espd.daemon.config;

import espd.daemon.config.SwanctlFile.Section;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The keys of one section of `swanctl.conf`, each with its values.
final class SwanctlKeys {

  private final String path;
  private final Map<String, List<Value>> values;
  private final Places places;

  /// Where keys stand.
  private interface Places {

    /// {@return the place of a key, or of what should have it}
    Place of(String key);

    /// {@return how a key is named where its place is told}
    String label(String key);
  }

  private SwanctlKeys(String path, Map<String, List<Value>> values, Places places) {
    this.path = path;
    this.values = values;
    this.places = places;
  }

  /// The keys of a message: their places are their full names, as it has neither file nor lines.
  ///
  /// @param path of the section, as `connections.gw`
  /// @param items by key; keys of sections below have their names before a dot
  static SwanctlKeys ofMessage(String path, Map<String, List<String>> items) {
    Map<String, List<Value>> values = new LinkedHashMap<>();
    items.forEach(
        (key, list) -> {
          Place place = Place.of(Path.of(path + "." + key));
          values.put(key, list.stream().map(text -> at(place, text)).toList());
        });
    return new SwanctlKeys(
        path,
        values,
        new Places() {
          @Override
          public Place of(String key) {
            return Place.of(Path.of(key));
          }

          @Override
          public String label(String key) {
            return "";
          }
        });
  }

  /// Reads a section of a message.
  ///
  /// @param path of the section
  /// @param items by key
  /// @throws ConfigException with every reason why it cannot be used
  static <T> T read(String path, Map<String, List<String>> items, Reading<T> reading)
      throws ConfigException {
    Findings findings = new Findings();
    try {
      T read = reading.read(ofMessage(path, items), findings);
      findings.throwProblems();
      return read;
    } catch (Unreadable e) {
      findings.problem(e);
      throw findings.exception();
    }
  }

  /// Makes something of keys.
  @FunctionalInterface
  interface Reading<T> {
    T read(SwanctlKeys keys, Findings findings) throws Unreadable;
  }

  /// The keys of a section of a file.
  ///
  /// @param path of the section
  /// @param section resolved
  static SwanctlKeys ofFile(String path, Section section) {
    Map<String, List<Value>> values = new LinkedHashMap<>();
    Map<String, Place> places = new LinkedHashMap<>();
    collect(section, "", values, places);
    return new SwanctlKeys(
        path,
        values,
        new Places() {
          @Override
          public Place of(String key) {
            return places.getOrDefault(key.substring(path.length() + 1), section.name().place());
          }

          @Override
          public String label(String key) {
            return key.substring(key.lastIndexOf('.') + 1) + " = ";
          }
        });
  }

  private static void collect(
      Section section, String prefix, Map<String, List<Value>> values, Map<String, Place> places) {
    for (Value key : section.keys()) {
      places.put(prefix + key, key.place());
      section.text(key.text()).ifPresent(text -> values.put(prefix + key, List.of(text.value())));
    }
    section
        .sections()
        .forEach(
            (name, below) -> {
              places.put(prefix + name, below.name().place());
              values.put(prefix + name + ".", List.of());
              collect(below, prefix + name + ".", values, places);
            });
  }

  private static Value at(Place place, String text) {
    return new Value(offset -> place, text, new int[text.length() + 1]);
  }

  /// {@return the names of the sections below, in order}
  Set<String> sections() {
    Set<String> names = new LinkedHashSet<>();
    for (String key : values.keySet()) {
      if (key.indexOf('.') > 0) {
        names.add(key.substring(0, key.indexOf('.')));
      }
    }
    return names;
  }

  /// {@return the keys of this section itself}
  Set<String> keys() {
    Set<String> names = new LinkedHashSet<>(values.keySet());
    names.removeIf(key -> key.isEmpty() || key.indexOf('.') >= 0);
    return names;
  }

  /// {@return a section below, empty where there is none}
  SwanctlKeys section(String name) {
    Map<String, List<Value>> below = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(name + ".")) {
            below.put(key.substring(name.length() + 1), value);
          }
        });
    return new SwanctlKeys(path + "." + name, below, places);
  }

  /// {@return the items of a key, which commas part}
  List<String> items(String key) {
    return values.getOrDefault(key, List.of()).stream()
        .flatMap(value -> value.split(",").stream())
        .map(Value::text)
        .filter(text -> !text.isEmpty())
        .toList();
  }

  /// {@return the values of a key as they came: one of a file, however many it names}
  List<Value> values(String key) {
    return values.getOrDefault(key, List.of());
  }

  /// {@return the value of a key, several with commas between; nothing where there is none}
  Optional<Value> value(String key) {
    List<Value> all = values.getOrDefault(key, List.of());
    if (all.size() == 1) {
      return Optional.of(all.getFirst()).filter(value -> !value.isEmpty());
    }
    String text = all.stream().map(Value::text).collect(Collectors.joining(","));
    return text.isEmpty() ? Optional.empty() : Optional.of(value(key, text));
  }

  /// {@return `text` as if it stood at `key`}
  Value value(String key, String text) {
    return at(place(key), text);
  }

  /// {@return where a key stands, or its section}
  Place place(String key) {
    return places.of(path + "." + key);
  }

  /// {@return how messages name a key that is not known}
  String unknown(String key) {
    return "a key that is not known" + (places.label(path + "." + key).isEmpty() ? "" : ": " + key);
  }

  /// {@return a value as messages show it, with its key's name where the place does not tell it}
  String shown(String key, Value value) {
    return places.label(path + "." + key) + value.quoted();
  }
}
