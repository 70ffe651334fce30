package espd.dataplane.esp;

import espd.spd.Direction;
import espd.spd.SaParameters;
import java.lang.foreign.MemorySegment;

/// AES-GCM and ChaCha20-Poly1305 of libcrypto: one context, keyed once; a packet brings its IV.
final class LibCryptoAead extends NativeAead {

  /// The address where the library may say how much it wrote.
  private final long written;

  private long context;

  /// @param sa whose packets
  /// @param direction outbound to seal, inbound to open
  /// @param cipher what [Evp#cipher] gave
  LibCryptoAead(SaParameters sa, Direction direction, long cipher) {
    super(sa, direction, Integer.BYTES);
    written = memory.address() + SCRATCH;
    int code = direction == Direction.OUTBOUND ? Evp.ENCRYPT : Evp.DECRYPT;
    try {
      NativeKey.lend(sa.encryptionKey(), key -> context = Evp.context(cipher, key, code));
    } catch (IllegalStateException e) {
      super.close();
      throw e;
    }
  }

  @Override
  void seal(MemorySegment packets, long aad, int body, int octets) {
    long at = packets.address() + body;
    Evp.begin(context, nonce);
    Evp.update(context, 0, written, aad, aadOctets);
    Evp.update(context, at, written, at, octets);
    if (!Evp.end(context, at + octets, written)) {
      throw new IllegalStateException("libcrypto did not seal");
    }
    Evp.writeTag(context, ICV_OCTETS, at + octets);
  }

  @Override
  boolean open(MemorySegment packets, long aad, int body, int octets) {
    long at = packets.address() + body;
    Evp.begin(context, nonce);
    Evp.update(context, 0, written, aad, aadOctets);
    Evp.expectTag(context, ICV_OCTETS, at + octets);
    Evp.update(context, at, written, at, octets);
    return Evp.end(context, at + octets, written);
  }

  @Override
  public void close() {
    Evp.free(context);
    context = 0;
    super.close();
  }
}
