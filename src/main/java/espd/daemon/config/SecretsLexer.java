package espd.daemon.config;

import espd.spd.KeyMaterial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.IntStream;

/// The words of an `ipsec.secrets` by their octets. A record begins at a line's start; indented
/// lines continue it. A `#` at a line's start or after a blank begins a comment.
final class SecretsLexer implements Value.Places {

  private static final int NO_DIGIT = -1;

  private final Path file;
  private final byte[] octets;
  private int at;
  private int recordStart;
  private int recordEnd;

  /// @param octets owned from now on
  SecretsLexer(Path file, byte[] octets) {
    this.file = file;
    this.octets = octets;
  }

  /// A word, or what stands between quotes.
  ///
  /// @param from the first octet, behind the quote
  /// @param to behind the last octet, at the quote
  record Word(int from, int to, boolean quoted) {}

  Path file() {
    return file;
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
    String text =
        new String(octets, word.from(), word.to() - word.from(), StandardCharsets.ISO_8859_1);
    return new Value(this, text, IntStream.rangeClosed(word.from(), word.to()).toArray());
  }

  /// {@return the secret that a word says: text, or `0x` hexadecimal, `0s` base64, `0t` text}
  ///
  /// @throws Unreadable without a word of it
  KeyMaterial secret(Word word) throws Unreadable {
    byte[] text = Arrays.copyOfRange(octets, word.from(), word.to());
    byte[] secret = new byte[0];
    try {
      secret = decoded(text, word);
      if (secret.length == 0) {
        throw new Unreadable(place(word.from()), "an empty secret", "at least one octet");
      }
      return KeyMaterial.copyOf(secret);
    } finally {
      Arrays.fill(text, (byte) 0);
      Arrays.fill(secret, (byte) 0);
    }
  }

  private byte[] decoded(byte[] text, Word word) throws Unreadable {
    boolean prefixed = !word.quoted() && text.length >= 2 && text[0] == '0';
    return switch (prefixed ? text[1] : 0) {
      case 'x', 'X' -> ofHex(text, word);
      case 's', 'S' -> ofBase64(text, word);
      case 't', 'T' -> Arrays.copyOfRange(text, 2, text.length);
      default -> text.clone();
    };
  }

  private byte[] ofHex(byte[] text, Word word) throws Unreadable {
    byte[] secret = new byte[(text.length - 2) / 2];
    boolean good = text.length % 2 == 0;
    for (int i = 0; i < secret.length && good; i++) {
      int high = digit(text[2 + 2 * i]);
      int low = digit(text[3 + 2 * i]);
      good = high != NO_DIGIT && low != NO_DIGIT;
      secret[i] = (byte) (high << 4 | low);
    }
    if (!good) {
      Arrays.fill(secret, (byte) 0);
      throw new Unreadable(
          place(word.from()), "0x and what is no hexadecimal", "an even number of digits after 0x");
    }
    return secret;
  }

  private static int digit(byte octet) {
    return Character.digit(octet, 16);
  }

  private byte[] ofBase64(byte[] text, Word word) throws Unreadable {
    byte[] digits = Arrays.copyOfRange(text, 2, text.length);
    try {
      return Base64.getDecoder().decode(digits);
    } catch (IllegalArgumentException e) {
      throw new Unreadable(place(word.from()), "0s and what is no base64", "base64 after 0s");
    } finally {
      Arrays.fill(digits, (byte) 0);
    }
  }

  Place recordPlace() {
    return place(recordStart);
  }

  @Override
  public Place place(int offset) {
    int line = 1;
    int start = 0;
    for (int i = 0; i < Math.min(offset, octets.length); i++) {
      if (octets[i] == '\n') {
        line++;
        start = i + 1;
      }
    }
    return new Place(file, line, offset - start + 1);
  }

  /// Zeroes the file's octets. No place can be told afterwards.
  void wipe() {
    Arrays.fill(octets, (byte) 0);
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
