package espd.daemon.config;

import espd.spd.KeyMaterial;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A `swanctl.conf` as written: sections in sections, with the keys of each. Sections of one name
/// are one; of keys of one name the later counts.
final class SwanctlFile {

  private SwanctlFile() {}

  /// What a key says, as octets, for it may be a secret.
  ///
  /// @param octets quotes and escapes resolved; none for `key =`, which takes back what is
  ///   inherited
  /// @param offsets of each octet in the file, and one more for the end
  /// @param source the file
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Text(byte[] octets, int[] offsets, FileOctets source) {

    /// {@return what `key =` says}
    static Text none(Value key, FileOctets source) {
      return new Text(new byte[0], new int[] {key.offset(key.text().length())}, source);
    }

    /// {@return the text, which is no secret}
    Value value() {
      String text = new String(octets, StandardCharsets.UTF_8);
      boolean same = text.length() == octets.length;
      int[] places = same ? offsets.clone() : new int[text.length() + 1];
      if (!same) {
        Arrays.fill(places, offsets[0]);
      }
      return new Value(source, text, places);
    }

    /// {@return the secret}
    KeyMaterial secret() throws Unreadable {
      return SecretText.read(octets.clone(), source.place(offsets[0]));
    }

    /// Zeroes it.
    void wipe() {
      Arrays.fill(octets, (byte) 0);
    }

    /// {@return nothing of what may be a secret}
    @Override
    public String toString() {
      return "<" + octets.length + " octets>";
    }
  }

  /// @param key where it stands
  /// @param text what it says
  private record Assignment(Value key, Text text) {}

  /// One section.
  static final class Section {

    private final Value name;
    private final Map<String, Assignment> assignments = new LinkedHashMap<>();
    private final Map<String, Section> sections = new LinkedHashMap<>();
    private final Set<Value> references = new LinkedHashSet<>();

    /// @param name where it stands first; of the whole file, empty
    Section(Value name) {
      this.name = name;
    }

    Value name() {
      return name;
    }

    /// {@return its keys, where they stand}
    List<Value> keys() {
      return assignments.values().stream().map(Assignment::key).toList();
    }

    /// {@return its sections, by name}
    Map<String, Section> sections() {
      return sections;
    }

    /// {@return what a key says; nothing where there is none, or an empty one}
    Optional<Text> text(String key) {
      return Optional.ofNullable(assignments.get(key))
          .map(Assignment::text)
          .filter(text -> text.octets().length > 0);
    }

    void put(Value key, Text text) {
      Optional.ofNullable(assignments.put(key.text(), new Assignment(key, text)))
          .ifPresent(before -> before.text().wipe());
    }

    /// {@return the section of this name in it, made where there is none}
    Section open(Value section) {
      return sections.computeIfAbsent(section.text(), each -> new Section(section));
    }

    /// It has the keys and sections of these too.
    void refer(List<Value> absolute) {
      references.addAll(absolute);
    }

    /// {@return this section with all that it has of others}
    ///
    /// @param root where references begin
    /// @param findings told of references that lead nowhere
    Section resolved(Section root, Findings findings) {
      return resolved(new Resolving(root, findings, List.of()));
    }

    /// @param on the sections that are being resolved: none may refer to one of them
    private record Resolving(Section root, Findings findings, List<Section> on) {
      Resolving and(Section section) {
        return new Resolving(
            root, findings, Stream.concat(on.stream(), Stream.of(section)).toList());
      }
    }

    private Section resolved(Resolving resolving) {
      Section all = new Section(name);
      all.assignments.putAll(assignments);
      Resolving within = resolving.and(this);
      sections.forEach((key, section) -> all.sections.put(key, section.resolved(within)));
      for (Value reference : references) {
        Optional<Section> other = resolving.root.find(reference);
        if (other.isEmpty()) {
          resolving.findings.problem(
              reference.place(), reference.quoted(), "a section's whole name");
        } else if (within.on.contains(other.get())) {
          resolving.findings.problem(
              reference.place(), reference.quoted(), "a section that does not lead back here");
        } else {
          all.inherit(other.get().resolved(within));
        }
      }
      return all;
    }

    private Optional<Section> find(Value path) {
      Optional<Section> found = Optional.of(this);
      for (Value each : path.split(".")) {
        found = found.flatMap(section -> Optional.ofNullable(section.sections.get(each.text())));
      }
      return found;
    }

    private void inherit(Section other) {
      other.assignments.forEach(assignments::putIfAbsent);
      other.sections.forEach(
          (key, section) -> sections.merge(key, section, (own, theirs) -> own.inheriting(theirs)));
    }

    private Section inheriting(Section other) {
      inherit(other);
      return this;
    }

    /// Zeroes all texts.
    void wipe() {
      assignments.values().forEach(each -> each.text().wipe());
      sections.values().forEach(Section::wipe);
    }
  }
}
