package espd.perf;

import espd.perf.SuperPackets.Protocol;
import espd.tun.offload.Segmentation;
import espd.tun.packet.PacketBatch;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What a TUN device gives in one read, cut into the packets it stands for, checksums complete: 64
/// KiB in segments of some 1400 octets. All figures are those of one segment, of which there are
/// 47.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SuperPackets.SEGMENTS)
public class SegmentBenchmark {

  /// What is cut.
  @Param public Protocol protocol = Protocol.TCP;

  private final PacketBatch batch = new PacketBatch();
  private Segmentation segmentation = new Segmentation(MemorySegment.NULL);
  private int octets;

  /// Makes a packet for several.
  @Setup(Level.Trial)
  public void makePacket() {
    segmentation = new Segmentation(SuperPackets.given(protocol, 0));
    octets = SuperPackets.octets(protocol);
    if (cut().count() != SuperPackets.SEGMENTS) {
      throw new IllegalStateException("a packet was cut into " + batch.count());
    }
  }

  /// {@return the segments}
  @Benchmark
  public PacketBatch cut() {
    batch.clear();
    segmentation.begin(octets);
    segmentation.moveTo(batch);
    return batch;
  }

  /// Gives the memory back.
  @TearDown(Level.Trial)
  public void close() {
    batch.close();
  }
}
