package espd.dataplane;

import espd.spd.Ipv6Address;
import espd.tun.PathListener;
import espd.tun.Underlay;
import espd.tun.packet.PacketBatch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// An underlay of two queues, whose sending can be stopped.
final class QueueUnderlay implements Underlay {

  /// A packet and what stands beside it.
  @SuppressWarnings("ArrayRecordComponent")
  record Wire(
      Ipv6Address local,
      int localPort,
      Ipv6Address remote,
      int remotePort,
      int tos,
      boolean fragmentable,
      byte[] octets) {
    Wire(
        Ipv6Address local,
        int localPort,
        Ipv6Address remote,
        int remotePort,
        int tos,
        byte[] octets) {
      this(local, localPort, remote, remotePort, tos, false, octets);
    }

    Wire from(Ipv6Address otherRemote, int otherPort) {
      return new Wire(local, localPort, otherRemote, otherPort, tos, octets);
    }

    Wire with(byte[] otherOctets) {
      return new Wire(local, localPort, remote, remotePort, tos, otherOctets);
    }
  }

  /// The hop limit that every packet arrives with.
  static final int HOP_LIMIT = 61;

  private static final Wire CLOSED =
      new Wire(Ipv6Address.UNSPECIFIED, 0, Ipv6Address.UNSPECIFIED, 0, 0, new byte[0]);

  /// What arrives.
  final BlockingQueue<Wire> arriving = new LinkedBlockingQueue<>();

  /// What was sent.
  final BlockingQueue<Wire> sent = new LinkedBlockingQueue<>();

  /// Is told what routers say.
  volatile @Nullable PathListener path;

  /// Held by a test to keep `send` waiting.
  final Semaphore road = new Semaphore(1);

  @Override
  public int receive(PacketBatch batch, int timeoutMillis) {
    Wire first;
    try {
      first = arriving.take();
    } catch (InterruptedException e) {
      return -1;
    }
    if (first.equals(CLOSED)) {
      return -1;
    }
    batch.clear();
    Wire next = first;
    while (next != null) {
      put(batch, next);
      boolean full = !batch.hasRoom(PacketBatch.MAX_OCTETS);
      next = full || CLOSED.equals(arriving.peek()) ? null : arriving.poll();
    }
    return batch.count();
  }

  private static void put(PacketBatch batch, Wire wire) {
    int i = batch.add(MemorySegment.ofArray(wire.octets()));
    batch.localHigh[i] = wire.local().high();
    batch.localLow[i] = wire.local().low();
    batch.remoteHigh[i] = wire.remote().high();
    batch.remoteLow[i] = wire.remote().low();
    batch.localPort[i] = wire.localPort();
    batch.remotePort[i] = wire.remotePort();
    batch.hopLimit[i] = HOP_LIMIT;
    batch.trafficClass[i] = wire.tos();
  }

  @Override
  public int send(PacketBatch batch) {
    road.acquireUninterruptibly();
    road.release();
    int count = 0;
    for (int i = 0; i < batch.count(); i++) {
      if (batch.length(i) > 0) {
        sent.add(
            new Wire(
                new Ipv6Address(batch.localHigh[i], batch.localLow[i]),
                batch.localPort[i],
                new Ipv6Address(batch.remoteHigh[i], batch.remoteLow[i]),
                batch.remotePort[i],
                batch.trafficClass[i],
                batch.fragmentable[i],
                batch
                    .memory()
                    .asSlice(batch.offset(i), batch.length(i))
                    .toArray(ValueLayout.JAVA_BYTE)));
        count++;
      }
    }
    return count;
  }

  @Override
  public void sendDatagram(
      Ipv6Address local, int localPort, Ipv6Address remote, int remotePort, byte[] payload) {
    throw new UnsupportedOperationException("the data plane sends no IKE");
  }

  @Override
  public void follow(PathListener listener) {
    path = listener;
  }

  @Override
  public void close() {
    arriving.add(CLOSED);
  }
}
