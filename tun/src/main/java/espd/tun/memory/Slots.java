package espd.tun.memory;

import espd.tun.packet.PacketBatch;
import java.lang.foreign.ValueLayout;

/// The packets of a batch as arrays.
final class Slots {

  private Slots() {}

  /// {@return the octets of a slot's packet}
  static byte[] copy(PacketBatch batch, int slot) {
    return batch
        .memory()
        .asSlice(batch.offset(slot), batch.length(slot))
        .toArray(ValueLayout.JAVA_BYTE);
  }
}
