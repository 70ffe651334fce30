package espd.ike.message;

import java.util.Arrays;

/// Collects the octets of a message, network order. Not for more than one thread.
public final class Writer {

  private byte[] octets = new byte[512];
  private int at;

  /// Writes the low octet of `value`.
  public Writer u8(int value) {
    int index = room(1); // may replace the array
    octets[index] = (byte) value;
    return this;
  }

  /// Writes the low two octets of `value`.
  public Writer u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  /// Writes four octets.
  public Writer u32(int value) {
    return u16(value >>> 16).u16(value);
  }

  /// Writes eight octets.
  public Writer u64(long value) {
    return u32((int) (value >>> 32)).u32((int) value);
  }

  /// Writes the octets of `bytes`.
  public Writer bytes(Bytes bytes) {
    int from = room(bytes.length());
    bytes.copyTo(octets, from);
    return this;
  }

  /// {@return how many octets are written}
  public int length() {
    return at;
  }

  /// Replaces the octet at `index`.
  public void setU8(int index, int value) {
    octets[index] = (byte) value;
  }

  /// Replaces the two octets at `index`: a length that is known only after what it counts.
  public void setU16(int index, int value) {
    octets[index] = (byte) (value >>> 8);
    octets[index + 1] = (byte) value;
  }

  /// {@return a copy of what is written}
  public byte[] toArray() {
    return Arrays.copyOf(octets, at);
  }

  /// Zeroes what is written, when it was meant to be encrypted.
  public void wipe() {
    Arrays.fill(octets, (byte) 0);
  }

  private int room(int length) {
    if (length > octets.length - at) {
      byte[] larger = Arrays.copyOf(octets, Math.max(2 * octets.length, at + length));
      Arrays.fill(octets, (byte) 0);
      octets = larger;
    }
    int from = at;
    at += length;
    return from;
  }
}
