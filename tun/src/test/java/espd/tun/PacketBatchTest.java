package espd.tun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.tun.packet.PacketBatch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketBatchTest {

  private final Random random = new Random(4303);
  private final PacketBatch batch = new PacketBatch();

  @AfterEach
  void close() {
    batch.close();
  }

  private byte[] octets(int count) {
    byte[] octets = new byte[count];
    random.nextBytes(octets);
    return octets;
  }

  private void fill(int slot, int from, int to) {
    batch.memory().asSlice(from, to - from).fill((byte) slot);
  }

  private boolean isFilled(int slot, int from, int to) {
    MemorySegment place = batch.memory().asSlice(from, to - from);
    for (long at = 0; at < place.byteSize(); at++) {
      if (place.get(ValueLayout.JAVA_BYTE, at) != (byte) slot) {
        return false;
      }
    }
    return true;
  }

  /// Each packet with all its rooms is filled with its slot's number; nobody's is overwritten.
  @Test
  void placesNeverOverlapWhateverIsAdded() {
    for (int round = 0; round < 300; round++) {
      batch.clear();
      int longest = 1 << random.nextInt(1, 17);
      int slots = 0;
      while (batch.count() < PacketBatch.CAPACITY) {
        int octets = random.nextInt(Math.min(longest, PacketBatch.MAX_OCTETS) + 1);
        boolean room = batch.hasRoom(octets);
        int slot = batch.add(octets);
        assertEquals(room, slot != PacketBatch.FULL);
        if (!room) {
          break;
        }
        assertEquals(slots++, slot);
        assertEquals(octets, batch.length(slot));
        fill(slot, batch.offset(slot) - PacketBatch.HEADROOM, batch.end(slot));
      }
      assertEquals(slots, batch.count());
      for (int slot = 0; slot < slots; slot++) {
        assertRooms(slot);
        assertTrue(isFilled(slot, batch.offset(slot) - PacketBatch.HEADROOM, batch.end(slot)));
      }
    }
  }

  private void assertRooms(int slot) {
    int before = slot == 0 ? 0 : batch.end(slot - 1);
    assertTrue(batch.offset(slot) - PacketBatch.HEADROOM >= before, "no headroom");
    int room = Math.max(batch.length(slot), PacketBatch.LEAST_OCTETS) + PacketBatch.TAILROOM;
    assertTrue(batch.end(slot) - batch.offset(slot) >= room, "no tailroom");
    assertTrue(batch.end(slot) <= batch.memory().byteSize());
    assertEquals(0, batch.offset(slot) % 64, "not aligned");
  }

  /// RFC 8200 §3: an IPv6 packet without a jumbo payload is no longer.
  @Test
  void anEmptyBatchHasRoomForTheLongestPacket() {
    byte[] longest = octets(PacketBatch.MAX_OCTETS);

    assertEquals(0, batch.add(MemorySegment.ofArray(longest)));

    assertRooms(0);
    assertArrayEquals(longest, Batches.packet(batch, 0));
    assertEquals(PacketBatch.FULL, batch.add(PacketBatch.MAX_OCTETS));
    assertEquals(1, batch.add(PacketBatch.LEAST_OCTETS));
    assertRooms(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1280, 1500, PacketBatch.LEAST_OCTETS})
  void holdsAsManyPacketsOfAnEthernetAsItsCapacity(int octets) {
    for (int slot = 0; slot < PacketBatch.CAPACITY; slot++) {
      assertTrue(batch.hasRoom(octets));
      assertEquals(slot, batch.add(octets));
      assertRooms(slot);
    }
    assertFalse(batch.hasRoom(0));
    assertEquals(PacketBatch.FULL, batch.add(0));
    assertEquals(PacketBatch.CAPACITY, batch.count());
  }

  @Test
  void whatDidNotFitChangesNothing() {
    List<byte[]> packets = new ArrayList<>();
    byte[] next = octets(9000);
    while (batch.add(MemorySegment.ofArray(next)) != PacketBatch.FULL) {
      packets.add(next);
      next = octets(9000);
    }

    assertEquals(packets.size(), batch.count());
    assertTrue(packets.size() >= 13, packets.size() + " packets of 9000 octets");
    for (int slot = 0; slot < packets.size(); slot++) {
      assertArrayEquals(packets.get(slot), Batches.packet(batch, slot));
    }
    batch.clear();
    assertEquals(0, batch.count());
    assertEquals(0, batch.add(MemorySegment.ofArray(next)));
  }

  @Test
  void aPacketMovesWithinItsPlaceAndIsDroppedInIt() {
    batch.add(100);
    batch.add(100);
    int end = batch.end(0);
    batch.place(0, batch.offset(0) - PacketBatch.HEADROOM, end);
    batch.fragmentable[0] = true;

    assertEquals(0, batch.offset(0));
    assertEquals(end, batch.length(0));
    assertTrue(batch.offset(1) - PacketBatch.HEADROOM >= end);
    batch.drop(0);
    assertEquals(0, batch.length(0));
    assertEquals(2, batch.count());
    batch.clear();
    batch.add(1);
    assertFalse(batch.fragmentable[0], "the last packet of the place could be fragmented");
  }
}
