package espd.daemon.config;

import espd.daemon.config.SwanctlFile.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads the language of strongswan.conf(5), in which a `swanctl.conf` is written.
///
/// ```
/// statements := (section | key | include)*
/// section    := name [":" path ("," path)*] "{" statements "}"
/// key        := name "=" [value] end of line
/// include    := "include" pattern end of line
/// ```
///
/// What is included stands where the `include` does. An error passes the rest of its line, so that
/// one run shows every error.
final class SwanctlParser {

  private static final int DEEPEST = 16;

  private final Findings findings;
  private final List<FileOctets> files = new ArrayList<>();
  private final Section root;

  /// @param file the first, for the place of the whole
  SwanctlParser(Path file, Findings findings) {
    this.findings = findings;
    this.root = new Section(new Value(offset -> Place.of(file), "", new int[1]));
  }

  /// {@return all that was read}
  Section root() {
    return root;
  }

  /// Reads a file's octets.
  void read(Path file, byte[] octets) {
    read(new FileOctets(file, octets), root, 0);
  }

  /// Wipes what was read. No place can be told afterwards.
  void wipe() {
    root.wipe();
    files.forEach(FileOctets::wipe);
  }

  private void read(FileOctets file, Section into, int depth) {
    files.add(file);
    SwanctlLexer lexer = new SwanctlLexer(file);
    statements(new Nesting(file, lexer, depth, 0), into);
  }

  /// @param includes how deep the file is included
  /// @param sections how deep in sections of the file
  private record Nesting(FileOctets file, SwanctlLexer lexer, int includes, int sections) {
    Nesting deeper() {
      return new Nesting(file, lexer, includes, sections + 1);
    }
  }

  private void statements(Nesting in, Section into) {
    SwanctlLexer lexer = in.lexer();
    while (lexer.more()) {
      try {
        Place here = lexer.place();
        if (lexer.accept('}')) {
          if (in.sections() > 0) {
            return;
          }
          throw new Unreadable(here, "} without {", "a key or a section");
        }
        statement(in, into);
      } catch (Unreadable e) {
        findings.problem(e);
        lexer.skipLine();
      }
    }
    if (in.sections() > 0) {
      findings.problem(into.name().place(), "section " + into.name() + " without end", "}");
    }
  }

  private void statement(Nesting in, Section into) throws Unreadable {
    SwanctlLexer lexer = in.lexer();
    Value name = lexer.name();
    lexer.skipBlanks();
    if (lexer.accept('=')) {
      into.put(name, lexer.value().orElseGet(() -> SwanctlFile.Text.none(name, in.file())));
      return;
    }
    if (name.text().equals("include") && !lexer.isAt('{') && !lexer.isAt(':')) {
      include(in, into);
      return;
    }
    List<Value> references = new ArrayList<>();
    if (lexer.accept(':')) {
      do {
        lexer.skipBlanks();
        references.add(lexer.path());
        lexer.skipBlanks();
      } while (lexer.accept(','));
    }
    Place here = lexer.place();
    if (!lexer.more() || !lexer.accept('{')) {
      throw new Unreadable(here, "no = and no { after " + name.quoted(), "NAME = VALUE or NAME {");
    }
    section(in.deeper(), into.open(name), references);
  }

  private void section(Nesting in, Section section, List<Value> references) throws Unreadable {
    if (in.sections() > DEEPEST) {
      throw new Unreadable(section.name(), "no more than " + DEEPEST + " sections deep");
    }
    section.refer(references);
    statements(in, section);
  }

  private void include(Nesting in, Section into) throws Unreadable {
    Value pattern = in.lexer().line();
    if (in.includes() >= Includes.DEPTH) {
      throw new Unreadable(pattern, "no more than " + Includes.DEPTH + " files deep");
    }
    List<Path> found = Includes.expand(in.file().file(), pattern);
    if (found.isEmpty()) {
      findings.warn(pattern.place(), "no file to include: " + pattern.text());
    }
    for (Path file : found) {
      try {
        read(new FileOctets(file, Files.readAllBytes(file)), into, in.includes() + 1);
      } catch (IOException e) {
        findings.warn(pattern.place(), "cannot include " + file + ": " + e.getMessage());
      }
    }
  }
}
