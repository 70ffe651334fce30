package espd.dataplane.esp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import espd.spd.Direction;
import espd.spd.SaParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// An AEAD of native code: AES-GCM (RFC 4106) or ChaCha20-Poly1305 (RFC 7634), in place, over
/// addresses.
///
/// ```
///  nonce = salt (4) | IV (8)                            RFC 4106 §4, RFC 7634 §2
///  AAD   = SPI | sequence, with ESN SPI | high | low    RFC 4106 §5, RFC 7634 §2.1
/// ```
///
/// The IV is the packet's whole sequence number: it never repeats under a key, whichever thread
/// seals (RFC 4106 §3.1). Nonce and ESN's AAD are put together in memory of this cipher's own;
/// without ESN the AAD is the packet's own header.
abstract sealed class NativeAead implements EspCipher permits LibCryptoAead, IpsecMbGcm {

  static final int ICV_OCTETS = 16;

  private static final int IV_OCTETS = 8;
  private static final int SALT_OCTETS = 4;
  private static final int BODY = EspHeader.OCTETS + IV_OCTETS;

  /// Offsets in [#memory]: native code may read 16 octets where 12 count.
  private static final int NONCE = 0;

  private static final int AAD = 16;

  /// Where a library's own part of [#memory] begins, aligned as the memory is.
  static final int SCRATCH = 64;

  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);

  final int aadOctets;
  final long nonce;

  /// Off-heap memory of this cipher alone; from [#SCRATCH] on for what else the library wants.
  final MemorySegment memory;

  private final boolean esn;
  private final Direction direction;
  private final Arena arena = Arena.ofShared();

  /// @param sa whose packets
  /// @param direction outbound to seal, inbound to open
  /// @param scratchOctets the octets of memory behind [#SCRATCH]
  NativeAead(SaParameters sa, Direction direction, int scratchOctets) {
    this.esn = sa.esn();
    this.direction = direction;
    this.aadOctets = EspHeader.OCTETS + (esn ? Integer.BYTES : 0);
    this.memory = arena.allocate(SCRATCH + scratchOctets, SCRATCH);
    this.nonce = memory.address() + NONCE;
    int saltAt = sa.suite().keyBits() / 8;
    try {
      sa.encryptionKey()
          .use(
              octets -> {
                MemorySegment.copy(
                    octets, saltAt, memory, ValueLayout.JAVA_BYTE, NONCE, SALT_OCTETS);
                return memory;
              });
    } catch (IllegalStateException e) {
      arena.close();
      throw e;
    }
  }

  /// Encrypts `octets` at `body` in place and writes the ICV behind them.
  ///
  /// @param aad the address of [#aadOctets] octets
  abstract void seal(MemorySegment packets, long aad, int body, int octets);

  /// Decrypts `octets` at `body` in place.
  ///
  /// @param aad the address of [#aadOctets] octets
  /// @return whether the ICV behind them is right
  abstract boolean open(MemorySegment packets, long aad, int body, int octets);

  @Override
  public final void process(EspRun run) {
    for (int i = 0; i < run.count; i++) {
      int octets = run.octets[i] - BODY - ICV_OCTETS;
      if (octets < 0) {
        throw new IllegalArgumentException("shorter than its IV and ICV: " + run.octets[i]);
      }
      process(run, i, octets);
    }
  }

  private void process(EspRun run, int i, int octets) {
    MemorySegment packets = run.memory();
    int at = run.at[i];
    long aad = packets.address() + at;
    if (esn) {
      aad = memory.address() + AAD;
      memory.set(INT, AAD, EspHeader.spi(packets, at));
      memory.set(LONG, AAD + Integer.BYTES, run.number[i]);
    }
    if (direction == Direction.OUTBOUND) {
      packets.set(LONG, at + EspHeader.OCTETS, run.number[i]);
      memory.set(LONG, NONCE + SALT_OCTETS, run.number[i]);
      seal(packets, aad, at + BODY, octets);
    } else {
      memory.set(LONG, NONCE + SALT_OCTETS, packets.get(LONG, at + EspHeader.OCTETS));
      run.authentic[i] = open(packets, aad, at + BODY, octets);
    }
  }

  /// Wipes and gives back the memory of this cipher: the salt, and what the library put there.
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      memory.fill((byte) 0);
      arena.close();
    }
  }
}
