package espd.daemon.keys;

import espd.spd.KeyMaterial;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One line of a table, with its keys: octets that are wiped by [#close()], never a `String`. For
/// one thread.
public final class KeyLine implements AutoCloseable {

  /// The longest: an IKE SA's four keys of 64 octets in hexadecimal, and its names.
  private static final int LONGEST = 1024;

  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Table table;
  private final byte[] octets = new byte[LONGEST];
  private int length;

  KeyLine(Table table) {
    this.table = table;
  }

  /// {@return a line of these octets, as [#octets()] of another one gave them}
  ///
  /// @throws IllegalArgumentException when they are longer than any line
  public static KeyLine of(Table table, byte[] octets) {
    if (octets.length > LONGEST) {
      throw new IllegalArgumentException("a line of " + octets.length + " octets");
    }
    KeyLine line = new KeyLine(table);
    System.arraycopy(octets, 0, line.octets, 0, octets.length);
    line.length = octets.length;
    return line;
  }

  KeyLine text(String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, octets, length, ascii.length);
    length += ascii.length;
    return this;
  }

  KeyLine hex(KeyMaterial key) {
    try {
      return key.use(this::hex);
    } catch (IllegalStateException e) {
      close();
      throw e;
    }
  }

  private KeyLine hex(byte[] secret) {
    for (byte octet : secret) {
      octets[length++] = DIGITS[octet >> 4 & 0xf];
      octets[length++] = DIGITS[octet & 0xf];
    }
    return this;
  }

  /// {@return which table it is of}
  public Table table() {
    return table;
  }

  /// {@return the octets, its line feed included; valid until it is closed}
  public ByteBuffer octets() {
    return ByteBuffer.wrap(octets, 0, length).asReadOnlyBuffer();
  }

  /// {@return which SA it is of, nothing secret}
  String identity() {
    return table.identity(octets, 0, length);
  }

  /// Wipes it.
  @Override
  public void close() {
    Arrays.fill(octets, (byte) 0);
    length = 0;
  }

  /// {@return which SA it is of, nothing secret}
  @Override
  public String toString() {
    return "<" + table.file() + " " + identity() + " redacted>";
  }
}
