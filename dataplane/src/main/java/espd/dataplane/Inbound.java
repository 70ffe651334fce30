package espd.dataplane;

import espd.dataplane.esp.EspHeader;
import espd.dataplane.ipv6.HeaderChain;
import espd.dataplane.ipv6.UpperLayerChecksum;
import espd.dataplane.ring.Pipeline;
import espd.spd.Direction;
import espd.spd.InboundSa;
import espd.spd.Ipcomp;
import espd.spd.Ipv6Address;
import espd.spd.Processing.Protect;
import espd.spd.SaParameters;
import espd.spd.Sad;
import espd.spd.Sadb;
import espd.spd.Spd;
import espd.spd.SpdEntry;
import espd.spd.UdpEncapsulation;
import espd.tun.Underlay;
import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The way of a packet that arrives (RFC 4301 §5.2, RFC 4303 §3.4). The methods stand in the order
/// of the stages:
///
/// ```
///  1 receive a batch; IKE and keepalives apart               reader, one thread
///  2 SA by SPI                                                 │
///  3 replay window: already seen or too old?                   ▼ batches, in order
///  4 authenticate and decrypt                                crypto, N threads in turn
///  5 replay window again, and record                         writer, one thread, in order
///  6 strip padding, next header, dummy packets; expand         │
///  7 do the selectors of its SA permit it? mend what NATs did  │
///  8 write the batch to the TUN device                         ▼
/// ```
///
/// ESP is accepted raw and in UDP, whatever its SA sends: either side may choose at any time (RFC
/// 7296 §2.23), and the ICV decides. Nothing a packet says is believed before stage 4, and nothing
/// is recorded of one that failed there.
final class Inbound implements AutoCloseable {

  private static final int WITHOUT_END = -1;
  private static final int KEEPALIVE = 0xff;

  /// What stands before IKE where ESP has its SPI (RFC 3948 §2.2).
  private static final int NON_ESP_MARKER = 0;

  private static final int NON_ESP_MARKER_OCTETS = 4;

  private final Underlay underlay;
  private final TunWriter tun;
  private final Sadb sadb;
  private final DataPlaneListener listener;
  private final InstantSource clock;
  private final Counters counters;
  private final Supplier<Slot> slots;

  // The writer's alone.
  private final HeaderChain headers = new HeaderChain();
  private Spd spd;
  private long nowMillis;
  private @Nullable Expansion expansion;

  /// @param parts what the data plane works with
  /// @param counters of this direction
  /// @param tun where the host listens
  /// @param slots makes slots of this direction, which others close
  Inbound(DataPlaneConfiguration parts, Counters counters, TunWriter tun, Supplier<Slot> slots) {
    this.underlay = parts.underlay();
    this.tun = tun;
    this.sadb = parts.sadb();
    this.listener = parts.listener();
    this.clock = parts.clock();
    this.counters = counters;
    this.slots = slots;
    this.spd = sadb.spd();
  }

  /// The reader's thread: stages 1 to 3, until the underlay is closed.
  void read(Pipeline<Slot> pipeline) throws Exception {
    while (pipeline.claim()) {
      Slot slot = pipeline.claimed();
      int count = underlay.receive(slot.batch, WITHOUT_END);
      if (count < 0) {
        return;
      }
      slot.watch.read();
      Sad sad = sadb.sad();
      slot.tap.arrived(slot.batch, sad);
      for (int i = 0; i < count; i++) {
        receive(slot, i, sad);
      }
      if (slot.packets() > 0) {
        slot.watch.publishing(pipeline);
        pipeline.publish();
      }
    }
  }

  /// Stage 1: what is it? (RFC 3948 §2)
  private void receive(Slot slot, int i, Sad sad) {
    PacketBatch batch = slot.batch;
    slot.sa[i] = null;
    slot.spi[i] = 0;
    slot.number[i] = 0;
    boolean udp = batch.localPort[i] != 0;
    if (udp && isKeepalive(batch, i)) {
      slot.drop(i, DropReason.KEEPALIVE);
    } else if (batch.length(i) < EspHeader.OCTETS) {
      slot.drop(i, DropReason.MALFORMED_ESP);
    } else if (udp && EspHeader.spi(batch.memory(), batch.offset(i)) == NON_ESP_MARKER) {
      listener.ikeMessage(path(batch, i), ikeMessage(batch, i));
      batch.drop(i); // not lost: it went to IKE
    } else {
      findSa(slot, i, sad);
    }
  }

