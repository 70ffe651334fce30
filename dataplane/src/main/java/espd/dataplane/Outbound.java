package espd.dataplane;

import espd.dataplane.ipv4.Ipv4Header;
import espd.dataplane.ipv6.FlowLabel;
import espd.dataplane.ipv6.HeaderChain;
import espd.dataplane.ipv6.Ipv6Header;
import espd.dataplane.ring.Pipeline;
import espd.spd.Direction;
import espd.spd.Flow;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.Processing.Bypass;
import espd.spd.Processing.Discard;
import espd.spd.Processing.Protect;
import espd.spd.SaParameters;
import espd.spd.Sad;
import espd.spd.Sadb;
import espd.spd.Spd;
import espd.spd.SpdEntry;
import espd.tun.TunDevice;
import espd.tun.Underlay;
import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;

/// The way of a packet that leaves (RFC 4301 §5.1, RFC 4303 §3.3). The methods stand in the order
/// of the stages:
///
/// ```
///  1 read a batch from the TUN device                        reader, one thread
///  2 classify: addresses, protocol, ports                      │
///  3 SPD: discard, bypass or protect                           │
///  4 SA of the policy, or hold the packet and acquire one      │
///  5 does it fit the path? else ICMPv6 Packet Too Big, or cut  │
///  6 the next sequence number                                  ▼ batches, in order
///  7 compress; header, padding and trailer, in place         crypto, N threads in turn
///  8 encrypt and authenticate                                  ▼
///  9 send the batch, cut where it has to be                  writer, one thread, in order
/// ```
///
/// A batch is published when its numbers are drawn, so numbers leave in order whichever thread
/// encrypts. A full [Pipeline] keeps the reader from the TUN device, and the host's queue fills.
final class Outbound {

  /// While the host sends nothing the reader looks this often whether there is an SA that wants
  /// dummy packets.
  private static final int IDLE_POLL_MILLIS = 1000;

  /// While packets are held the reader looks this often whether their SA has come.
  private static final int HELD_POLL_MILLIS = 2;

  private final TunDevice tun;
  private final Underlay underlay;
  private final Sadb sadb;
  private final InstantSource clock;
  private final Counters counters;
  private final HeldPackets held;
  private final TooBig tooBig;
  private final Encapsulation encapsulation = new Encapsulation(new FlowLabel(new SecureRandom()));
  private volatile int pathMtuOctets;

  // The reader's alone.
  private final HeaderChain headers = new HeaderChain();
  private final OutboundFragments fragments;
  private final Dummies dummies = new Dummies();
  private Spd spd;
  private Sad sad;
  private long nowMillis;

  // The writer's alone.
  private final FragmentSender fragmentSender;

  /// @param parts what the data plane works with
  /// @param counters of this direction
  /// @param held where packets wait for their SA
  /// @param tooBig tells senders that their packets do not fit
  Outbound(DataPlaneConfiguration parts, Counters counters, HeldPackets held, TooBig tooBig) {
    this.tun = parts.tun();
    this.underlay = parts.underlay();
    this.sadb = parts.sadb();
    this.clock = parts.clock();
    this.pathMtuOctets = parts.pathMtuOctets();
    this.counters = counters;
    this.held = held;
    this.tooBig = tooBig;
    this.fragments = new OutboundFragments(counters);
    this.fragmentSender = new FragmentSender(parts.underlay());
    this.spd = sadb.spd();
    this.sad = sadb.sad();
  }

  /// The reader's thread: stages 1 to 6, until the TUN device is closed.
  void read(Pipeline<Slot> pipeline) throws Exception {
    while (pipeline.claim()) {
      Slot slot = pipeline.claimed();
      int count = readBatch(slot);
      if (count < 0) {
        return;
      }
      slot.watch.read();
      for (int i = 0; i < count; i++) {
        classify(slot, i);
      }
      dummies.addTo(slot, nowMillis, pathMtuOctets);
      if (slot.packets() > 0) {
        slot.tap.inner(Direction.OUTBOUND, slot);
        slot.watch.publishing(pipeline);
        pipeline.publish();
      }
    }
  }

