package espd.daemon.watch;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The terminal that the program was started in: a second screen of it, which gives way to the
/// first with all it showed when the program ends, by Ctrl-C too.
public final class Terminal implements AutoCloseable {

  private static final String SECOND_SCREEN = "\033[?1049h\033[?25l";
  private static final String FIRST_SCREEN = "\033[?25h\033[?1049l";
  private static final String HOME = "\033[H";
  private static final String REST_OF_LINE = "\033[K";
  private static final String REST_OF_SCREEN = "\033[J";

  private static final Pattern SIZE = Pattern.compile("(\\d{1,5}) (\\d{1,5})\\s*");

  private final PrintWriter out;
  private final Thread atExit = new Thread(this::leave, "terminal");

  private Terminal(PrintWriter out) {
    this.out = out;
    Runtime.getRuntime().addShutdownHook(atExit);
    print(SECOND_SCREEN);
  }

  /// The size of a terminal.
  ///
  /// @param rows in lines
  /// @param columns in characters
  public record Size(int rows, int columns) {

    /// Reads what `stty size` prints.
    static Optional<Size> parse(String text) {
      Matcher matcher = SIZE.matcher(text);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      Size size = new Size(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
      return size.rows > 0 && size.columns > 0 ? Optional.of(size) : Optional.empty();
    }
  }

  /// {@return the second screen, or nothing where no terminal would show it}
  @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where there is none
  public static Optional<Terminal> open() {
    return Optional.ofNullable(System.console())
        .filter(Console::isTerminal)
        .map(console -> new Terminal(console.writer()));
  }

  /// Replaces what is shown, without a flicker. The size is asked for each time: that the window
  /// has another one is seen then.
  public void show(Size size, List<String> lines) {
    print(drawing(size, lines));
  }

  static String drawing(Size size, List<String> lines) {
    StringBuilder text = new StringBuilder(HOME);
    int fit = Math.min(lines.size(), size.rows());
    for (int i = 0; i < fit; i++) {
      text.append(lines.get(i)).append(REST_OF_LINE).append(i + 1 < fit ? "\r\n" : "");
    }
    return text.append(REST_OF_SCREEN).toString();
  }

  /// {@return the size as of now}
  public static Optional<Size> size() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      try (var out = stty.getInputStream()) {
        return Size.parse(new String(out.readAllBytes(), StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void print(String text) {
    out.print(text);
    out.flush();
  }

  private void leave() {
    print(FIRST_SCREEN);
  }

  @Override
  public void close() {
    try {
      if (Runtime.getRuntime().removeShutdownHook(atExit)) {
        leave();
      }
    } catch (IllegalStateException e) {
      // The program is ending, and the hook leaves.
    }
  }
}
