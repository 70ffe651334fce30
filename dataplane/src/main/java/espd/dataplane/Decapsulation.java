package espd.dataplane;

import espd.dataplane.esp.EspHeader;
import espd.dataplane.esp.EspTrailer;
import espd.dataplane.ipv4.Ipv4Header;
import espd.dataplane.ipv6.Ecn;
import espd.dataplane.ipv6.Ipv6Header;
import espd.spd.EspSuite;
import espd.spd.SaParameters;
import espd.tun.packet.PacketBatch;
import java.lang.foreign.MemorySegment;

/// Takes ESP off a packet that proved authentic, in place (RFC 4303 §3.4.4.1, RFC 4301 §5.2 step
/// 4). The slot holds the packet from its ESP header on, as the underlay gave it.
final class Decapsulation {

  /// What [#strip] says of a packet that went no further.
  static final int DROPPED = -1;

  private Decapsulation() {}

  /// {@return whether a packet of these octets can be one of the suite: there is room for all its
  /// parts, and the encrypted one is made of whole blocks (RFC 4303 §2.4)}
  static boolean isLengthRight(EspSuite suite, int octets) {
    int encrypted = octets - inserted(suite) - suite.icvOctets();
    int block = suite.encryption().blockOctets();
    return encrypted >= block && encrypted % block == 0;
  }

  /// Strips header, padding, trailer and ICV; what is left is what ESP carried.
  ///
  /// @return what that is, as ESP's next header says, or [#DROPPED]
  static int strip(Slot slot, int i, SaParameters sa) {
    MemorySegment memory = slot.batch.memory();
    int payloadAt = slot.espAt[i] + inserted(sa.suite());
    int trailerEnd = slot.end(i) - sa.suite().icvOctets();
    if (!EspTrailer.isPaddingRight(memory, payloadAt, trailerEnd)) {
      slot.drop(i, DropReason.BAD_PADDING);
      return DROPPED;
    }
    int nextHeader = EspTrailer.nextHeader(memory, trailerEnd);
    if (nextHeader == EspTrailer.NO_NEXT_HEADER) {
      slot.drop(i, DropReason.DUMMY);
      return DROPPED;
    }
    int padOctets = EspTrailer.padOctets(memory, trailerEnd);
    slot.batch.place(i, payloadAt, trailerEnd - EspTrailer.OCTETS - padOctets - payloadAt);
    return nextHeader;
  }

  /// Makes a packet of what ESP carried, which may have been expanded since; or drops it.
  static void unpack(Slot slot, int i, SaParameters sa, int nextHeader) {
    switch (sa.mode()) {
      case TRANSPORT -> transport(slot.batch, i, nextHeader);
      case TUNNEL -> tunnel(slot, i, sa, nextHeader);
    }
  }

  /// The payload gets an IPv6 header again, of what the underlay said beside the packet. The flow
  /// label and the extension headers before ESP were the network's and are gone.
  private static void transport(PacketBatch batch, int i, int nextHeader) {
    MemorySegment memory = batch.memory();
    int packet = batch.offset(i) - Ipv6Header.OCTETS;
    int payload = batch.length(i);
    int fields = Ipv6Header.follows(batch.trafficClass[i], nextHeader, batch.hopLimit[i]);
    Ipv6Header.write(memory, packet, payload, fields);
    Ipv6Header.source(memory, packet, batch.remoteHigh[i], batch.remoteLow[i]);
    Ipv6Header.destination(memory, packet, batch.localHigh[i], batch.localLow[i]);
    batch.place(i, packet, Ipv6Header.OCTETS + payload);
  }

  /// The payload is the packet. Congestion that the outer header reports goes into it, and the DSCP
  /// where the SA says so (RFC 4301 §5.1.2.2); its hop limit stays, for the host's own routing
  /// decrements what it forwards.
  private static void tunnel(Slot slot, int i, SaParameters sa, int nextHeader) {
    MemorySegment memory = slot.batch.memory();
    int packet = slot.batch.offset(i);
    boolean ipv4 = nextHeader == Ipv4Header.PROTOCOL;
    if (!isWhatItSays(memory, packet, slot.batch.length(i), nextHeader)) {
      slot.drop(i, DropReason.NOT_TUNNELLED);
      return;
    }
    int inner =
        ipv4 ? Ipv4Header.trafficClass(memory, packet) : Ipv6Header.trafficClass(memory, packet);
    int outer = slot.batch.trafficClass[i];
    int leaving = Ecn.leaving(inner, outer);
    if (leaving == Ecn.DROP) {
      slot.drop(i, DropReason.CONGESTION);
      return;
    }
    if (sa.outerTraffic().decapsulatesDscp()) {
      leaving = Ecn.withDscpOf(outer, leaving);
    }
    if (leaving != inner && ipv4) {
      Ipv4Header.trafficClass(memory, packet, leaving);
    } else if (leaving != inner) {
      Ipv6Header.trafficClass(memory, packet, leaving);
    }
  }

  /// Whether the packet is of the version that the trailer says, and has its fixed header.
  private static boolean isWhatItSays(
      MemorySegment memory, int packet, int octets, int nextHeader) {
    return switch (nextHeader) {
      case Ipv6Header.PROTOCOL ->
          octets >= Ipv6Header.OCTETS && Ipv6Header.isVersion6(memory, packet);
      case Ipv4Header.PROTOCOL ->
          octets >= Ipv4Header.OCTETS && Ipv4Header.isVersion4(memory, packet);
      default -> false;
    };
  }

  private static int inserted(EspSuite suite) {
    return EspHeader.OCTETS + suite.encryption().ivOctets();
  }
}
