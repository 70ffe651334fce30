package espd.ike.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/// Immutable octets with value equality: what crosses the wire. Not for secrets, which are
/// [espd.spd.KeyMaterial].
public final class Bytes {

  /// No octets.
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] octets;

  private Bytes(byte[] octets) {
    this.octets = octets;
  }

  /// {@return a copy of `octets`}
  public static Bytes of(byte... octets) {
    return octets.length == 0 ? EMPTY : new Bytes(octets.clone());
  }

  /// {@return a copy of `length` octets of `octets` from `from` on}
  public static Bytes of(byte[] octets, int from, int length) {
    return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(octets, from, from + length));
  }

  /// {@return the four octets of `value` in network order, such as an SPI of ESP}
  public static Bytes ofInt(int value) {
    return new Bytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  /// {@return the eight octets of `value` in network order, such as an SPI of IKE}
  public static Bytes ofLong(long value) {
    return new Bytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  /// {@return the octets of `hex`, two digits each, blanks allowed}
  ///
  /// @throws IllegalArgumentException when it is not hexadecimal
  public static Bytes ofHex(String hex) {
    return new Bytes(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
  }

  /// {@return how many octets}
  public int length() {
    return octets.length;
  }

  /// {@return a copy of the octets}
  public byte[] toArray() {
    return octets.clone();
  }

  /// {@return the octet at `index`, 0 to 255}
  public int at(int index) {
    return octets[index] & 0xff;
  }

  /// {@return the number these four octets are}
  ///
  /// @throws IllegalStateException when they are not four
  public int toInt() {
    expect(Integer.BYTES);
    return ByteBuffer.wrap(octets).getInt();
  }

  /// {@return the number these eight octets are}
  ///
  /// @throws IllegalStateException when they are not eight
  public long toLong() {
    expect(Long.BYTES);
    return ByteBuffer.wrap(octets).getLong();
  }

  private void expect(int length) {
    if (octets.length != length) {
      throw new IllegalStateException(octets.length + " octets, not " + length);
    }
  }

  void copyTo(byte[] target, int at) {
    System.arraycopy(octets, 0, target, at, octets.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(octets, that.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  /// {@return the octets as lower-case hexadecimal digits}
  @Override
  public String toString() {
    return HexFormat.of().formatHex(octets);
  }
}
