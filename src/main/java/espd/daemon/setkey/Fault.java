package espd.daemon.setkey;

/// Why a statement cannot be used: in setkey's own words, and in those of all our files.
///
/// @param line of the word that cannot be used, 1 for the first
/// @param column of it, 1 for the first
/// @param setkeyLine where setkey says it is: where it had read to
/// @param message setkey's text, or the kernel's; empty where setkey says nothing but that it
///   failed
/// @param token the word as setkey repeats it; never a key
/// @param read what stands there; never a key
/// @param expected what could stand there
public record Fault(
    int line,
    int column,
    int setkeyLine,
    String message,
    String token,
    String read,
    String expected) {

  /// What setkey says of a character that begins no word; it ends at once then.
  static final String LEXICAL = "Syntax error";

  /// What setkey says of a word that may not stand where it does.
  static final String SYNTAX = "syntax error";

  /// {@return whether setkey ends without a further word}
  public boolean isLexical() {
    return message.equals(LEXICAL);
  }

  /// {@return `line N: MESSAGE at [TOKEN]`, as setkey prints it}
  @Override
  public String toString() {
    return "line " + setkeyLine + ": " + message + " at [" + token + "]";
  }
}
