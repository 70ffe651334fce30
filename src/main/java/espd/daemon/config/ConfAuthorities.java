package espd.daemon.config;

import espd.daemon.config.ConfFile.Kind;
import espd.daemon.config.ConfFile.Parameter;
import espd.daemon.config.ConfFile.Section;
import espd.ike.StatusPlaces;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The `ca` sections of an `ipsec.conf`: whom we trust, and where they tell what they have revoked.
///
/// @param file with the sections
/// @param findings told what is wrong
record ConfAuthorities(ConfFile file, Findings findings) {

  private static final String DEFAULT = "%default";

  /// Has the authorities trusted that `auto=add` does not leave out.
  void into(KeychainReader keychain) {
    for (Section section : named().values()) {
      if (section.name().text().equals(DEFAULT)) {
        continue;
      }
      try {
        read(section, values(section.name()), keychain);
      } catch (Unreadable e) {
        findings.problem(e);
      }
    }
  }

  /// The first section of each name.
  private Map<String, Section> named() {
    Map<String, Section> first = new LinkedHashMap<>();
    sections().forEach(each -> first.putIfAbsent(each.name().text(), each));
    return first;
  }

  private Stream<Section> sections() {
    return file.sections().stream().filter(each -> each.kind() == Kind.CA);
  }

  private void read(Section section, Map<String, Value> values, KeychainReader keychain)
      throws Unreadable {
    Optional<Value> auto = Optional.ofNullable(values.get("auto"));
    switch (auto.map(Value::lower).orElse("ignore")) {
      case "add", "start", "route" -> {}
      case "ignore" -> {
        if (auto.isEmpty()) {
          findings.warn(section.name().place(), "ca without auto=add: not used");
        }
        return;
      }
      default -> throw new Unreadable(auto.orElseThrow(), "add or ignore");
    }
    Value cacert = values.get("cacert");
    if (cacert == null) {
      throw new Unreadable(
          section.name().place(), "ca " + section.name() + " without a certificate", "cacert=FILE");
    }
    StatusUris uris = new StatusUris(findings);
    List<Value> crls = both(values, "crluri");
    keychain.trust(
        new StatusPlaces(
            keychain.authority(cacert), uris.crls(crls), uris.fetched(both(values, "ocspuri"))),
        uris.read(crls));
  }

  private static List<Value> both(Map<String, Value> values, String key) {
    return Stream.of(key, key + "2").filter(values::containsKey).map(values::get).toList();
  }

  /// What a section says itself, before what it takes over by `also=`, before `%default`.
  private Map<String, Value> values(Value name) {
    Map<String, Value> values = new HashMap<>();
    Set<String> seen = new HashSet<>();
    take(name, seen, values);
    sections()
        .filter(each -> each.name().text().equals(DEFAULT))
        .forEach(each -> take(each.name(), seen, values));
    return values;
  }

  private void take(Value name, Set<String> seen, Map<String, Value> values) {
    if (!seen.add(name.text())) {
      return;
    }
    List<Section> same = sections().filter(each -> each.name().text().equals(name.text())).toList();
    if (same.isEmpty()) {
      findings.problem(name.place(), name.quoted(), "the name of a ca");
    }
    Map<String, Value> own = new HashMap<>();
    for (Section section : same) {
      for (Parameter parameter : section.parameters()) {
        ConfKey.of(Kind.CA, parameter.key().text())
            .ifPresent(key -> parameter.value().ifPresent(value -> own.put(key.name(), value)));
      }
    }
    own.forEach(values::putIfAbsent);
    Optional.ofNullable(own.get("also")).map(Value::words).orElse(List.of()).reversed().stream()
        .forEach(also -> take(also, seen, values));
  }
}
