package espd.ike.message;

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
