package espd.docs;

import espd.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A page of `docs/`: what it has a reader do, in its order. `docs/README.md` says how one is
/// written.
///
/// @param name of its file
/// @param steps from top to bottom
/// @param shownOnly how many blocks are neither commands nor files
record Page(String name, List<Step> steps, int shownOnly) {

  /// Something that a page has a reader do.
  sealed interface Step {

    /// {@return the line of the page, counted from 1}
    int line();

    /// {@return the hosts it is done on}
    Set<String> hosts();
  }

  /// A command line.
  ///
  /// @param shown the lines of its output
  record Command(int line, String host, String text, List<String> shown) implements Step {

    @Override
    public Set<String> hosts() {
      return Set.of(host);
    }

    /// {@return whether it runs on while the page goes on}
    boolean runsOn() {
      return text.endsWith(" &");
    }
  }

  /// A file to be made.
  ///
  /// @param hosts where; on all of the page if empty
  record NewFile(int line, Set<String> hosts, String path, String text) implements Step {}

  private static final String FENCE = "```";
  private static final String SHOWN_ONLY = "text";
  private static final Set<String> NO_TASK = Set.of("README.md", "performance.md");
  private static final String HOST = "(?:east|west|alice|bob|router)";
  private static final Pattern PROMPT = Pattern.compile("(" + HOST + "?)# (.*)");
  private static final Pattern FILE =
      Pattern.compile(
          "`([^` ]+)`(?: on (both hosts|%1$s(?:, %1$s)*(?: and %1$s)?))?:".formatted(HOST));

  /// {@return the names of all pages}
  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(Sources.root().resolve("docs"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".md") && !NO_TASK.contains(name))
          .sorted()
          .toList();
    }
  }

  /// Reads a page by its name.
  static Page read(String name) throws IOException {
    return parse(name, Files.readString(Sources.root().resolve("docs").resolve(name)));
  }

  /// Reads the text of a page.
  ///
  /// @throws IllegalArgumentException with the line that is none of what a page may have
  static Page parse(String name, String text) {
    return new Parser(name, text.lines().toList()).page();
  }

  /// {@return the hosts of the page}
  Set<String> hosts() {
    Set<String> all = new TreeSet<>();
    steps.forEach(step -> all.addAll(step.hosts()));
    return all;
  }

  private static final class Parser {

    private final String name;
    private final List<String> lines;
    private final List<Step> steps = new ArrayList<>();
    private int shownOnly;
    private int at;

    Parser(String name, List<String> lines) {
      this.name = name;
      this.lines = lines;
    }

    Page page() {
      while (at < lines.size()) {
        String line = lines.get(at);
        if (line.startsWith(FENCE)) {
          block(line.substring(FENCE.length()).strip());
        } else if (line.matches(" {1,3}```.*")) {
          throw wrong(at, "a fence begins at the beginning of its line");
        }
        at++;
      }
      return new Page(name, List.copyOf(steps), shownOnly);
    }

    /// Reads the block whose fence is at hand, up to its closing fence.
    private void block(String info) {
      int first = at + 1;
      int end = first;
      while (end < lines.size() && !lines.get(end).equals(FENCE)) {
        end++;
      }
      if (end == lines.size()) {
        throw wrong(at, "the block has no end");
      }
      List<String> content = lines.subList(first, end);
      Optional<Matcher> file = file();
      if (info.equals(SHOWN_ONLY)) {
        shownOnly++;
      } else if (file.isPresent()) {
        String text = String.join("\n", content) + "\n";
        steps.add(new NewFile(at + 1, hosts(file.get()), file.get().group(1), text));
      } else if (!content.isEmpty() && PROMPT.matcher(content.getFirst()).matches()) {
        commands(first, content);
      } else {
        throw wrong(at, "neither a prompt, nor a file's name before it, nor ```text");
      }
      at = end;
    }

    private Optional<Matcher> file() {
      int before = at - 1;
      while (before > 0 && lines.get(before).isBlank()) {
        before--;
      }
      return Optional.of(FILE.matcher(lines.get(Math.max(0, before)))).filter(Matcher::matches);
    }

    private static Set<String> hosts(Matcher file) {
      String hosts = Optional.ofNullable(file.group(2)).orElse("");
      if (hosts.equals("both hosts")) {
        return Set.of("east", "west");
      }
      return hosts.isEmpty() ? Set.of() : Set.of(hosts.split(", | and ", -1));
    }

    /// The first prompt tells what all prompts of the block are like, so that output may have lines
    /// that begin with `# `.
    private void commands(int first, List<String> content) {
      boolean named = !content.getFirst().startsWith("# ");
      int i = 0;
      while (i < content.size()) {
        int line = first + i + 1;
        Matcher prompt = prompt(content.get(i), named).orElseThrow();
        StringBuilder text = new StringBuilder(prompt.group(2));
        while (text.toString().endsWith("\\") && i + 1 < content.size()) {
          i++;
          text.append('\n').append(content.get(i));
        }
        List<String> shown = new ArrayList<>();
        i++;
        while (i < content.size() && prompt(content.get(i), named).isEmpty()) {
          shown.add(content.get(i));
          i++;
        }
        String host = named ? prompt.group(1) : "east";
        steps.add(new Command(line, host, text.toString(), List.copyOf(shown)));
      }
    }

    private static Optional<Matcher> prompt(String line, boolean named) {
      return Optional.of(PROMPT.matcher(line))
          .filter(Matcher::matches)
          .filter(prompt -> prompt.group(1).isEmpty() != named);
    }

    private IllegalArgumentException wrong(int index, String what) {
      return new IllegalArgumentException(
          "docs/%s:%d: %s: %s".formatted(name, index + 1, what, lines.get(index)));
    }
  }
}
