package espd.perf;

import espd.dataplane.ipv6.HeaderChain;
import espd.spd.Direction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The classification of a packet that leaves: addresses, protocol and ports (RFC 4301 §4.4.1.1),
/// behind any extension headers.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ClassifyBenchmark {

  private static final int PACKETS = 64;
  private static final int STRIDE = 2048;
  private static final int OCTETS = 1400;
  private static final int IPV6_OCTETS = 40;
  private static final int EXTENSION_OCTETS = 8;
  private static final byte DESTINATION_OPTIONS = 60;
  private static final byte TCP = 6;

  /// How many extension headers stand before TCP.
  @Param({"0", "2"})
  public int extensions;

  private final MemorySegment memory = Arena.ofAuto().allocate((long) PACKETS * STRIDE, 64);
  private final HeaderChain chain = new HeaderChain();
  private int next;

  /// Writes the packets.
  @Setup(Level.Trial)
  public void writePackets() {
    for (int packet = 0; packet < PACKETS; packet++) {
      MemorySegment octets = memory.asSlice((long) packet * STRIDE, STRIDE);
      octets.set(ValueLayout.JAVA_BYTE, 0, (byte) 0x60);
      int payload = OCTETS - IPV6_OCTETS;
      octets.set(ValueLayout.JAVA_BYTE, 4, (byte) (payload >> 8));
      octets.set(ValueLayout.JAVA_BYTE, 5, (byte) payload);
      int field = 6;
      for (int i = 0; i < extensions; i++) {
        octets.set(ValueLayout.JAVA_BYTE, field, DESTINATION_OPTIONS);
        field = IPV6_OCTETS + i * EXTENSION_OCTETS;
      }
      octets.set(ValueLayout.JAVA_BYTE, field, TCP);
    }
    if (classify() != HeaderChain.Kind.WHOLE || chain.flow().protocol != TCP) {
      throw new IllegalStateException("the sample is no TCP packet");
    }
  }

  /// {@return what a packet is; its flow is read}
  @Benchmark
  public HeaderChain.Kind classify() {
    int packet = next++ & (PACKETS - 1);
    return chain.read(memory, packet * STRIDE, OCTETS, Direction.OUTBOUND);
  }
}
