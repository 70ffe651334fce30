package espd.ike.exchange;

import espd.ike.message.Bytes;
import java.util.List;

/// Choices made by the octets of a fuzzer's input; when there are none left, always the first.
public final class Choices {

  private final byte[] data;
  private int at;

  /// @param data the input
  public Choices(byte[] data) {
    this.data = data;
  }

  /// {@return whether there are any left}
  public boolean isLeft() {
    return at < data.length;
  }

  /// {@return a number below `bound`, which is at most 65536}
  public int next(int bound) {
    int octets = bound > 256 ? octet() << 8 | octet() : octet();
    return octets % bound;
  }

  /// {@return one of them}
  public <T> T of(List<T> all) {
    return all.get(next(all.size()));
  }

  /// {@return so many octets}
  public Bytes octets(int length) {
    byte[] octets = new byte[length];
    for (int i = 0; i < length; i++) {
      octets[i] = (byte) octet();
    }
    return Bytes.of(octets);
  }

  private int octet() {
    return at < data.length ? data[at++] & 0xff : 0;
  }
}
