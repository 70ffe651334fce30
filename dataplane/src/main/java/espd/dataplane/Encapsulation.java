package espd.dataplane;

import espd.dataplane.esp.EspHeader;
import espd.dataplane.esp.EspTrailer;
import espd.dataplane.ipcomp.IpcompHeader;
import espd.dataplane.ipv4.Ipv4Header;
import espd.dataplane.ipv6.Ecn;
import espd.dataplane.ipv6.FlowLabel;
import espd.dataplane.ipv6.Ipv6Header;
import espd.spd.EspSuite;
import espd.spd.Ipcomp;
import espd.spd.Ipv6Address;
import espd.spd.SaParameters;
import espd.spd.UdpEncapsulation;
import espd.tun.packet.PacketBatch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Puts ESP around a packet, in place: everything but the cryptography (RFC 4303 §3.3). The packet
/// grows into the room before and behind it; what it carries does not move, and becomes shorter
/// only where it is compressed. Any thread.
final class Encapsulation {

  /// The octets of a UDP header (RFC 768).
  private static final int UDP_OCTETS = 8;

  /// The hop limit of an outer header (RFC 4301 §5.1.2.2).
  private static final int HOP_LIMIT = 64;

  private final FlowLabel labels;

  /// @param labels of outer headers
  Encapsulation(FlowLabel labels) {
    this.labels = labels;
  }

  /// {@return the octets on the path of a packet of `octets`, of which `espOffset` stay before ESP
  /// in transport mode}
  static int octets(SaParameters sa, int octets, int espOffset) {
    return switch (sa.mode()) {
      case TRANSPORT -> espOffset + udpOctets(sa) + sa.suite().packetOctets(octets - espOffset);
      case TUNNEL -> Ipv6Header.OCTETS + udpOctets(sa) + sa.suite().packetOctets(octets);
    };
  }

  /// {@return the longest packet whose ESP packet has at most `pathMtuOctets`}
  static int fit(SaParameters sa, int pathMtuOctets, int espOffset) {
    return switch (sa.mode()) {
      case TRANSPORT ->
          espOffset + sa.suite().payloadOctets(pathMtuOctets - udpOctets(sa) - espOffset);
      case TUNNEL -> sa.suite().payloadOctets(espOctets(sa, pathMtuOctets));
    };
  }

  /// {@return the longest ESP packet, from the SPI to the ICV, behind an outer header of ours}
  static int espOctets(SaParameters sa, int pathMtuOctets) {
    return pathMtuOctets - udpOctets(sa) - Ipv6Header.OCTETS;
  }

  private static int udpOctets(SaParameters sa) {
    return sa.encapsulation().isPresent() ? UDP_OCTETS : 0;
  }

  /// Transport mode (RFC 4303 §3.1.1): the headers before ESP move into the headroom, and the one
  /// that named the upper layer now names ESP.
  void transport(Slot slot, int i, SaParameters sa, EspWorker worker) {
    PacketBatch batch = slot.batch;
    MemorySegment memory = batch.memory();
    int before = slot.espOffset[i];
    int packet = batch.offset(i);
    int octets = batch.length(i) - before;
    int outer = packet - inserted(sa.suite());
    MemorySegment.copy(memory, packet, memory, outer, before);
    int naming = outer + slot.nextHeaderOffset[i];
    int upperLayer = memory.get(ValueLayout.JAVA_BYTE, naming) & 0xff;
    memory.set(ValueLayout.JAVA_BYTE, naming, (byte) EspHeader.PROTOCOL);
    int payload =
        isCompressed(slot, i, sa)
            ? worker.compress(slot, packet + before, octets, ipcomp(sa, upperLayer))
            : octets;
    int espOctets = sa.suite().packetOctets(payload);
    Ipv6Header.payloadOctets(memory, outer, before - Ipv6Header.OCTETS + espOctets);
    batch.place(i, outer, before + espOctets);
    slot.espAt[i] = outer + before;
    esp(slot, i, payload, payload < octets ? Ipcomp.PROTOCOL : upperLayer);
  }

