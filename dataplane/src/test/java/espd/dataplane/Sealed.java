package espd.dataplane;

import espd.dataplane.QueueUnderlay.Wire;
import espd.dataplane.esp.EspHeader;
import espd.dataplane.esp.EspRun;
import espd.dataplane.esp.SunJce;
import espd.spd.Ipv6Address;
import espd.spd.SaParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Makes ESP packets of any content: what a peer with the keys could send, well-behaved or not.
final class Sealed {

  private Sealed() {}

  /// An ESP packet whose encrypted part is exactly `plain`, trailer included.
  static byte[] esp(SaParameters sa, long number, byte[] plain) {
    int before = EspHeader.OCTETS + sa.suite().encryption().ivOctets();
    int octets = before + plain.length + sa.suite().icvOctets();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(octets);
      EspHeader.write(memory, 0, sa.spi(), number);
      MemorySegment.copy(plain, 0, memory, ValueLayout.JAVA_BYTE, before, plain.length);
      EspRun run = new EspRun(1);
      run.begin(memory);
      run.add(0, octets, number);
      new SunJce().sealing(sa).process(run);
      return memory.toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /// A payload with right padding to blocks of 4, and the trailer.
  static byte[] padded(byte[] payload, int nextHeader) {
    int padOctets = (4 - (payload.length + 2) % 4) % 4;
    byte[] plain = java.util.Arrays.copyOf(payload, payload.length + padOctets + 2);
    for (int i = 0; i < padOctets; i++) {
      plain[payload.length + i] = (byte) (i + 1);
    }
    plain[plain.length - 2] = (byte) padOctets;
    plain[plain.length - 1] = (byte) nextHeader;
    return plain;
  }

  /// A raw packet as it arrives at `local`.
  static Wire raw(Ipv6Address local, Ipv6Address remote, byte[] esp) {
    return new Wire(local, 0, remote, 0, 0, esp);
  }
}
