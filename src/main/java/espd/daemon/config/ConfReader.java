package espd.daemon.config;

import espd.daemon.config.ConfFile.Kind;
import espd.daemon.config.ConfFile.Parameter;
import espd.daemon.config.ConfFile.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lines of an `ipsec.conf` to sections, following `include`.
final class ConfReader {

  private final Findings findings;
  private final List<Section> sections = new ArrayList<>();
  private Optional<Parameter> version = Optional.empty();

  ConfReader(Findings findings) {
    this.findings = findings;
  }

  /// {@return the sections of `source` and what it includes}
  ConfFile read(Source source) {
    read(source, 0);
    return new ConfFile(sections, version);
  }

  private void read(Source source, int depth) {
    ConfLexer lexer = new ConfLexer(source);
    Optional<Section> current = Optional.empty();
    while (true) {
      try {
        Optional<ConfLexer.Line> line = lexer.next();
        if (line.isEmpty()) {
          return;
        }
        current = accept(line.get(), current, new Included(source, depth));
      } catch (Unreadable e) {
        findings.problem(e);
      }
    }
  }

  private record Included(Source source, int depth) {}

  private Optional<Section> accept(ConfLexer.Line line, Optional<Section> current, Included where)
      throws Unreadable {
    if (line.words().isEmpty()) {
      Place place = line.value().map(Value::place).orElse(Place.of(where.source().file()));
      throw new Unreadable(place, "= without a key", "key=value");
    }
    Value first = line.words().getFirst();
    if (line.assigned()) {
      parameter(line, current);
      return current;
    }
    if (first.text().equals("include")) {
      include(only(line, "a file after include"), where);
      return current;
    }
    if (line.indented()) {
      throw new Unreadable(first, "key=value in a section, or a section at the line's start");
    }
    return switch (first.text()) {
      case ConfFile.VERSION -> {
        version = Optional.of(new Parameter(first, Optional.of(line.words().getLast())));
        yield Optional.empty();
      }
      case "config" -> Optional.of(open(Kind.CONFIG, only(line, "config setup")));
      case "conn" -> Optional.of(open(Kind.CONN, only(line, "one name after conn")));
      case "ca" -> Optional.of(open(Kind.CA, only(line, "one name after ca")));
      default ->
          throw new Unreadable(first, "version, config setup, conn NAME, ca NAME or include FILE");
    };
  }

  private static Value only(ConfLexer.Line line, String expected) throws Unreadable {
    Value keyword = line.words().getFirst();
    if (line.words().size() < 2) {
      throw new Unreadable(keyword.place(), keyword.quoted() + " and nothing more", expected);
    }
    if (line.words().size() > 2) {
      throw new Unreadable(line.words().get(2), "the end of the line: " + expected);
    }
    return line.words().get(1);
  }

  private Section open(Kind kind, Value name) throws Unreadable {
    if (kind == Kind.CONFIG && !name.text().equals("setup")) {
      throw new Unreadable(name, "config setup");
    }
    Section section = new Section(kind, name, new ArrayList<>());
    sections.add(section);
    return section;
  }

  private void parameter(ConfLexer.Line line, Optional<Section> current) throws Unreadable {
    Value key = line.words().getFirst();
    if (line.words().size() > 1) {
      throw new Unreadable(line.words().get(1), "= after the key " + key.quoted());
    }
    if (!line.indented()) {
      throw new Unreadable(key.place(), key.quoted() + " at the line's start", "blanks before it");
    }
    if (current.isEmpty()) {
      throw new Unreadable(key, "config setup or conn NAME before the first key");
    }
    current.get().parameters().add(new Parameter(key, line.value()));
  }

  private void include(Value pattern, Included where) throws Unreadable {
    if (where.depth() >= Includes.DEPTH) {
      throw new Unreadable(pattern, "no more than " + Includes.DEPTH + " files deep");
    }
    List<Path> files = Includes.expand(where.source().file(), pattern);
    if (files.isEmpty()) {
      findings.warn(pattern.place(), "no file to include: " + pattern.text());
    }
    for (Path file : files) {
      try {
        read(Source.of(file, Files.readAllBytes(file)), where.depth() + 1);
      } catch (IOException e) {
        findings.warn(pattern.place(), "cannot include " + file + ": " + e.getMessage());
      }
    }
  }
}
