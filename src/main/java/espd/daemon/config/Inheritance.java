package espd.daemon.config;

import espd.daemon.config.ConfFile.Kind;
import espd.daemon.config.ConfFile.Parameter;
import espd.daemon.config.ConfFile.Section;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Brings together what a connection says itself, what it takes from others by `also=` and what
/// stands in `%default`: its own values first, then those of the last `also=` and what that one
/// takes over, and so on; `%default` last, and before it what `config setup` says for all. A
/// section taken over twice counts where it comes last. Sections of the same name are one.
final class Inheritance {

  private static final String DEFAULT = "%default";

  private final Findings findings;
  private final Map<String, List<Section>> conns = new LinkedHashMap<>();
  private final Map<String, Parameter> setup = new LinkedHashMap<>();
  private final Set<String> taken = new HashSet<>();

  Inheritance(Findings findings) {
    this.findings = findings;
  }

  /// {@return the settings of every connection of `file` but `%default`, in the order of the file}
  List<Settings> resolve(ConfFile file) {
    for (Section section : file.sections()) {
      checkKeys(section);
      if (section.kind() == Kind.CONN) {
        conns.computeIfAbsent(section.name().text(), name -> new ArrayList<>()).add(section);
      }
    }
    file.version().ifPresent(line -> setup.put(ConfFile.VERSION, line));
    List<Settings> all = new ArrayList<>();
    conns.forEach(
        (name, sections) -> {
          if (!name.equals(DEFAULT)) {
            all.add(settings(sections.getFirst().name()));
          }
        });
    return all;
  }

  /// {@return whether another connection takes over what this one says}
  boolean isTemplate(Settings settings) {
    return taken.contains(settings.name().text());
  }

  private void checkKeys(Section section) {
    Set<String> seen = new HashSet<>();
    for (Parameter parameter : section.parameters()) {
      String written = parameter.key().text();
      Optional<ConfKey> key = ConfKey.of(section.kind(), written);
      if (isComment(written)) {
        continue;
      }
      if (key.isEmpty()) {
        String like = ConfKey.nearest(section.kind(), written).map(n -> ", as " + n).orElse("");
        findings.problem(
            parameter.key().place(), parameter.key().quoted(), "a key of ipsec.conf" + like);
        continue;
      }
      String name = ConfKey.canonical(key.get(), written);
      if (!name.startsWith("also") && !seen.add(name)) {
        findings.warn(parameter.key().place(), written + "= stands here twice; this one is used");
      }
      if (section.kind() != Kind.CONN && parameter.value().isPresent()) {
        Settings.report(parameter, key.get().handling(), findings);
      }
      if (section.kind() == Kind.CONFIG) {
        setup.put(name, parameter);
      }
    }
  }

  private static boolean isComment(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return lower.startsWith("x-") || lower.startsWith("x_");
  }

  private Settings settings(Value name) {
    List<Origin> order = new ArrayList<>();
    linearize(new Origin(name.text(), false), new LinkedHashSet<>(), order);
    Set<Origin> mostImportantLast = new LinkedHashSet<>(order.reversed());
    Settings settings = new Settings(name);
    setup.forEach(settings::put);
    take(settings, new Origin(DEFAULT, false));
    for (Origin source : mostImportantLast) {
      take(settings, source);
    }
    return settings;
  }

  /// A section to take from; flipped, its left is our right.
  private record Origin(String name, boolean flipped) {}

  private void linearize(Origin source, Set<String> within, List<Origin> order) {
    order.add(source);
    within.add(source.name());
    List<Parameter> own =
        conns.getOrDefault(source.name(), List.of()).stream()
            .flatMap(section -> section.parameters().stream())
            .toList();
    for (Parameter parameter : own.reversed()) {
      boolean flip = parameter.key().lower().equals("alsoflip");
      if (!flip && !parameter.key().lower().equals("also")) {
        continue;
      }
      for (Value name : parameter.value().map(Value::words).orElse(List.of()).reversed()) {
        if (name.text().equals(DEFAULT)) {
          continue;
        }
        taken.add(name.text());
        if (!conns.containsKey(name.text())) {
          findings.problem(name.place(), name.quoted(), "the name of a conn");
        } else if (within.contains(name.text())) {
          findings.problem(name.place(), name.quoted(), "a conn that does not take this one over");
        } else {
          linearize(new Origin(name.text(), source.flipped() != flip), within, order);
        }
      }
    }
    within.remove(source.name());
  }

  private void take(Settings settings, Origin source) {
    for (Section section : conns.getOrDefault(source.name(), List.of())) {
      for (Parameter parameter : section.parameters()) {
        Optional<ConfKey> key = ConfKey.of(Kind.CONN, parameter.key().text());
        if (key.isPresent() && !key.get().name().startsWith("also")) {
          String name = ConfKey.canonical(key.get(), parameter.key().text());
          settings.put(source.flipped() ? flipped(name) : name, parameter);
        }
      }
    }
  }

  private static String flipped(String key) {
    if (key.startsWith("left")) {
      return "right" + key.substring("left".length());
    }
    return key.startsWith("right") ? "left" + key.substring("right".length()) : key;
  }
}
