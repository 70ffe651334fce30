package espd.daemon.control;

import espd.spd.KeyMaterial;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A message of the vici protocol, or a part of one: values, lists and sections by name, in order.
/// Immutable.
///
/// @param nodes by name; names have at most 255 octets
public record Section(Map<String, Node> nodes) implements Node {

  /// Nothing.
  public static final Section EMPTY = new Section(Map.of());

  /// Keeps a copy in the same order.
  public Section {
    nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
  }

  /// {@return the value of `name`, or nothing}
  public Optional<String> text(String name) {
    return nodes.get(name) instanceof Node.Text value
        ? Optional.of(value.text())
        : Optional.empty();
  }

  /// {@return the octets of `name`, or nothing}
  public Optional<KeyMaterial> secret(String name) {
    return nodes.get(name) instanceof Node.Secret value
        ? Optional.of(value.octets())
        : Optional.empty();
  }

  /// {@return the list of `name`; no items when there is none}
  public List<String> items(String name) {
    return nodes.get(name) instanceof Node.Items list ? list.items() : List.of();
  }

  /// {@return the section of `name`, or nothing}
  public Optional<Section> section(String name) {
    return nodes.get(name) instanceof Section section ? Optional.of(section) : Optional.empty();
  }

  /// {@return all its values by name, as lists, those of sections in it with the section's name and
  /// a dot before, and of a section with nothing in it that alone; octets that may be secret are
  /// left out, and wiped}
  Map<String, List<String>> keys() {
    Map<String, List<String>> keys = new LinkedHashMap<>();
    nodes.forEach(
        (name, node) -> {
          switch (node) {
            case Section below when below.nodes.isEmpty() -> keys.put(name + ".", List.of());
            case Section below ->
                below.keys().forEach((key, values) -> keys.put(name + "." + key, values));
            case Node.Items(List<String> items) -> keys.put(name, items);
            case Node.Text(String text) -> keys.put(name, List.of(text));
            case Node.Secret secret -> secret.octets().close();
          }
        });
    return keys;
  }

  /// {@return a section to be filled}
  public static Builder builder() {
    return new Builder();
  }

  /// A section growing; a second node of a name replaces the first. For one thread.
  public static final class Builder {

    private final Map<String, Node> nodes = new LinkedHashMap<>();

    private Builder() {}

    /// Adds a value.
    public Builder text(String name, Object value) {
      nodes.put(name, new Node.Text(value.toString()));
      return this;
    }

    /// Adds octets that may be secret, under the name that vici has for such.
    Builder data(KeyMaterial octets) {
      nodes.put(SectionCodec.DATA, new Node.Secret(octets));
      return this;
    }

    /// Adds a list.
    public Builder items(String name, List<String> items) {
      nodes.put(name, new Node.Items(items));
      return this;
    }

    /// Adds a value, list or section.
    public Builder node(String name, Node node) {
      nodes.put(name, node);
      return this;
    }

    /// Adds a section.
    public Builder section(String name, Section section) {
      nodes.put(name, section);
      return this;
    }

    /// {@return whether there is a node of that name}
    boolean has(String name) {
      return nodes.containsKey(name);
    }

    /// {@return what was added}
    public Section build() {
      return new Section(nodes);
    }
  }
}