  private static boolean isKeepalive(PacketBatch batch, int i) {
    return batch.length(i) == 1
        && (batch.memory().get(ValueLayout.JAVA_BYTE, batch.offset(i)) & 0xff) == KEEPALIVE;
  }

  private static UdpPath path(PacketBatch batch, int i) {
    return new UdpPath(
        new Ipv6Address(batch.localHigh[i], batch.localLow[i]),
        batch.localPort[i],
        new Ipv6Address(batch.remoteHigh[i], batch.remoteLow[i]),
        batch.remotePort[i]);
  }

  private static byte[] ikeMessage(PacketBatch batch, int i) {
    int at = batch.offset(i) + NON_ESP_MARKER_OCTETS;
    int octets = batch.length(i) - NON_ESP_MARKER_OCTETS;
    return batch.memory().asSlice(at, octets).toArray(ValueLayout.JAVA_BYTE);
  }

  /// Stage 2: the SA by its SPI, and the one check of lengths (RFC 4303 §3.4.2, RFC 4301 §4.1).
  private void findSa(Slot slot, int i, Sad sad) {
    PacketBatch batch = slot.batch;
    slot.spi[i] = EspHeader.spi(batch.memory(), batch.offset(i));
    batch.tag[i] = slot.spi[i];
    InboundSa sa = sad.inbound(slot.spi[i]);
    if (sa == null) {
      int low = EspHeader.sequence(batch.memory(), batch.offset(i));
      slot.number[i] = Integer.toUnsignedLong(low); // to be read of
      slot.drop(i, DropReason.UNKNOWN_SPI);
      return;
    }
    SaParameters parameters = sa.parameters();
    if (parameters.local().high() != batch.localHigh[i]
        || parameters.local().low() != batch.localLow[i]) {
      slot.drop(i, DropReason.WRONG_DESTINATION);
    } else if (!Decapsulation.isLengthRight(parameters.suite(), batch.length(i))) {
      slot.drop(i, DropReason.MALFORMED_ESP);
    } else {
      slot.sa[i] = sa;
      slot.espAt[i] = batch.offset(i);
      checkWindow(slot, i, sa);
    }
  }

  /// Stage 3: the first look at the window, which spares the work of decrypting (RFC 4303 §3.4.3).
  private static void checkWindow(Slot slot, int i, InboundSa sa) {
    int low = EspHeader.sequence(slot.batch.memory(), slot.espAt[i]);
    slot.number[i] = sa.window().infer(low);
    if (!sa.window().admits(slot.number[i])) {
      sa.countReplayed();
      slot.drop(i, DropReason.REPLAYED);
    }
  }

  /// A worker's share of a batch: stage 4.
  static void open(Slot slot, EspWorker worker) {
    worker.process(slot);
  }

  /// The writer's thread: stages 5 to 8.
  void deliver(Slot slot) throws IOException {
    spd = sadb.spd();
    nowMillis = clock.millis();
    for (long rest = slot.withSa(); rest != 0; rest &= rest - 1) {
      int i = Long.numberOfTrailingZeros(rest);
      record(slot, i, (InboundSa) slot.sa(i));
    }
    write(slot);
    if (expansion != null) {
      writeLong(expansion);
    }
  }

  /// Stage 5: the second look at the window, which counts (RFC 4303 §3.4.3).
  private void record(Slot slot, int i, InboundSa sa) throws IOException {
    if (sa.isSpent()) {
      slot.drop(i, DropReason.LIFETIME_ENDED);
      return;
    }
    boolean newest = Long.compareUnsigned(slot.number[i], sa.window().top()) > 0;
    if (!sa.window().record(slot.number[i])) {
      sa.countReplayed();
      slot.drop(i, DropReason.REPLAYED);
      return;
    }
    if (newest) {
      noticeMove(slot.batch, i, sa);
    }
    strip(slot, i, sa);
  }

