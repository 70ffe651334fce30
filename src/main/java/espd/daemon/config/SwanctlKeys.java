package espd.daemon.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The keys of one section of `swanctl.conf`, each with its values. A place in it is the key's full
/// name, as vici has neither files nor lines.
final class SwanctlKeys {

  private final String path;
  private final Map<String, List<String>> values;

  /// @param path of the section, as `connections.gw`
  /// @param values by key; keys of sections below have their names before a dot
  SwanctlKeys(String path, Map<String, List<String>> values) {
    this.path = path;
    this.values = values;
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
    names.removeIf(key -> key.indexOf('.') >= 0);
    return names;
  }

  /// {@return a section below, empty where there is none}
  SwanctlKeys section(String name) {
    Map<String, List<String>> below = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(name + ".")) {
            below.put(key.substring(name.length() + 1), value);
          }
        });
    return new SwanctlKeys(path + "." + name, below);
  }

  /// {@return the items of a key}
  List<String> items(String key) {
    return values.getOrDefault(key, List.of());
  }

  /// {@return the value of a key, several with commas between; nothing where there is none}
  Optional<Value> value(String key) {
    String text = String.join(",", items(key));
    return text.isEmpty() ? Optional.empty() : Optional.of(value(key, text));
  }

  /// {@return `text` as if it stood at `key`}
  Value value(String key, String text) {
    Place place = place(key);
    return new Value(offset -> place, text, new int[text.length() + 1]);
  }

  /// {@return where a key stands}
  Place place(String key) {
    return Place.of(Path.of(path + "." + key));
  }
}
