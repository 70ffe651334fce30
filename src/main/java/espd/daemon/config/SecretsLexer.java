package espd.daemon.config;

import espd.spd.KeyMaterial;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// The words of an `ipsec.secrets` by their octets. A record begins at a line's start; indented
/// lines continue it. A `#` at a line's start or after a blank begins a comment.
final class SecretsLexer implements Value.Places {

  private final FileOctets whole;
  private final byte[] octets;
  private int at;
  private int recordStart;
  private int recordEnd;

  /// @param octets owned from now on
  SecretsLexer(Path file, byte[] octets) {
    this.whole = new FileOctets(file, octets);
    this.octets = octets;
  }

  /// A word, or what stands between quotes.
  ///
  /// @param from the first octet, behind the quote
  /// @param to behind the last octet, at the quote
  record Word(int from, int to, boolean quoted) {}

  Path file() {
    return whole.file();
  }

  /// Goes to the next record, whatever is left of this one.
  ///
  /// @return whether there is one
  boolean nextRecord() {
    at = recordEnd;
    while (at < octets.length) {
      int end = lineEnd(at);
      int first = skipBlanks(at, end);
      boolean nothing = first == end || octets[first] == '#' || octets[first] == '}';
      if (!nothing) {
        recordStart = first;
        at = first;
        recordEnd = recordEnd(end);
        return true;
      }
      at = Math.min(octets.length, end + 1);
    }
    recordEnd = octets.length;
    return false;
  }

  private int recordEnd(int firstLineEnd) {
    int end = Math.min(octets.length, firstLineEnd + 1);
    while (end < octets.length && (isBlank(octets[end]) || octets[end] == '#')) {
      end = Math.min(octets.length, lineEnd(end) + 1);
    }
    return end;
  }

  /// {@return the next word of the record, or nothing at its end}
  ///
  /// @throws Unreadable when a quotation has no end on its line
  Optional<Word> nextWord() throws Unreadable {
    while (at < recordEnd) {
      if (isBlank(octets[at]) || octets[at] == '\n') {
        at++;
      } else if (octets[at] == '#') {
        at = lineEnd(at);
      } else {
        return Optional.of(octets[at] == '"' || octets[at] == '\'' ? quotation() : bare());
      }
    }
    return Optional.empty();
  }

  private Word quotation() throws Unreadable {
    int open = at;
    int end = lineEnd(at);
    int close = open + 1;
    while (close < end && octets[close] != octets[open]) {
      close++;
    }
    if (close == end) {
      at = end;
      throw new Unreadable(place(open), "a quotation without end", "the same quote on its line");
    }
    at = close + 1;
    return new Word(open + 1, close, true);
  }

  private Word bare() {
    int from = at;
    while (at < recordEnd && !isBlank(octets[at]) && octets[at] != '\n') {
      at++;
    }
    return new Word(from, at, false);
  }

  boolean isColon(Word word) {
    return !word.quoted() && word.to() - word.from() == 1 && octets[word.from()] == ':';
  }

  /// {@return a word that is no secret}
  Value text(Word word) {
    return whole.value(word.from(), word.to());
  }

  /// {@return the secret that a word says: text, or `0x` hexadecimal, `0s` base64, `0t` text}
  ///
  /// @throws Unreadable without a word of it
  KeyMaterial secret(Word word) throws Unreadable {
    byte[] text = Arrays.copyOfRange(octets, word.from(), word.to());
    Place place = place(word.from());
    if (word.quoted()) {
      return SecretText.asItIs(text, place);
    }
    boolean marked = text.length >= 2 && text[0] == '0' && (text[1] == 't' || text[1] == 'T');
    if (marked) {
      byte[] rest = Arrays.copyOfRange(text, 2, text.length);
      Arrays.fill(text, (byte) 0);
      return SecretText.asItIs(rest, place);
    }
    return SecretText.read(text, place);
  }

  Place recordPlace() {
    return place(recordStart);
  }

  @Override
  public Place place(int offset) {
    return whole.place(offset);
  }

  /// Zeroes the file's octets. No place can be told afterwards.
  void wipe() {
    whole.wipe();
  }

  private int lineEnd(int from) {
    int end = from;
    while (end < octets.length && octets[end] != '\n') {
      end++;
    }
    return end;
  }

  private int skipBlanks(int from, int to) {
    int first = from;
    while (first < to && isBlank(octets[first])) {
      first++;
    }
    return first;
  }

  private static boolean isBlank(byte octet) {
    return octet == ' ' || octet == '\t' || octet == '\r';
  }
}
