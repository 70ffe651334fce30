package espd.tun.memory;

import espd.tun.TunDevice;
import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;

/// A TUN device whose host is the test: [#inject] is the host sending, [#take] the host receiving.
public final class MemoryTun implements TunDevice {

  /// How many packets wait on each side.
  public static final int QUEUE = 4096;

  private final String name;
  private final Mailbox<byte[]> fromHost = new Mailbox<>(QUEUE);
  private Optional<byte[]> next = Optional.empty();
  private final Mailbox<byte[]> toHost = new Mailbox<>(QUEUE);

  /// @param name of the interface
  public MemoryTun(String name) {
    this.name = name;
  }

  /// Routes a packet into the device, as the host does. Any thread.
  ///
  /// @param packet from its IPv6 header on
  /// @return whether there was room
  public boolean inject(byte[] packet) {
    return fromHost.offer(packet.clone());
  }

  /// {@return the next packet that was written to the device, or nothing when none comes in time}
  /// Any thread.
  public Optional<byte[]> take(Duration timeout) {
    return toHost.poll(Math.toIntExact(timeout.toMillis()));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int read(PacketBatch batch, int timeoutMillis) {
    batch.clear();
    Optional<byte[]> packet = next.or(() -> fromHost.poll(timeoutMillis));
    while (packet.isPresent() && put(packet.get(), batch)) {
      packet = fromHost.poll(0);
    }
    next = packet;
    return batch.count() == 0 && fromHost.isClosed() ? -1 : batch.count();
  }

  private static boolean put(byte[] packet, PacketBatch batch) {
    return batch.add(MemorySegment.ofArray(packet)) != PacketBatch.FULL;
  }

  @Override
  public int write(PacketBatch batch) throws IOException {
    if (toHost.isClosed()) {
      throw new ClosedChannelException();
    }
    int taken = 0;
    for (int slot = 0; slot < batch.count(); slot++) {
      if (batch.length(slot) > 0 && toHost.offer(Slots.copy(batch, slot))) {
        taken++;
      }
    }
    return taken;
  }

  @Override
  public void close() {
    fromHost.close();
    toHost.close();
  }
}
