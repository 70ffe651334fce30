package espd.perf;

import espd.tun.offload.Checksum;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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

/// The Internet checksum (RFC 1071) of an upper layer with its pseudo-header.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChecksumBenchmark {

  private static final int IPV6 = 40;
  private static final int TCP = 6;

  /// The upper layer's.
  @Param({"20", "64", "1400", "9000"})
  public int octets;

  private MemorySegment packet = MemorySegment.NULL;

  /// Makes a packet.
  @Setup(Level.Trial)
  public void makePacket() {
    packet = Arena.ofAuto().allocate(IPV6 + (long) octets, 64);
    packet.fill((byte) 0x5a);
  }

  /// {@return the checksum}
  @Benchmark
  public int sum() {
    return Checksum.complement(
        Checksum.pseudoHeader(packet, 0, octets, TCP) + Checksum.sum(packet, IPV6, octets));
  }
}
