package espd.daemon.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The languages that configuration files are written in, told by a file's name or its first words.
/// Nothing but the first word of a line is made a [String]: the rest may be a secret.
public enum Dialect {
  /// Pluto's connections.
  IPSEC_CONF,
  /// Pluto's secrets.
  IPSEC_SECRETS,
  /// Racoon's connections.
  RACOON_CONF,
  /// Setkey's statements.
  SETKEY,
  /// Racoon's secrets.
  PSK_TXT,
  /// Swanctl's connections and secrets.
  SWANCTL_CONF,
  /// None that we know.
  UNKNOWN;

  private static final Set<String> CONF = Set.of("conn", "config", "version", "ca");
  private static final Set<String> RACOON =
      Set.of(
          "path", "remote", "sainfo", "listen", "padding", "timer", "log", "privsep", "mode_cfg");
  private static final Set<String> SETKEY_WORDS =
      Set.of(
          "flush",
          "spdflush",
          "add",
          "spdadd",
          "spdupdate",
          "delete",
          "deleteall",
          "spddelete",
          "get",
          "dump",
          "spddump");
  private static final Set<String> SWANCTL =
      Set.of("connections", "secrets", "pools", "authorities");

  /// What a file is, and where that was seen.
  ///
  /// @param dialect its language
  /// @param line of the word that told, or 0 when the name did
  /// @param column of that word
  public record Seen(Dialect dialect, int line, int column) {}

  /// {@return the language of `octets`, which `file` holds}
  public static Seen of(Path file, byte[] octets) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".secrets")) {
      return new Seen(IPSEC_SECRETS, 0, 0);
    }
    if (name.contains("swanctl")) {
      return new Seen(SWANCTL_CONF, 0, 0);
    }
    int at = 0;
    for (int line = 1; at < octets.length; line++) {
      int end = at;
      while (end < octets.length && octets[end] != '\n') {
        end++;
      }
      Optional<Seen> seen = ofLine(octets, new Line(at, end, line));
      if (seen.isPresent()) {
        boolean guess = seen.get().dialect() == PSK_TXT || seen.get().dialect() == UNKNOWN;
        return guess && name.endsWith(".conf") ? new Seen(IPSEC_CONF, 0, 0) : seen.get();
      }
      at = end + 1;
    }
    return new Seen(IPSEC_CONF, 0, 0);
  }

  private record Line(int from, int to, int number) {}

  private static Optional<Seen> ofLine(byte[] octets, Line line) {
    int start = line.from();
    while (start < line.to() && isBlank(octets[start])) {
      start++;
    }
    if (start == line.to() || octets[start] == '#') {
      return Optional.empty();
    }
    int end = start;
    while (end < line.to() && !isBlank(octets[end]) && ";{".indexOf(octets[end]) < 0) {
      end++;
    }
    String word = new String(octets, start, end - start, StandardCharsets.ISO_8859_1);
    if (word.equals("include")) {
      return Optional.empty(); // Both languages have it: a line below tells.
    }
    Dialect dialect = ofWord(word);
    if (dialect == UNKNOWN && opensSection(octets, end, line)) {
      dialect = SWANCTL_CONF;
    }
    if (dialect == UNKNOWN) {
      dialect = hasColon(octets, line) ? IPSEC_SECRETS : looksLikePsk(octets, end, line);
    }
    return Optional.of(new Seen(dialect, line.number(), start - line.from() + 1));
  }

  private static Dialect ofWord(String word) {
    if (CONF.contains(word)) {
      return IPSEC_CONF;
    }
    if (RACOON.contains(word)) {
      return RACOON_CONF;
    }
    if (SWANCTL.contains(word)) {
      return SWANCTL_CONF;
    }
    return SETKEY_WORDS.contains(word) ? SETKEY : UNKNOWN;
  }

  /// `WORD {` with nothing between, but for the sections it inherits.
  private static boolean opensSection(byte[] octets, int afterWord, Line line) {
    int next = afterWord;
    while (next < line.to() && isBlank(octets[next])) {
      next++;
    }
    return next < line.to() && octets[next] == '{';
  }

  private static boolean hasColon(byte[] octets, Line line) {
    for (int i = line.from(); i < line.to(); i++) {
      boolean before = i == line.from() || isBlank(octets[i - 1]);
      boolean after = i + 1 == line.to() || isBlank(octets[i + 1]);
      if (octets[i] == ':' && before && after) {
        return true;
      }
    }
    return false;
  }

  /// `NAME SECRET`, unless it is `KEY=VALUE`: a secret in base64 has its `=` at the end.
  private static Dialect looksLikePsk(byte[] octets, int afterWord, Line line) {
    int next = afterWord;
    while (next < line.to() && isBlank(octets[next])) {
      next++;
    }
    boolean assigns = next < line.to() && octets[next] == '=';
    for (int i = line.from(); i < afterWord; i++) {
      assigns |= octets[i] == '=';
    }
    if (assigns) {
      return IPSEC_CONF;
    }
    return next > afterWord && next < line.to() ? PSK_TXT : UNKNOWN;
  }

  private static boolean isBlank(byte octet) {
    return octet == ' ' || octet == '\t' || octet == '\r';
  }
}
