package espd.tun;

import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Carries packets from one TUN device to another, batch for batch, in a thread of its own, and
/// does on the way what networks do.
final class Wire {

  private static final int TCP = 6;
  private static final int NEXT_HEADER = 6;
  private static final int TCP_FLAGS = 40 + 13;
  private static final int CWR = 0x80;

  /// Explicit congestion notification in the second octet of an IPv6 header (RFC 3168 §5).
  private static final int ECN = 0x30;

  private static final int ECT_0 = 0x20;

  /// What happens to packets on the way.
  ///
  /// @param loses every so many packets one, or none when it is 0
  /// @param marks every so many packets that are ECN-capable as having met congestion, or none
  record Path(int loses, int marks) {
    static final Path FLAWLESS = new Path(0, 0);
  }

  private final LinuxTun from;
  private final LinuxTun to;
  private final Path path;
  private final @Nullable PcapFile capture;
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

  /// How many packets were read.
  final AtomicLong read = new AtomicLong();

  /// How many packets were written, of those that were not lost on the way.
  final AtomicLong written = new AtomicLong();

  /// The most packets of one batch.
  final AtomicInteger most = new AtomicInteger();

  /// The octets of the longest packet.
  final AtomicInteger longest = new AtomicInteger();

  /// How many TCP segments said CWR (RFC 3168 §6.1.2).
  final AtomicInteger reduced = new AtomicInteger();

  /// How many packets the host refused.
  final AtomicLong refused = new AtomicLong();

  /// @param capture takes all packets as they were read, or nothing does
  Wire(LinuxTun from, LinuxTun to, Path path, @Nullable PcapFile capture) {
    this.from = from;
    this.to = to;
    this.path = path;
    this.capture = capture;
    Thread.ofPlatform().daemon().name("wire").start(this::run);
  }

  private void run() {
    try (PacketBatch batch = new PacketBatch()) {
      while (from.read(batch, -1) > 0) {
        carry(batch);
      }
      ended.complete(true);
    } catch (IOException | RuntimeException e) {
      ended.completeExceptionally(e);
    }
  }

  private void carry(PacketBatch batch) throws IOException {
    if (capture != null) {
      capture.add(batch);
    }
    most.accumulateAndGet(batch.count(), Math::max);
    int kept = 0;
    for (int slot = 0; slot < batch.count(); slot++) {
      batch.tag[slot] = 0;
      longest.accumulateAndGet(batch.length(slot), Math::max);
      long number = read.incrementAndGet();
      if (path.loses > 0 && number % path.loses == 0) {
        batch.drop(slot);
        continue;
      }
      kept++;
      mark(batch, slot, number);
      if (octet(batch, slot, NEXT_HEADER) == TCP && (octet(batch, slot, TCP_FLAGS) & CWR) != 0) {
        reduced.incrementAndGet();
      }
    }
    int taken = to.write(batch);
    written.addAndGet(taken);
    refused.addAndGet(kept - taken);
  }

  private void mark(PacketBatch batch, int slot, long number) {
    int octet = octet(batch, slot, 1);
    if (path.marks > 0 && number % path.marks == 0 && (octet & ECN) == ECT_0) {
      batch.memory().set(ValueLayout.JAVA_BYTE, batch.offset(slot) + 1L, (byte) (octet | ECN));
    }
  }

  private static int octet(PacketBatch batch, int slot, int at) {
    return batch.memory().get(ValueLayout.JAVA_BYTE, batch.offset(slot) + (long) at) & 0xff;
  }

  /// Throws what ended the thread before its device was closed, if anything did.
  void check() {
    if (ended.isCompletedExceptionally()) {
      ended.join();
    }
  }

  /// Returns when the thread has ended, which closing its devices does.
  void await() {
    ended.exceptionally(failure -> false).join();
  }
}
