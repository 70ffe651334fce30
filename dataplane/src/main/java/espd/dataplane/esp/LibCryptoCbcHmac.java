package espd.dataplane.esp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import espd.spd.SaParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;

/// CBC (RFC 3602; 3DES: RFC 2451), or no cipher at all (RFC 2410), with a truncated HMAC (RFC 2403,
/// RFC 2404, RFC 4868) of libcrypto, in place: encrypt, then authenticate.
///
/// Sealing begins each packet with an IV of zeros and encrypts one block before the payload, where
/// the packet's IV belongs; the ciphertext of that block is the IV:
///
/// ```
///  plain    │ secret (8) │ number (8) │ payload …                 secret: random, of this context
///  cipher   │           IV            │ payload …                 the IV is E(secret | number)
/// ```
///
/// A block of 8 octets has the number in the secret's place, xored with it. So each IV is an
/// encrypted block that was never encrypted before, which nobody can foretell (RFC 3602 §3; the
/// first method of NIST SP 800-38A, Appendix C). Opening takes the IV from the packet, and decrypts
/// only what is authentic.
abstract sealed class LibCryptoCbcHmac implements EspCipher {

  /// Offsets in [#memory].
  private static final int ZEROS = 0;

  private static final int SECRET = 16;
  private static final int HIGH = 24;
  private static final int WRITTEN = 28;
  private static final int DIGEST = 32;
  private static final int MEMORY_OCTETS = DIGEST + 64;

  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);

  final int ivOctets;
  final int icvOctets;
  final MemorySegment memory;
  private final boolean esn;
  private final Arena arena = Arena.ofShared();
  private long context;
  private long hmac;

  /// @param sa whose packets
  /// @param direction of [Evp]
  /// @param cipher what [Evp#cipher] gave
  /// @param digest what [Evp#digest] gave
  LibCryptoCbcHmac(SaParameters sa, int direction, long cipher, long digest) {
    this.esn = sa.esn();
    this.ivOctets = sa.suite().encryption().ivOctets();
    this.icvOctets = sa.suite().icvOctets();
    this.memory = arena.allocate(MEMORY_OCTETS, 64);
    try {
      NativeKey.lend(sa.encryptionKey(), key -> context = Evp.context(cipher, key, direction));
      int keyOctets = sa.integrityKey().length();
      NativeKey.lend(sa.integrityKey(), key -> hmac = Evp.hmac(digest, key, keyOctets));
    } catch (IllegalStateException e) {
      release();
      throw e;
    }
  }

  @Override
  public final void process(EspRun run) {
    for (int i = 0; i < run.count; i++) {
      int sealed = run.octets[i] - icvOctets;
      if (sealed < EspHeader.OCTETS + ivOctets) {
        throw new IllegalArgumentException("shorter than its IV and ICV: " + run.octets[i]);
      }
      process(run, i, sealed);
    }
  }

  /// @param sealed the octets from the SPI to the end of the ciphertext
  abstract void process(EspRun run, int i, int sealed);

  /// Encrypts or decrypts whole blocks in place.
  ///
  /// @param iv the address of a block
  final void transform(long iv, long at, int octets) {
    Evp.begin(context, iv);
    Evp.update(context, at, memory.address() + WRITTEN, at, octets);
  }

  /// Puts the digest over `sealed` octets into [#memory] at [#DIGEST]; with ESN the high half of
  /// the number follows them, though it does not travel (RFC 4303 §2.2.1, §3.3.2.1).
  private void digest(long packet, int sealed, long number) {
    Evp.beginHmac(hmac);
    Evp.updateHmac(hmac, packet, sealed);
    if (esn) {
      memory.set(INT, HIGH, (int) (number >>> 32));
      Evp.updateHmac(hmac, memory.address() + HIGH, Integer.BYTES);
    }
    Evp.endHmac(hmac, memory.address() + DIGEST, memory.address() + WRITTEN);
  }

  /// Gives the cipher, the HMAC and the memory back, wiped.
  @Override
  public final void close() {
    if (arena.scope().isAlive()) {
      release();
    }
  }

  private void release() {
    Evp.free(context);
    Evp.freeHmac(hmac);
    memory.fill((byte) 0);
    arena.close();
  }

  static final class Sealing extends LibCryptoCbcHmac {

    Sealing(SaParameters sa, long cipher, long digest) {
      super(sa, Evp.ENCRYPT, cipher, digest);
      byte[] secret = new byte[Long.BYTES];
      new SecureRandom().nextBytes(secret);
      MemorySegment.copy(secret, 0, memory, ValueLayout.JAVA_BYTE, SECRET, secret.length);
      java.util.Arrays.fill(secret, (byte) 0);
    }

    @Override
    void process(EspRun run, int i, int sealed) {
      MemorySegment packets = run.memory();
      int at = run.at[i];
      int ivAt = at + EspHeader.OCTETS;
      long secret = memory.get(LONG, SECRET);
      if (ivOctets == Long.BYTES) {
        packets.set(LONG, ivAt, secret ^ run.number[i]);
      } else if (ivOctets > 0) {
        packets.set(LONG, ivAt, secret);
        packets.set(LONG, ivAt + Long.BYTES, run.number[i]);
      }
      transform(memory.address() + ZEROS, packets.address() + ivAt, sealed - EspHeader.OCTETS);
      super.digest(packets.address() + at, sealed, run.number[i]);
      MemorySegment.copy(memory, DIGEST, packets, at + sealed, icvOctets);
    }
  }

  static final class Opening extends LibCryptoCbcHmac {

    Opening(SaParameters sa, long cipher, long digest) {
      super(sa, Evp.DECRYPT, cipher, digest);
    }

    @Override
    void process(EspRun run, int i, int sealed) {
      MemorySegment packets = run.memory();
      int at = run.at[i];
      super.digest(packets.address() + at, sealed, run.number[i]);
      run.authentic[i] = isRight(packets, at + sealed);
      if (run.authentic[i]) {
        long iv = packets.address() + at + EspHeader.OCTETS;
        transform(iv, iv + ivOctets, sealed - EspHeader.OCTETS - ivOctets);
      }
    }

    /// Whether the ICV at `icvAt` is the digest's beginning; takes the same time for every one. An
    /// ICV's length is a multiple of 4.
    private boolean isRight(MemorySegment packets, int icvAt) {
      int wrong = 0;
      for (int k = 0; k < icvOctets; k += Integer.BYTES) {
        wrong |= memory.get(INT, DIGEST + k) ^ packets.get(INT, icvAt + k);
      }
      return wrong == 0;
    }
  }
}