  /// Tunnel mode (RFC 4303 §3.1.2, RFC 4301 §5.1.2.2): a header of ours before ESP. ECN is copied
  /// (RFC 6040 §4.1), and the DSCP where the SA says so; the flow label is the SA's own.
  ///
  /// The inner hop limit stays as it is: what this host made was not forwarded, and what it
  /// forwards has been decremented by the host's own routing on its way into the TUN device.
  void tunnel(Slot slot, int i, SaParameters sa, EspWorker worker) {
    PacketBatch batch = slot.batch;
    MemorySegment memory = batch.memory();
    int packet = batch.offset(i);
    int octets = batch.length(i) + slot.tfcOctets[i];
    TrafficFlow.pad(memory, packet + batch.length(i), slot.tfcOctets[i]);
    int fields = Ipv6Header.follows(outerClass(slot, i, sa), EspHeader.PROTOCOL, HOP_LIMIT);
    int payload =
        isCompressed(slot, i, sa)
            ? worker.compress(slot, packet, octets, ipcomp(sa, slot.tunnelled[i]))
            : octets;
    int outer = packet - inserted(sa.suite()) - Ipv6Header.OCTETS;
    int espOctets = sa.suite().packetOctets(payload);
    Ipv6Header.write(memory, outer, espOctets, fields);
    Ipv6Header.flowLabel(memory, outer, labels.of(sa.spi()));
    Ipv6Address local = sa.local();
    Ipv6Address remote = sa.remote();
    Ipv6Header.source(memory, outer, local.high(), local.low());
    Ipv6Header.destination(memory, outer, remote.high(), remote.low());
    batch.place(i, outer, Ipv6Header.OCTETS + espOctets);
    slot.espAt[i] = outer + Ipv6Header.OCTETS;
    esp(slot, i, payload, payload < octets ? Ipcomp.PROTOCOL : slot.tunnelled[i]);
  }

  /// Whether a packet is to become shorter (RFC 3173 §2): not what hides its length, or is nothing.
  private static boolean isCompressed(Slot slot, int i, SaParameters sa) {
    return sa.ipcomp().isPresent() && slot.tfcOctets[i] == 0 && !slot.isDummy(i);
  }

  /// The header before what is compressed: it says what that was, as ESP would have.
  private static int ipcomp(SaParameters sa, int nextHeader) {
    return IpcompHeader.of(nextHeader, sa.ipcomp().orElseThrow().cpi());
  }

  private static int outerClass(Slot slot, int i, SaParameters sa) {
    MemorySegment memory = slot.batch.memory();
    int packet = slot.batch.offset(i);
    int inner =
        switch (slot.tunnelled[i]) {
          case Ipv6Header.PROTOCOL -> Ipv6Header.trafficClass(memory, packet);
          case Ipv4Header.PROTOCOL -> Ipv4Header.trafficClass(memory, packet);
          default -> 0;
        };
    return sa.outerTraffic().encapsulatesDscp() ? inner : Ecn.entering(inner);
  }

  /// In UDP (RFC 3948 §3.1) the headers before ESP are the underlay's to make: they fall away, and
  /// what they said goes beside the packet.
  static void udp(Slot slot, int i, SaParameters sa, UdpEncapsulation ports) {
    PacketBatch batch = slot.batch;
    batch.trafficClass[i] = Ipv6Header.trafficClass(batch.memory(), batch.offset(i));
    batch.place(i, slot.espAt[i], slot.end(i) - slot.espAt[i]);
    batch.localPort[i] = ports.localPort();
    batch.remotePort[i] = ports.remotePort();
    batch.localHigh[i] = sa.local().high();
    batch.localLow[i] = sa.local().low();
    batch.remoteHigh[i] = sa.remote().high();
    batch.remoteLow[i] = sa.remote().low();
  }

  private static int inserted(EspSuite suite) {
    return EspHeader.OCTETS + suite.encryption().ivOctets();
  }

  private static void esp(Slot slot, int i, int payload, int nextHeader) {
    SaParameters sa = slot.sa(i).parameters();
    MemorySegment memory = slot.batch.memory();
    int espAt = slot.espAt[i];
    EspHeader.write(memory, espAt, sa.spi(), slot.number[i]);
    int block = sa.suite().encryption().blockOctets();
    int unpadded = payload + EspTrailer.OCTETS;
    int padOctets = (unpadded + block - 1) / block * block - unpadded;
    int payloadEnd = espAt + inserted(sa.suite()) + payload;
    EspTrailer.write(memory, payloadEnd, padOctets, nextHeader);
  }
}
