package espd.daemon.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The words of a `swanctl.conf` (the language of strongswan.conf(5)) by their octets, as what
/// stands behind a `=` may be a secret.
final class SwanctlLexer {

  private static final String NO_NAME = ".,:{}=\"# \t\r\n";

  private final FileOctets file;
  private final byte[] octets;
  private int at;

  SwanctlLexer(FileOctets file) {
    this.file = file;
    this.octets = file.octets();
  }

  /// Passes blanks, line ends and comments.
  ///
  /// @return whether something is left
  boolean more() {
    while (at < octets.length) {
      if (octets[at] == '#') {
        at = lineEnd();
      } else if (isBlank(octets[at]) || octets[at] == '\n') {
        at++;
      } else {
        return true;
      }
    }
    return false;
  }

  /// Passes blanks that do not end the line.
  void skipBlanks() {
    while (at < octets.length && isBlank(octets[at])) {
      at++;
    }
  }

  /// {@return whether `sign` stands here, which is passed then}
  boolean accept(char sign) {
    boolean here = isAt(sign);
    at += here ? 1 : 0;
    return here;
  }

  /// {@return whether `sign` stands here}
  boolean isAt(char sign) {
    return at < octets.length && octets[at] == sign;
  }

  /// {@return the name of a key or a section}
  ///
  /// @throws Unreadable when none stands here; what does is passed
  Value name() throws Unreadable {
    int from = at;
    while (at < octets.length && NO_NAME.indexOf(octets[at]) < 0) {
      at++;
    }
    if (at == from) {
      String found = at < octets.length ? "\"" + (char) octets[at++] + "\"" : "the end of the file";
      throw new Unreadable(file.place(from), found, "the name of a key or of a section");
    }
    return text(from, at);
  }

  /// {@return names with dots between: the way to a section}
  Value path() throws Unreadable {
    int from = at;
    name();
    while (accept('.')) {
      name();
    }
    return text(from, at);
  }

  /// {@return the rest of the line, which is no secret, without blanks and quotes around}
  Value line() throws Unreadable {
    return value().map(SwanctlFile.Text::value).orElseGet(() -> text(at, at));
  }

  /// Passes what is left of the line.
  void skipLine() {
    at = lineEnd();
  }

  /// {@return where the lexer stands}
  Place place() {
    return file.place(at);
  }

  /// {@return what stands up to the end of the line, a `#` or a `}`, of which quotes take nothing;
  /// nothing where there is nothing}
  ///
  /// @throws Unreadable when a quotation has no end
  Optional<SwanctlFile.Text> value() throws Unreadable {
    Octets value = new Octets();
    skipBlanks();
    while (at < octets.length && "\n#}".indexOf(octets[at]) < 0) {
      if (octets[at] == '"') {
        quotation(value);
      } else {
        value.add(octets[at], at++);
      }
    }
    return value.toText();
  }

  private void quotation(Octets into) throws Unreadable {
    int open = at++;
    while (at < octets.length && octets[at] != '"') {
      if (octets[at] != '\\' || at + 1 == octets.length) {
        into.add(octets[at], at++);
        continue;
      }
      int escape = "nrtbf".indexOf(octets[at + 1]);
      if (octets[at + 1] != '\n') {
        into.add(escape < 0 ? octets[at + 1] : (byte) "\n\r\t\b\f".charAt(escape), at);
      }
      at += 2;
    }
    if (at == octets.length) {
      throw new Unreadable(file.place(open), "a quotation without end", "\" at its end");
    }
    at++;
    into.keep();
  }

  private Value text(int from, int to) {
    return file.value(from, to);
  }

  private int lineEnd() {
    int end = at;
    while (end < octets.length && octets[end] != '\n') {
      end++;
    }
    return end;
  }

  private static boolean isBlank(byte octet) {
    return octet == ' ' || octet == '\t' || octet == '\r';
  }

  /// Octets with their offsets, growing; what they were is wiped.
  private final class Octets {

    private byte[] all = new byte[64];
    private final List<Integer> offsets = new ArrayList<>();
    private int kept;

    void add(byte octet, int offset) {
      if (offsets.size() == all.length) {
        byte[] small = all;
        all = Arrays.copyOf(small, 2 * small.length);
        Arrays.fill(small, (byte) 0);
      }
      all[offsets.size()] = octet;
      offsets.add(offset);
    }

    /// Blanks up to here are part of it.
    void keep() {
      kept = offsets.size();
    }

    Optional<SwanctlFile.Text> toText() {
      int length = offsets.size();
      while (length > kept && isBlank(all[length - 1])) {
        length--;
      }
      byte[] text = Arrays.copyOf(all, length);
      Arrays.fill(all, (byte) 0);
      if (length == 0) {
        return Optional.empty();
      }
      int[] places = new int[length + 1];
      for (int i = 0; i < length; i++) {
        places[i] = offsets.get(i);
      }
      places[length] = at;
      return Optional.of(new SwanctlFile.Text(text, places, file));
    }
  }
}
