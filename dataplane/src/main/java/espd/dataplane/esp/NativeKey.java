package espd.dataplane.esp;

import espd.spd.KeyMaterial;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongConsumer;

/// Keys on their way to native code.
final class NativeKey {

  private NativeKey() {}

  /// Lends the address of an off-heap copy of the key to `use`; the copy is wiped afterwards.
  ///
  /// @throws IllegalStateException when the key is wiped already
  static void lend(KeyMaterial key, LongConsumer use) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(Math.max(key.length(), 1));
      try {
        key.use(
            octets -> {
              MemorySegment.copy(octets, 0, copy, ValueLayout.JAVA_BYTE, 0, octets.length);
              return copy;
            });
        use.accept(copy.address());
      } finally {
        copy.fill((byte) 0);
      }
    }
  }
}
