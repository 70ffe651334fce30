package espd.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One SA as `espd sad` prints it, in the layout of `setkey -D`.
///
/// @param from its source address
/// @param to its destination address
/// @param mode `transport` or `tunnel`
/// @param spi as `0x%08x`
/// @param cipher the name after `E:`
/// @param cipherKey in hexadecimal digits, the salt at the end
/// @param authenticator the name after `A:`, empty for an AEAD
/// @param authenticatorKey in hexadecimal digits
/// @param sequence the last number sent, or the highest one accepted
/// @param packets how many it has protected or accepted
public record SadEntry(
    String from,
    String to,
    String mode,
    String spi,
    String cipher,
    String cipherKey,
    String authenticator,
    String authenticatorKey,
    long sequence,
    long packets) {

  private static final Pattern ENDS =
      Pattern.compile("([0-9a-f:.]+)(?:\\[\\d+])? ([0-9a-f:.]+)(?:\\[\\d+])? ?");
  private static final Pattern HEAD =
      Pattern.compile("\\tesp(?:-(?:udp|tcp))? mode=(\\w+) spi=\\d+\\((0x[0-9a-f]{8})\\) reqid=.*");
  private static final Pattern KEY = Pattern.compile("\\t([EA]): (\\S+)  ([0-9a-f ]+)");
  private static final Pattern SEQUENCE = Pattern.compile("\\tseq=0x([0-9a-f]+) .*");
  private static final Pattern ALLOCATED = Pattern.compile("\\tallocated: (\\d+)\\t.*");

  /// {@return the entries in their order}
  static List<SadEntry> read(String output) {
    List<SadEntry> entries = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (String line : joinLongKeys(output).lines().toList()) {
      if (ENDS.matcher(line).matches()) {
        add(lines, entries);
        lines.clear();
      }
      lines.add(line);
    }
    add(lines, entries);
    return entries;
  }

  /// What stands before the first SA is none, and the compression of an SA is part of it.
  private static void add(List<String> lines, List<SadEntry> entries) {
    boolean compression = lines.size() > 1 && lines.get(1).startsWith("\tipcomp ");
    if (lines.size() > 1 && !compression) {
      entries.add(entry(lines));
    }
  }

  /// A key of more than 32 octets goes on in the next line, after one blank.
  private static String joinLongKeys(String output) {
    return output.replaceAll("\\n (?=[0-9a-f])", " ");
  }

  private static SadEntry entry(List<String> lines) {
    Matcher ends = match(ENDS, lines);
    Matcher head = match(HEAD, lines);
    return new SadEntry(
        ends.group(1),
        ends.group(2),
        head.group(1),
        head.group(2),
        key(lines, "E", 2),
        key(lines, "E", 3),
        key(lines, "A", 2),
        key(lines, "A", 3),
        Long.parseLong(match(SEQUENCE, lines).group(1), 16),
        Long.parseLong(match(ALLOCATED, lines).group(1)));
  }

  private static Matcher match(Pattern pattern, List<String> lines) {
    return lines.stream()
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line is " + pattern + " in " + lines));
  }

  private static String key(List<String> lines, String letter, int group) {
    return lines.stream()
        .map(KEY::matcher)
        .filter(line -> line.matches() && line.group(1).equals(letter))
        .map(line -> line.group(group).replace(" ", ""))
        .findFirst()
        .orElse("");
  }
}
