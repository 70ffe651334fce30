package espd.daemon.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/// The characters of one file, and where each stands.
public final class Source implements Value.Places {

  private final Path file;
  private final String text;
  private final int[] lineStarts;

  /// @param text the characters of `file`
  public Source(Path file, String text) {
    this.file = file;
    this.text = text;
    this.lineStarts =
        IntStream.concat(
                IntStream.of(0),
                IntStream.range(0, text.length())
                    .filter(i -> text.charAt(i) == '\n')
                    .map(i -> i + 1))
            .toArray();
  }

  /// Decodes `octets` as [#text(byte[])] does.
  public static Source of(Path file, byte[] octets) {
    return new Source(file, text(octets));
  }

  /// {@return the characters that `octets` are in UTF-8, or in ISO 8859-1 where they are none
  /// there}
  static String text(byte[] octets) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException e) {
      return new String(octets, StandardCharsets.ISO_8859_1);
    }
  }

  /// {@return the file}
  public Path file() {
    return file;
  }

  /// {@return its characters}
  public String text() {
    return text;
  }

  @Override
  public Place place(int offset) {
    int found = Arrays.binarySearch(lineStarts, offset);
    int line = found >= 0 ? found : -found - 2;
    return new Place(file, line + 1, offset - lineStarts[line] + 1);
  }
}
