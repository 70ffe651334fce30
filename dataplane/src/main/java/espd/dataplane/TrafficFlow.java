package espd.dataplane;

import espd.spd.EspSuite;
import espd.spd.SaParameters;
import espd.tun.packet.PacketBatch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/// Traffic flow confidentiality in tunnel mode: how much is put behind a packet to hide its length
/// (RFC 4303 §2.7), and what a dummy packet carries (RFC 4303 §2.6). Only towards a peer that can
/// take it (RFC 7296 §1.3.1, ESP_TFC_PADDING_NOT_SUPPORTED).
///
/// ```
///  │ ESP │ IV │ packet │ TFC padding │ padding │ pad length │ next header │ ICV │
///             ├── payload, as long as wanted ──┘
/// ```
final class TrafficFlow {

  /// The shortest dummy is as long as the shortest packet, an IPv6 header.
  private static final int LEAST_DUMMY_OCTETS = 40;

  private TrafficFlow() {}

  /// {@return the octets of TFC padding behind a packet, 0 when it is long enough or too long}
  ///
  /// @param packetOctets the packet that is to be hidden
  /// @param wantedOctets how long packet and TFC padding are to be together, or
  ///   [espd.spd.OuterTraffic#PATH_MTU]
  /// @param espOctets the longest ESP packet that the path takes, from the SPI to the ICV
  static int padOctets(EspSuite suite, int packetOctets, int wantedOctets, int espOctets) {
    int longest = Math.min(wantedOctets, suite.payloadOctets(espOctets));
    return Math.max(0, longest - packetOctets);
  }

  /// {@return the octets of TFC padding behind the packet of a slot, as its SA wants them and its
  /// place has room}
  ///
  /// @param espOctets the longest ESP packet that the path takes, from the SPI to the ICV
  static int padOctets(Slot slot, int i, int espOctets) {
    SaParameters sa = slot.sa(i).parameters();
    int wanted = sa.outerTraffic().padToOctets();
    if (wanted == 0) {
      return 0;
    }
    int room = slot.batch.end(i) - slot.end(i) - PacketBatch.TAILROOM;
    return Math.min(room, padOctets(sa.suite(), slot.batch.length(i), wanted, espOctets));
  }

  /// Writes TFC padding. Its value is free (RFC 4303 §2.7): zeros, and nothing of earlier packets.
  static void pad(MemorySegment memory, int at, int octets) {
    // A slice is an object until the JIT has done away with it: none where there is no padding.
    if (octets > 0) {
      memory.asSlice(at, octets).fill((byte) 0);
    }
  }

  /// {@return the octets of a dummy's payload: those of any packet between the shortest and the
  /// longest that the path takes}
  ///
  /// @param espOctets the longest ESP packet that the path takes, from the SPI to the ICV
  static int dummyOctets(EspSuite suite, int espOctets, RandomGenerator random) {
    int longest = suite.payloadOctets(espOctets);
    return longest <= LEAST_DUMMY_OCTETS
        ? Math.max(0, longest)
        : random.nextInt(LEAST_DUMMY_OCTETS, longest + 1);
  }

  /// Writes a dummy's payload: random octets (RFC 4303 §2.6). Its next header is 59.
  static void dummy(MemorySegment memory, int at, int octets, RandomGenerator random) {
    int i = 0;
    for (; i + Long.BYTES <= octets; i += Long.BYTES) {
      memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at + i, random.nextLong());
    }
    for (; i < octets; i++) {
      memory.set(ValueLayout.JAVA_BYTE, at + i, (byte) random.nextInt());
    }
  }
}
