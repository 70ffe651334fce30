package espd.dataplane;

import espd.tun.TunDevice;
import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A TUN device of two queues.
final class QueueTun implements TunDevice {

  private static final byte[] CLOSED = {};

  /// What the host sends.
  final BlockingQueue<byte[]> fromHost = new LinkedBlockingQueue<>();

  /// What the host received.
  final BlockingQueue<byte[]> toHost = new LinkedBlockingQueue<>();

  /// How many packets were read.
  final AtomicInteger read = new AtomicInteger();

  private volatile boolean closed;

  @Override
  public String name() {
    return "queue";
  }

  @Override
  public int read(PacketBatch batch, int timeoutMillis) {
    byte[] first = await(fromHost, timeoutMillis);
    if (first != null && first.length == 0) {
      return -1;
    }
    batch.clear();
    for (byte[] next = first; next != null; next = more(batch)) {
      batch.add(MemorySegment.ofArray(next));
    }
    read.addAndGet(batch.count());
    return batch.count();
  }

  private byte @Nullable [] more(PacketBatch batch) {
    byte[] next = !batch.hasRoom(PacketBatch.MAX_OCTETS) ? null : fromHost.peek();
    return next == null || next.length == 0 ? null : fromHost.poll();
  }

  static byte @Nullable [] await(BlockingQueue<byte[]> queue, int timeoutMillis) {
    try {
      return timeoutMillis < 0 ? queue.take() : queue.poll(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return CLOSED;
    }
  }

  @Override
  public int write(PacketBatch batch) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    int taken = 0;
    for (int i = 0; i < batch.count(); i++) {
      if (batch.length(i) > 0) {
        toHost.add(
            batch
                .memory()
                .asSlice(batch.offset(i), batch.length(i))
                .toArray(ValueLayout.JAVA_BYTE));
        taken++;
      }
    }
    return taken;
  }

  @Override
  public void close() {
    closed = true;
    fromHost.add(CLOSED);
  }
}
