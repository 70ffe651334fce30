package espd.perf;

import espd.perf.SuperPackets.Protocol;
import espd.tun.offload.Coalescing;
import espd.tun.offload.Segmentation;
import espd.tun.offload.VirtioHeader;
import espd.tun.packet.PacketBatch;
import java.lang.foreign.Arena;
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

/// The packets of a batch joined into one for the host, or as many connections as packets, of which
/// none can be. All figures are those of one packet; each has some 1400 octets, and there are 47.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SuperPackets.SEGMENTS)
public class CoalesceBenchmark {

  private static final int IPV6 = 40;

  /// What may be joined.
  @Param public Protocol protocol = Protocol.TCP;

  private final PacketBatch one = new PacketBatch();
  private final PacketBatch many = new PacketBatch();
  private final Coalescing coalescing = new Coalescing(Coalescing.Joined.TCP_AND_UDP);
  private final MemorySegment virtio = Arena.ofAuto().allocate(VirtioHeader.OCTETS, Long.BYTES);
  private MemorySegment headers = MemorySegment.NULL;

  /// Cuts a packet of one connection, and one of each of many.
  @Setup(Level.Trial)
  public void cutPackets() {
    cut(0, one);
    headers = Arena.ofAuto().allocate(one.length(0));
    headers.copyFrom(one.memory().asSlice(one.offset(0), one.length(0)));
    try (PacketBatch segments = new PacketBatch()) {
      for (int flow = 0; flow < SuperPackets.SEGMENTS; flow++) {
        cut(flow, segments);
        many.add(segments.memory().asSlice(segments.offset(0), segments.length(0)));
      }
    }
    expect(1, oneConnection());
    expect(SuperPackets.SEGMENTS, manyConnections());
  }

  private void cut(int flow, PacketBatch batch) {
    batch.clear();
    Segmentation segmentation = new Segmentation(SuperPackets.given(protocol, flow));
    segmentation.begin(SuperPackets.octets(protocol));
    segmentation.moveTo(batch);
  }

  private static void expect(int rows, int found) {
    if (rows != found) {
      throw new IllegalStateException("the packets are " + found + " for the host");
    }
  }

  /// {@return 1: how many packets the host is given, whose headers are undone first}
  @Benchmark
  public int oneConnection() {
    MemorySegment.copy(headers, 0, one.memory(), one.offset(0), IPV6 + 20);
    return rows(one);
  }

  /// {@return how many packets the host is given: all}
  @Benchmark
  public int manyConnections() {
    return rows(many);
  }

  private int rows(PacketBatch batch) {
    int rows = 0;
    for (int slot = 0; slot < batch.count(); rows++) {
      int end = coalescing.row(batch, slot);
      if (coalescing.members() > 1) {
        coalescing.join(batch.memory(), batch.offset(slot), virtio);
      } else {
        VirtioHeader.whole(virtio, 0);
      }
      slot = end;
    }
    return rows;
  }

  /// Gives the memory back.
  @TearDown(Level.Trial)
  public void close() {
    one.close();
    many.close();
  }
}
