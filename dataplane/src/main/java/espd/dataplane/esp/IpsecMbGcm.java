package espd.dataplane.esp;

import espd.spd.Direction;
import espd.spd.SaParameters;
import java.lang.foreign.MemorySegment;

/// AES-GCM of libipsec-mb: the key is expanded once, a packet is one call.
///
/// The library writes the tag that a packet should have and compares nothing; that is done here, in
/// the same time for every tag.
final class IpsecMbGcm extends NativeAead {

  private static final int STATE = SCRATCH + IpsecMbCalls.KEY_OCTETS;
  private static final int TAG = STATE + IpsecMbCalls.STATE_OCTETS;
  private static final int SCRATCH_OCTETS = TAG + ICV_OCTETS - SCRATCH;

  final int keyBits;

  /// The address of the expanded key.
  final long key;

  /// The address of a message's state.
  final long state;

  private final long tag;

  /// @param sa whose packets
  /// @param direction outbound to seal, inbound to open
  IpsecMbGcm(SaParameters sa, Direction direction) {
    super(sa, direction, SCRATCH_OCTETS);
    this.keyBits = sa.suite().keyBits();
    long base = memory.address();
    this.key = base + SCRATCH;
    this.state = base + STATE;
    this.tag = base + TAG;
    int bits = keyBits;
    try {
      NativeKey.lend(sa.encryptionKey(), lent -> IpsecMbCalls.expand(bits, lent, base + SCRATCH));
    } catch (IllegalStateException e) {
      close();
      throw e;
    }
  }

  @Override
  void seal(MemorySegment packets, long aad, int body, int octets) {
    long at = packets.address() + body;
    IpsecMbCalls.encrypt(this, aad, at, octets, at + octets);
  }

  @Override
  boolean open(MemorySegment packets, long aad, int body, int octets) {
    IpsecMbCalls.decrypt(this, aad, packets.address() + body, octets, tag);
    int icv = body + octets;
    long wrong =
        (memory.get(LONG, TAG) ^ packets.get(LONG, icv))
            | (memory.get(LONG, TAG + Long.BYTES) ^ packets.get(LONG, icv + Long.BYTES));
    return wrong == 0;
  }
}
