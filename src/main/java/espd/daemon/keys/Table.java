package espd.daemon.keys;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// A kind of file with keys, and of its lines.
public enum Table {
  /// Wireshark's SAs of ESP.
  ESP_SA("esp_sa", ',', 4),
  /// Wireshark's IKE SAs of IKEv2.
  IKEV2("ikev2_decryption_table", ',', 2),
  /// Wireshark's ISAKMP SAs of IKEv1.
  IKEV1("ikev1_decryption_table", ',', 1),
  /// What tcpdump reads with `-E "file NAME"`.
  TCPDUMP("", ' ', 1);

  /// Those of Wireshark.
  public static final List<Table> OF_WIRESHARK = List.of(ESP_SA, IKEV2, IKEV1);

  private final String file;
  private final char separator;
  private final int identifying;

  Table(String file, char separator, int identifying) {
    this.file = file;
    this.separator = separator;
    this.identifying = identifying;
  }

  /// {@return the name that its file must have, empty when it may have any}
  public String file() {
    return file;
  }

  /// {@return the first columns of a line, which say what SA it is of, nothing secret; empty when
  /// there are too few}
  ///
  /// @param octets of which those from `from` to `to` are the line
  String identity(byte[] octets, int from, int to) {
    int columns = 0;
    int end = from;
    while (end < to && columns < identifying) {
      columns += octets[end] == separator ? 1 : 0;
      end++;
    }
    return columns < identifying
        ? ""
        : new String(octets, from, end - from, StandardCharsets.US_ASCII);
  }
}
