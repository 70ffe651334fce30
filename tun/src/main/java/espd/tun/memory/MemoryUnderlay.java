package espd.tun.memory;

import espd.spd.Ipv6Address;
import espd.tun.PathListener;
import espd.tun.Underlay;
import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// The sockets of one host on a [MemoryNetwork].
public final class MemoryUnderlay implements Underlay {

  /// How many packets wait to be received.
  public static final int QUEUE = 4096;

  private static final int IPV6_HEADER = 40;
  private static final int UDP_HEADER = 8;

  private final MemoryNetwork network;
  private final Set<Ipv6Address> locals;
  private final OptionalInt port;
  private final Mailbox<WirePacket> arrived = new Mailbox<>(QUEUE);
  private Optional<WirePacket> next = Optional.empty();

  MemoryUnderlay(MemoryNetwork network, Set<Ipv6Address> locals, OptionalInt port) {
    this.network = network;
    this.locals = Set.copyOf(locals);
    this.port = port;
  }

  boolean arrive(WirePacket packet) {
    return packet.received().isPresent() && arrived.offer(packet);
  }

  @Override
  public int receive(PacketBatch batch, int timeoutMillis) {
    batch.clear();
    Optional<WirePacket> packet = next.or(() -> arrived.poll(timeoutMillis));
    while (packet.isPresent() && put(packet.get(), batch) != PacketBatch.FULL) {
      packet = arrived.poll(0);
    }
    next = packet;
    return batch.count() == 0 && arrived.isClosed() ? -1 : batch.count();
  }

  /// {@return the slot, or [PacketBatch#FULL]}
  private static int put(WirePacket packet, PacketBatch batch) {
    int slot = batch.add(MemorySegment.ofArray(packet.received().orElseThrow()));
    if (slot == PacketBatch.FULL) {
      return slot;
    }
    batch.remoteHigh[slot] = packet.source().high();
    batch.remoteLow[slot] = packet.source().low();
    batch.remotePort[slot] = packet.sourcePort();
    batch.localHigh[slot] = packet.destination().high();
    batch.localLow[slot] = packet.destination().low();
    batch.localPort[slot] = packet.destinationPort();
    batch.hopLimit[slot] = packet.hopLimit();
    batch.trafficClass[slot] = packet.trafficClass();
    return slot;
  }

  @Override
  public int send(PacketBatch batch) throws IOException {
    throwWhenClosed();
    int sent = 0;
    for (int slot = 0; slot < batch.count(); slot++) {
      if (batch.length(slot) == 0) {
        continue;
      }
      if (!isSendable(batch, slot)) {
        batch.drop(slot);
        continue;
      }
      byte[] octets = Slots.copy(batch, slot);
      network.transmit(
          batch.localPort[slot] == 0 ? WirePacket.raw(octets) : datagram(batch, slot, octets));
      sent++;
    }
    return sent;
  }

  /// {@inheritDoc} No router is on the way, so nothing is ever said.
  @Override
  public void follow(PathListener listener) {}

  private boolean isSendable(PacketBatch batch, int slot) {
    int octets = batch.length(slot);
    if (batch.localPort[slot] == 0) {
      return octets >= IPV6_HEADER && octets <= MemoryNetwork.MTU;
    }
    Ipv6Address local = new Ipv6Address(batch.localHigh[slot], batch.localLow[slot]);
    return has(local, batch.localPort[slot])
        && IPV6_HEADER + UDP_HEADER + octets <= MemoryNetwork.MTU;
  }

  private static WirePacket datagram(PacketBatch batch, int slot, byte[] octets) {
    return new WirePacket(
        new Ipv6Address(batch.localHigh[slot], batch.localLow[slot]),
        batch.localPort[slot],
        new Ipv6Address(batch.remoteHigh[slot], batch.remoteLow[slot]),
        batch.remotePort[slot],
        batch.trafficClass[slot],
        octets);
  }

  @Override
  public void sendDatagram(
      Ipv6Address local, int localPort, Ipv6Address remote, int remotePort, byte[] payload)
      throws IOException {
    throwWhenClosed();
    if (!has(local, localPort)) {
      throw new IOException("no socket of ours has UDP port " + localPort + " of " + local);
    }
    network.transmit(new WirePacket(local, localPort, remote, remotePort, 0, payload.clone()));
  }

  private boolean has(Ipv6Address local, int localPort) {
    return port.isPresent() && port.getAsInt() == localPort && locals.contains(local);
  }

  private void throwWhenClosed() throws ClosedChannelException {
    if (arrived.isClosed()) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public void close() {
    arrived.close();
    network.detach(this);
  }
}
