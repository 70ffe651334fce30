package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import java.util.Arrays;
import java.util.List;

/// What was inside an authentic Encrypted Fragment payload (RFC 7383 §2.5): a part of a message's
/// payloads, which only together can be read.
///
/// @param header of the message
/// @param firstInner the type of the message's first payload, in its first fragment, else 0
/// @param number 1 to `total`
/// @param total how many fragments make up the message
/// @param part of the octets of the payloads
public record OpenedFragment(Header header, int firstInner, int number, int total, Bytes part) {

  /// A message of more fragments than this is not sent, and not heeded: 64 KiB in fragments of the
  /// smallest packets that IPv6 makes sense with.
  public static final int MAX_TOTAL = 255;

  /// {@return the message of all its fragments}
  ///
  /// @param fragments in the order of their numbers, none missing
  public static OpenedMessage joined(List<OpenedFragment> fragments) {
    byte[] inner = new byte[fragments.stream().mapToInt(f -> f.part().length()).sum()];
    int at = 0;
    for (OpenedFragment fragment : fragments) {
      byte[] part = fragment.part().toArray();
      System.arraycopy(part, 0, inner, at, part.length);
      Arrays.fill(part, (byte) 0);
      at += part.length;
    }
    OpenedFragment first = fragments.getFirst();
    return new OpenedMessage(first.header(), first.firstInner(), inner);
  }

  /// {@return nothing of the part}
  @Override
  public String toString() {
    return header + " EF(" + number + "/" + total + ")";
  }
}
