package espd.daemon.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/// The octets of a file in which secrets may stand, which are never made a [String] as a whole.
///
/// @param file that they come from
/// @param octets owned from now on
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record FileOctets(Path file, byte[] octets) implements Value.Places {

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

  /// {@return a part that is no secret, in the characters that other files would have it in}
  Value value(int from, int to) {
    String text = Source.text(Arrays.copyOfRange(octets, from, to));
    int[] places = new int[text.length() + 1];
    // Where a character has several octets, the part is shown where it begins.
    boolean each = text.length() == to - from;
    Arrays.setAll(places, i -> each ? from + i : from);
    return new Value(this, text, places);
  }

  /// {@return the text of a part that is no secret, an octet a character}
  public String text(int from, int to) {
    return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /// Zeroes them. No place can be told afterwards.
  public void wipe() {
    Arrays.fill(octets, (byte) 0);
  }

  /// {@return nothing but where they come from}
  @Override
  public String toString() {
    return "<octets of " + file + ">";
  }
}
