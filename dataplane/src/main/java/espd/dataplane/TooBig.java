package espd.dataplane;

import espd.dataplane.ipv4.FragmentationNeeded;
import espd.dataplane.ipv6.Ipv6Header;
import espd.dataplane.ipv6.PacketTooBig;
import espd.spd.Ipv6Address;
import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/// Tells the senders of packets that do not fit the path so, through the TUN device (RFC 4301
/// §8.2.1, RFC 4443 §3.2, RFC 1191), and no more often than RFC 4443 §2.4 (f) allows. For the
/// outbound reader's thread.
final class TooBig implements AutoCloseable {

  private static final int PER_SECOND = 100;
  private static final int BURST = 50;
  private static final long NANOS_EACH = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

  private final TunWriter tun;
  private final PacketBatch message = new PacketBatch();
  private long allowedNanos = System.nanoTime() - BURST * NANOS_EACH;

  /// @param tun where the host listens
  TooBig(TunWriter tun) {
    this.tun = tun;
  }

  /// Answers a packet, unless its sender must not be answered or was told enough.
  ///
  /// @param fitOctets the longest packet that would have fitted; never said to a sender of IPv6 to
  ///   be below 1280, for it could not act on it (RFC 8201 §4)
  void tell(Slot slot, int i, int fitOctets) {
    MemorySegment packet = slot.batch.memory().asSlice(slot.batch.offset(i), slot.batch.length(i));
    boolean ipv4 = slot.isIpv4(i);
    boolean mayAnswer =
        ipv4 ? FragmentationNeeded.mayAnswer(packet) : PacketTooBig.mayAnswer(packet);
    if (!mayAnswer || !isAllowed()) {
      return;
    }
    message.clear();
    int at = message.offset(message.add(Ipv6Header.MINIMUM_MTU));
    MemorySegment into = message.memory().asSlice(at, Ipv6Header.MINIMUM_MTU);
    int octets;
    if (ipv4) {
      octets = FragmentationNeeded.write(packet, fitOctets, into);
    } else {
      Ipv6Address from = slot.sa(i).parameters().local();
      octets = PacketTooBig.write(packet, Math.max(Ipv6Header.MINIMUM_MTU, fitOctets), from, into);
    }
    message.place(0, at, octets);
    try {
      tun.write(message);
    } catch (IOException e) {
      // The device is gone: the reader, whose thread this is, hears of it at its next read.
      message.clear();
    }
  }

  private boolean isAllowed() {
    long now = System.nanoTime();
    if (now - allowedNanos < NANOS_EACH) {
      return false;
    }
    allowedNanos = Math.max(allowedNanos + NANOS_EACH, now - BURST * NANOS_EACH);
    return true;
  }

  @Override
  public void close() {
    message.close();
  }
}
