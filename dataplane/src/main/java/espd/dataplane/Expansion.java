package espd.dataplane;

import espd.dataplane.ipcomp.Decompressor;
import espd.dataplane.ipcomp.IpcompHeader;
import espd.spd.SaParameters;
import espd.tun.packet.PacketBatch;

/// Expands what arrives compressed (RFC 3173 §2): in its place, or, where what arrived is short and
/// what becomes of it is not, in a slot of the longer ones, which are delivered behind the others
/// of the batch. Only the inbound writer's thread uses it.
final class Expansion implements AutoCloseable {

  private final Decompressor decompressor = new Decompressor();
  private final Slot longer;
  private Slot slot;
  private int place;

  /// @param longer for those that become too long for their place
  Expansion(Slot longer) {
    this.longer = longer;
    this.slot = longer;
  }

  /// Expands what ESP carried; [#slot()] and [#place()] say then where it is.
  ///
  /// @param from where it is now
  /// @param i its number there
  /// @return what was compressed, as a next header, or [Decapsulation#DROPPED]
  int expand(Slot from, int i, SaParameters sa) {
    PacketBatch batch = from.batch;
    int at = batch.offset(i);
    int octets = batch.length(i);
    if (octets < IpcompHeader.OCTETS) {
      return dropped(from, i, DropReason.MALFORMED_IPCOMP);
    }
    int header = IpcompHeader.read(batch.memory(), at);
    if (IpcompHeader.cpi(header) != sa.ipcomp().orElseThrow().cpi()) {
      return dropped(from, i, DropReason.UNKNOWN_CPI);
    }
    int length = decompressor.expand(batch, at, octets);
    switch (length) {
      case Decompressor.MALFORMED -> {
        return dropped(from, i, DropReason.MALFORMED_IPCOMP);
      }
      case Decompressor.TOO_LONG -> {
        return dropped(from, i, DropReason.EXPANDED_TOO_LONG);
      }
      default -> put(from, i, length);
    }
    from.spared(length - octets);
    return IpcompHeader.nextHeader(header);
  }

  private static int dropped(Slot from, int i, DropReason reason) {
    from.drop(i, reason);
    return Decapsulation.DROPPED;
  }

  private void put(Slot from, int i, int length) {
    int at = from.batch.offset(i);
    if (at + length <= from.batch.end(i)) {
      slot = from;
      place = i;
      slot.batch.place(i, at, length);
    } else {
      slot = longer;
      place = longer.addInPlaceOf(from, i, length);
    }
    decompressor.write(slot.batch.memory(), slot.batch.offset(place), length);
  }

  /// {@return whether another packet can be expanded, whatever it becomes}
  boolean hasRoom() {
    return longer.batch.hasRoom(PacketBatch.MAX_OCTETS);
  }

  /// {@return where the packet that was expanded last is}
  Slot slot() {
    return slot;
  }

  /// {@return its number there}
  int place() {
    return place;
  }

  /// {@return those that became too long for their place, since the batch was emptied}
  Slot longer() {
    return longer;
  }

  /// Gives the memory back but for the slot, which others close; the thread has ended.
  @Override
  public void close() {
    decompressor.close();
  }
}
