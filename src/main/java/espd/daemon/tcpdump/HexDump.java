package espd.daemon.tcpdump;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The octets of a TCP segment as tcpdump prints them behind its line with `-x` or `-X`, gathered
/// line by line.
final class HexDump {

  private static final Pattern LINE =
      Pattern.compile(
          "\\s*0x\\p{XDigit}{4,}:  ((?:\\p{XDigit}{4} ){0,7}\\p{XDigit}{2}(?:\\p{XDigit}{2})?)"
              + "(?:\\s{2,}.*)?\\s*");

  private static final int IPV6_HEADER = 40;
  private static final int NEXT_HEADER = 6;
  private static final int TCP = 6;
  private static final int TCP_HEADER = 20;

  /// The payload of a TCP segment.
  ///
  /// @param sequence the number of its first octet
  @SuppressWarnings("ArrayRecordComponent") // made here, read once
  record Payload(int sequence, byte[] octets) {}

  private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

  /// Takes a line.
  ///
  /// @return whether it was one of octets
  boolean add(String line) {
    Matcher hex = LINE.matcher(line);
    if (!hex.matches()) {
      return false;
    }
    octets.writeBytes(HexFormat.of().parseHex(hex.group(1).replace(" ", "")));
    return true;
  }

  /// {@return what the segment carries, once the packet is whole and if it is TCP over IPv6}
  Optional<Payload> payload() {
    byte[] packet = octets.toByteArray();
    if (packet.length < IPV6_HEADER + TCP_HEADER
        || packet[0] >> 4 != 6
        || packet[NEXT_HEADER] != TCP
        || packet.length < IPV6_HEADER + number(packet, 4, 2)) {
      return Optional.empty();
    }
    int end = IPV6_HEADER + number(packet, 4, 2);
    int begin = IPV6_HEADER + (packet[IPV6_HEADER + 12] >> 4 & 0xf) * Integer.BYTES;
    if (begin > end) {
      return Optional.empty();
    }
    byte[] payload = Arrays.copyOfRange(packet, begin, end);
    return Optional.of(new Payload(number(packet, IPV6_HEADER + 4, 4), payload));
  }

  /// {@return a number of some octets in network order}
  static int number(byte[] octets, int at, int count) {
    int number = 0;
    for (int i = 0; i < count; i++) {
      number = (number << 8) | (octets[at + i] & 0xff);
    }
    return number;
  }
}