  /// Stage 1: datagrams put together from fragments first, then packets that were held, then what
  /// the host sends. Databases are looked at once per batch: after the wait for packets; or before
  /// it when packets are held, so that no packet read meets an SA that those before it did not.
  private int readBatch(Slot slot) throws IOException {
    PacketBatch batch = slot.batch;
    batch.clear();
    int whole = fragments.release(batch);
    if (whole > 0) {
      lookAtDatabases();
      return whole;
    }
    if (held.isEmpty()) {
      int count = tun.read(batch, patienceMillis(IDLE_POLL_MILLIS));
      held.forgetRefusals();
      lookAtDatabases();
      return count;
    }
    lookAtDatabases();
    held.prune(nowMillis);
    int released = held.release(spd, sad, slot);
    return released > 0 ? released : tun.read(batch, patienceMillis(HELD_POLL_MILLIS));
  }

  /// How long to wait for packets: until a dummy packet is due, at the most.
  private int patienceMillis(int mostMillis) {
    return dummies.isEmpty() ? mostMillis : dummies.waitMillis(clock.millis(), mostMillis);
  }

  private void lookAtDatabases() {
    spd = sadb.spd();
    sad = sadb.sad();
    nowMillis = clock.millis();
    dummies.follow(sad, nowMillis);
  }

  /// Stage 2: which flow it belongs to (RFC 4301 §4.4.1.1).
  private void classify(Slot slot, int i) {
    PacketBatch batch = slot.batch;
    int at = batch.offset(i);
    slot.sa[i] = null;
    slot.number[i] = 0;
    slot.tfcOctets[i] = 0;
    switch (headers.read(batch.memory(), at, batch.length(i), Direction.OUTBOUND)) {
      case NOT_IP -> slot.drop(i, DropReason.NOT_IP);
      case MALFORMED -> slot.drop(i, DropReason.MALFORMED_HEADERS);
      case WHOLE, FRAGMENT -> {
        batch.place(i, at, headers.octets());
        slot.tunnelled[i] = headers.isIpv4() ? Ipv4Header.PROTOCOL : Ipv6Header.PROTOCOL;
        addressUnderlay(batch, i, headers.flow());
        if (headers.isLinkScoped()) {
          slot.drop(i, DropReason.LINK_SCOPED);
        } else {
          applyPolicy(slot, i);
        }
      }
    }
    slot.heldSinceMillis[i] = 0;
  }

  private static void addressUnderlay(PacketBatch batch, int i, Flow flow) {
    batch.localHigh[i] = flow.localHigh;
    batch.localLow[i] = flow.localLow;
    batch.remoteHigh[i] = flow.remoteHigh;
    batch.remoteLow[i] = flow.remoteLow;
    batch.localPort[i] = 0;
    batch.remotePort[i] = 0;
  }

  /// Stage 3: discard, bypass or protect (RFC 4301 §5.1 step 2). A fragment goes the way of the
  /// first one of its datagram (RFC 4301 §7.4).
  private void applyPolicy(Slot slot, int i) {
    boolean fragment = headers.isFragment();
    boolean known = !fragment || fragments.complete(slot, i, headers.flow(), nowMillis);
    if (fragment) {
      fragments.remember(slot, i, headers.flow(), nowMillis);
    }
    SpdEntry entry = spd.lookup(Direction.OUTBOUND, headers.flow());
    entry.lastUsedMillis().setOpaque(nowMillis);
    switch (entry.policy().processing()) {
      case Discard discard -> slot.drop(i, DropReason.POLICY_DISCARD);
      case Bypass bypass -> {
        // Stays in the batch as it is, to be sent under its own header.
        if (!known) {
          slot.drop(i, DropReason.FRAGMENT_WITHOUT_FIRST);
        }
      }
      case Protect protect -> findSa(slot, i, entry, protect);
    }
  }

  /// Stage 4: the newest SA of the policy that is for this packet; without one the packet waits
  /// (RFC 4301 §5.1 step 3a, RFC 2367 §3.1.6).
  private void findSa(Slot slot, int i, SpdEntry entry, Protect protect) {
    OutboundSa sa = sad.outbound(protect.reqid(), headers.flow());
    if (sa == null || sa.isSpent()) {
      // Held before asked: the answer may come within the call.
      held.hold(protect.reqid(), slot, i, nowMillis);
      sadb.acquire(entry, headers.flow());
      return;
    }
    slot.sa[i] = sa;
    SaParameters parameters = sa.parameters();
    if (headers.isFragment() && !fragments.isCarried(parameters, headers)) {
      fragments.collect(slot, i, nowMillis);
    } else if (parameters.mode() == Mode.TRANSPORT
        && parameters.encapsulation().isPresent()
        && headers.espOffset() > Ipv6Header.OCTETS) {
      slot.drop(i, DropReason.EXTENSION_NOT_IN_UDP);
    } else {
      fitPath(slot, i, sa);
    }
  }

