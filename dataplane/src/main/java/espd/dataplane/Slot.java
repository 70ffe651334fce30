package espd.dataplane;

import espd.dataplane.esp.EspTrailer;
import espd.dataplane.ipv4.Ipv4Header;
import espd.spd.Sa;
import espd.tun.packet.PacketBatch;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One slot of a ring: a batch of packets and what the stages before have found out about each. It
/// belongs to the thread that holds it; the ring moves it on.
final class Slot {

  final PacketBatch batch = new PacketBatch();

  /// The SA of each packet, null while there is none, and for one that bypasses ESP.
  final @Nullable Sa[] sa = new @Nullable Sa[PacketBatch.CAPACITY];

  /// The SPI of each packet that arrived.
  final int[] spi = new int[PacketBatch.CAPACITY];

  /// The whole sequence number of each packet, 64 bits with ESN (RFC 4303 §2.2.1).
  final long[] number = new long[PacketBatch.CAPACITY];

  /// How many octets of each packet stay before ESP in transport mode.
  final int[] espOffset = new int[PacketBatch.CAPACITY];

  /// Where among them the next header field stands that is to say ESP.
  final int[] nextHeaderOffset = new int[PacketBatch.CAPACITY];

  /// What ESP carries in tunnel mode: the number of IPv6 or IPv4, or that of a dummy packet (RFC
  /// 4303 §2.6). Known of what leaves.
  final int[] tunnelled = new int[PacketBatch.CAPACITY];

  /// The octets of traffic flow confidentiality padding behind each packet (RFC 4303 §2.7).
  final int[] tfcOctets = new int[PacketBatch.CAPACITY];

  /// Where each packet's ESP header is in the batch's memory.
  final int[] espAt = new int[PacketBatch.CAPACITY];

  /// Since when each packet waited for an SA before it came here, 0 for one that did not.
  final long[] heldSinceMillis = new long[PacketBatch.CAPACITY];

  final Stopwatch watch;

  /// Copies the batch for whoever looks on.
  final Tap tap;

  private final Counters counters;
  private final Audit audit;

  /// @param counters of the direction
  /// @param audit of the direction
  /// @param tap of the data plane
  Slot(Counters counters, Audit audit, Tap tap) {
    this.watch = new Stopwatch(counters.times());
    this.counters = counters;
    this.audit = audit;
    this.tap = tap;
  }

  /// The only way out: the packet goes no further, and is counted.
  void drop(int i, DropReason reason) {
    batch.drop(i);
    counters.dropped(reason, 1);
    audit.tell(this, i, reason);
  }

  /// Counts a packet that was compressed on its way, and so many octets fewer.
  void spared(int octets) {
    counters.compressed(octets);
  }

  /// {@return the SA of a packet that has one}
  Sa sa(int i) {
    return Objects.requireNonNull(sa[i]);
  }

  /// {@return whether a packet was made to be thrown away (RFC 4303 §2.6)}
  boolean isDummy(int i) {
    return tunnelled[i] == EspTrailer.NO_NEXT_HEADER;
  }

  /// {@return whether a packet that leaves is one of IPv4}
  boolean isIpv4(int i) {
    return tunnelled[i] == Ipv4Header.PROTOCOL;
  }

  /// Adds a packet in place of one of another slot, which goes; its octets are the caller's to
  /// write.
  ///
  /// @param octets its length
  /// @return its number here
  int addInPlaceOf(Slot other, int i, int octets) {
    int k = batch.add(octets);
    batch.localHigh[k] = other.batch.localHigh[i];
    batch.localLow[k] = other.batch.localLow[i];
    batch.remoteHigh[k] = other.batch.remoteHigh[i];
    batch.remoteLow[k] = other.batch.remoteLow[i];
    batch.hopLimit[k] = other.batch.hopLimit[i];
    batch.trafficClass[k] = other.batch.trafficClass[i];
    batch.tag[k] = other.batch.tag[i];
    sa[k] = other.sa[i];
    spi[k] = other.spi[i];
    number[k] = other.number[i];
    other.batch.drop(i); // not lost: it is here
    return k;
  }

  boolean isLive(int i) {
    return batch.length(i) > 0;
  }

  /// {@return the packet's end in the batch's memory}
  int end(int i) {
    return batch.offset(i) + batch.length(i);
  }

  /// {@return how many packets are still in the batch}
  int packets() {
    int packets = 0;
    for (int i = 0; i < batch.count(); i++) {
      packets += isLive(i) ? 1 : 0;
    }
    return packets;
  }

  /// {@return the octets of the packets still in the batch}
  long octets() {
    long octets = 0;
    for (int i = 0; i < batch.count(); i++) {
      octets += batch.length(i);
    }
    return octets;
  }

  /// {@return a bit for each packet still in the batch that has an SA}
  long withSa() {
    long bits = 0;
    for (int i = 0; i < batch.count(); i++) {
      bits |= isLive(i) && sa[i] != null ? 1L << i : 0;
    }
    return bits;
  }
}