  /// Only a packet newer than all before shows where the peer is: another may have been overtaken,
  /// or, where no window refuses it, be a copy that somebody else sends (RFC 7296 §2.23).
  private void noticeMove(PacketBatch batch, int i, InboundSa sa) {
    SaParameters parameters = sa.parameters();
    if (parameters.encapsulation().isEmpty() || batch.localPort[i] == 0) {
      return;
    }
    boolean moved =
        parameters.encapsulation().get().remotePort() != batch.remotePort[i]
            || parameters.remote().high() != batch.remoteHigh[i]
            || parameters.remote().low() != batch.remoteLow[i];
    if (moved) {
      listener.peerMoved(
          sa,
          new Ipv6Address(batch.remoteHigh[i], batch.remoteLow[i]),
          new UdpEncapsulation(batch.localPort[i], batch.remotePort[i]));
    }
  }

  /// Stage 6: what ESP carried (RFC 4303 §3.4.4.1, §2.4, §2.6).
  private void strip(Slot slot, int i, InboundSa sa) throws IOException {
    int nextHeader = Decapsulation.strip(slot, i, sa.parameters());
    if (nextHeader == Ipcomp.PROTOCOL && sa.parameters().ipcomp().isPresent()) {
      expand(slot, i, sa);
    } else if (nextHeader != Decapsulation.DROPPED) {
      unpack(slot, i, sa, nextHeader);
    }
  }

  /// What was compressed (RFC 3173 §2).
  private void expand(Slot slot, int i, InboundSa sa) throws IOException {
    if (expansion == null) {
      expansion = new Expansion(slots.get()); // Most hosts never need one.
    }
    if (!expansion.hasRoom()) {
      writeLong(expansion);
    }
    int nextHeader = expansion.expand(slot, i, sa.parameters());
    if (nextHeader != Decapsulation.DROPPED) {
      unpack(expansion.slot(), expansion.place(), sa, nextHeader);
    }
  }

  private void unpack(Slot slot, int i, InboundSa sa, int nextHeader) {
    int payloadOctets = slot.batch.length(i);
    Decapsulation.unpack(slot, i, sa.parameters(), nextHeader);
    if (slot.isLive(i)) {
      sa.count(payloadOctets, nowMillis);
      checkSelectors(slot, i, sa.parameters());
    }
  }

  /// Stage 7: a peer may send under an SA only what the SA is for (RFC 4301 §5.2 step 4), and
  /// nothing of its own links, however much the SA is for.
  private void checkSelectors(Slot slot, int i, SaParameters sa) {
    PacketBatch batch = slot.batch;
    int at = batch.offset(i);
    switch (headers.read(batch.memory(), at, batch.length(i), Direction.INBOUND)) {
      case NOT_IP -> slot.drop(i, DropReason.NOT_TUNNELLED);
      case MALFORMED -> slot.drop(i, DropReason.MALFORMED_HEADERS);
      case WHOLE, FRAGMENT -> {
        // What follows the packet is traffic flow confidentiality padding (RFC 4303 §2.7).
        batch.place(i, at, headers.octets());
        if (headers.isLinkScoped()) {
          slot.drop(i, DropReason.LINK_SCOPED);
        } else if (sa.selects(headers.flow())) {
          touchPolicy(sa.reqid());
          if (sa.originals().isPresent()) {
            UpperLayerChecksum.mend(batch.memory(), at, headers, sa.originals().get());
          }
        } else {
          slot.drop(i, DropReason.NOT_SELECTED);
        }
      }
    }
  }

  private void touchPolicy(int reqid) {
    SpdEntry entry = spd.lookup(Direction.INBOUND, headers.flow());
    if (entry.policy().processing() instanceof Protect protect && protect.reqid() == reqid) {
      entry.lastUsedMillis().setOpaque(nowMillis);
    }
  }

  /// Stage 8: writes the batch to the TUN device.
  private void write(Slot slot) throws IOException {
    int packets = slot.packets();
    if (packets == 0) {
      return;
    }
    slot.tap.inner(Direction.INBOUND, slot);
    int taken = tun.write(slot.batch);
    counters.dropped(DropReason.TUN_REFUSED, packets - taken);
    counters.passed(taken, slot.octets());
  }

  private void writeLong(Expansion from) throws IOException {
    write(from.longer());
    from.longer().batch.clear();
  }

  /// Gives the memory back; the thread has ended.
  @Override
  public void close() {
    if (expansion != null) {
      expansion.close();
    }
  }
}