  /// Stage 5: a packet whose ESP the path would not take goes back as Packet Too Big (RFC 4301
  /// §8.2.1). Its ESP is cut instead (RFC 4303 §3.3.4) when its sender has cut it already, or could
  /// not act: every link of IPv6 carries 1280 octets (RFC 8200 §5). So is that of a packet of IPv4
  /// without DF: it arrives whole, and its sender need not know (RFC 4301 §8.1).
  private void fitPath(Slot slot, int i, OutboundSa sa) {
    SaParameters parameters = sa.parameters();
    int octets = slot.batch.length(i);
    int before = headers.espOffset();
    int path = Math.min(pathMtuOctets, sa.pathMtu());
    int espOctets = Encapsulation.octets(parameters, octets, before);
    boolean cut = slot.batch.fragmentable[i] || isCuttable(slot, i);
    slot.batch.fragmentable[i] = espOctets > path;
    if (espOctets > path) {
      if (espOctets > PacketBatch.MAX_OCTETS || !cut) {
        tooBig.tell(slot, i, Encapsulation.fit(parameters, path, before));
        slot.drop(i, DropReason.TOO_BIG);
        return;
      }
    } else if (parameters.mode() == Mode.TUNNEL) {
      slot.tfcOctets[i] = TrafficFlow.padOctets(slot, i, Encapsulation.espOctets(parameters, path));
    }
    drawNumber(slot, i, sa);
  }

  private static boolean isCuttable(Slot slot, int i) {
    return slot.isIpv4(i)
        ? !Ipv4Header.isUncuttable(slot.batch.memory(), slot.batch.offset(i))
        : slot.batch.length(i) <= Ipv6Header.MINIMUM_MTU;
  }

  /// Stage 6: the next number of the SA, which stops at the last (RFC 4303 §3.3.3).
  private void drawNumber(Slot slot, int i, OutboundSa sa) {
    long number = sa.nextSequence();
    if (number == OutboundSa.EXHAUSTED) {
      slot.drop(i, DropReason.SEQUENCE_OVERFLOW);
      return;
    }
    slot.number[i] = number;
    slot.espOffset[i] = headers.espOffset();
    slot.nextHeaderOffset[i] = headers.nextHeaderOffset();
    int outside = sa.parameters().mode() == Mode.TRANSPORT ? headers.espOffset() : 0;
    sa.count(slot.batch.length(i) - outside, nowMillis);
  }

  /// A worker's share of a batch: stages 7 and 8.
  void protect(Slot slot, EspWorker worker) {
    for (long rest = slot.withSa(); rest != 0; rest &= rest - 1) {
      encapsulate(slot, Long.numberOfTrailingZeros(rest), worker);
    }
    worker.process(slot); // stage 8
  }

  /// Stage 7: ESP around the packet (RFC 4303 §3.1, §3.3.1), compressed before where the SA says so
  /// (RFC 3173 §2).
  private void encapsulate(Slot slot, int i, EspWorker worker) {
    SaParameters sa = slot.sa(i).parameters();
    if (sa.mode() == Mode.TUNNEL || slot.isDummy(i)) {
      encapsulation.tunnel(slot, i, sa, worker);
    } else {
      encapsulation.transport(slot, i, sa, worker);
    }
    if (sa.encapsulation().isPresent()) {
      Encapsulation.udp(slot, i, sa, sa.encapsulation().get());
    }
  }

  /// Stage 9: sends what is too long for the path, in fragments, and the rest of the batch behind.
  void send(Slot slot) throws IOException {
    slot.tap.outer(slot);
    int packets = slot.packets();
    long octets = slot.octets();
    int sent = fragmentSender.cut(slot, pathMtuOctets);
    long cutOctets = octets - slot.octets();
    sent += underlay.send(slot.batch);
    counters.dropped(DropReason.UNDERLAY_REFUSED, packets - sent);
    counters.passed(sent, cutOctets + slot.octets());
  }

  /// Says what the narrowest path takes from now on. Any thread.
  void pathMtu(int octets) {
    pathMtuOctets = octets;
  }

  /// {@return what the narrowest path takes}
  int pathMtu() {
    return pathMtuOctets;
  }

  /// Gives the memory back; the threads have ended.
  void close() {
    fragmentSender.close();
  }
}
