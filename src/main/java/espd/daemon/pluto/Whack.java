package espd.daemon.pluto;

import java.io.IOException;

/// Lines as whack prints them, a code of three digits and a text, and the exit code they make: that
/// of the last line which is neither a comment nor the log's. For one thread.
final class Whack {

  static final int COMMENT = 0;
  static final int LOG = 2;
  static final int SERIOUS = 3;
  static final int RETRANSMISSION = 10;
  static final int DUPLICATE_NAME = 20;
  static final int UNKNOWN_NAME = 21;
  static final int NO_ROUTE = 25;
  static final int NO_ANSWER = 31;
  static final int FATAL = 37;

  private final Printer printer;
  private int exit;

  /// Where lines go.
  @FunctionalInterface
  interface Printer {

    /// Prints a line, which ends in a line end.
    ///
    /// @throws IOException when nobody reads any more
    void print(String line) throws IOException;
  }

  Whack(Printer printer) {
    this.printer = printer;
  }

  /// Says something.
  void say(int code, String text) throws IOException {
    printer.print("%03d %s\n".formatted(code, text));
    switch (code) {
      case COMMENT, LOG -> {}
      case StageText.SUCCESS -> exit = 0;
      default -> exit = code;
    }
  }

  /// {@return the exit code, as a shell sees it}
  int exit() {
    return exit & 0xff;
  }
}
