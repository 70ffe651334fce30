package espd.dataplane.ipv6;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/// SipHash-2-4 (Aumasson and Bernstein, 2012): a short hash under a secret key. Who does not know
/// the key can neither foresee a value nor choose inputs that collide. For any thread; allocates
/// nothing.
public final class SipHash {

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private final long key0;
  private final long key1;

  /// @param random draws the key; a secure one
  public SipHash(RandomGenerator random) {
    this(random.nextLong(), random.nextLong());
  }

  SipHash(long key0, long key1) {
    this.key0 = key0;
    this.key1 = key1;
  }

  /// {@return the hash of 8 octets}
  public long of(long word) {
    return of(MemorySegment.NULL, 0, 0, word);
  }

  /// {@return the hash of some octets with 8 more behind them}
  ///
  /// @param octets a multiple of 8
  /// @param last the 8 octets, in little-endian order
  public long of(MemorySegment memory, int at, int octets, long last) {
    long v0 = key0 ^ 0x736f_6d65_7073_6575L;
    long v1 = key1 ^ 0x646f_7261_6e64_6f6dL;
    long v2 = key0 ^ 0x6c79_6765_6e65_7261L;
    long v3 = key1 ^ 0x7465_6462_7974_6573L;
    // The words, `last`, the length in the uppermost octet, and four rounds more without a word.
    int words = octets / Long.BYTES;
    for (int i = 0; i <= words + 2; i++) {
      long word = 0;
      int rounds = 2;
      if (i < words) {
        word = memory.get(LONG, at + (long) i * Long.BYTES);
      } else if (i == words) {
        word = last;
      } else if (i == words + 1) {
        word = (long) (octets + Long.BYTES) << 56;
      } else {
        v2 ^= 0xff;
        rounds = 4;
      }
      v3 ^= word;
      for (int round = 0; round < rounds; round++) {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }
}
