package espd.dataplane;

import espd.dataplane.PacketTrace.Bypassed;
import espd.dataplane.PacketTrace.Dropped;
import espd.dataplane.PacketTrace.Expected;
import espd.dataplane.PacketTrace.Fate;
import espd.dataplane.PacketTrace.Held;
import espd.dataplane.PacketTrace.Sent;
import espd.dataplane.ipv6.HeaderChain;
import espd.dataplane.ipv6.Ipv6Header;
import espd.spd.Direction;
import espd.spd.InboundSa;
import espd.spd.Lifetime.Limit;
import espd.spd.OutboundSa;
import espd.spd.Processing;
import espd.spd.Processing.Protect;
import espd.spd.Sa;
import espd.spd.SaParameters;
import espd.spd.Sadb;
import espd.spd.SpdEntry;
import espd.tun.packet.PacketBatch;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;

/// Takes a packet that is only thought of the way of [Outbound] or [Inbound], by the same
/// classification and the same databases, and draws no number, counts nothing and asks nobody.
///
/// @param sadb the databases
/// @param pathMtuOctets the longest outer packet that reaches every peer
record PacketTracer(Sadb sadb, int pathMtuOctets) {

  PacketTrace trace(Direction direction, Probe probe) {
    HeaderChain headers = new HeaderChain();
    try (Arena arena = Arena.ofConfined()) {
      headers.read(probe.packet(arena), 0, probe.octets(), direction);
    }
    SpdEntry entry = sadb.spd().lookup(direction, headers.flow());
    List<SpdEntry> asked = sadb.spd().inOrder(direction).toList();
    int place = asked.indexOf(entry) + 1;
    return new PacketTrace(
        probe, headers.flow(), entry, place, asked.size(), fate(direction, headers, entry));
  }

  private Fate fate(Direction direction, HeaderChain headers, SpdEntry entry) {
    if (direction == Direction.OUTBOUND && headers.isLinkScoped()) {
      return new Dropped(DropReason.LINK_SCOPED);
    }
    return switch (entry.policy().processing()) {
      case Processing.Discard _ -> new Dropped(DropReason.POLICY_DISCARD);
      case Processing.Bypass _ -> new Bypassed();
      case Protect _ when headers.isLinkScoped() -> new Dropped(DropReason.LINK_SCOPED);
      case Protect protect ->
          direction == Direction.OUTBOUND
              ? outbound(headers, protect)
              : new Expected(inbound(headers, protect));
    };
  }

  private Fate outbound(HeaderChain headers, Protect protect) {
    OutboundSa sa = sadb.sad().outbound(protect.reqid(), headers.flow());
    if (sa == null || isSpent(sa)) {
      return new Held(sadb.isAcquiring(protect.reqid()));
    }
    SaParameters parameters = sa.parameters();
    int before = headers.espOffset();
    int path = Math.min(pathMtuOctets, sa.pathMtu());
    int espOctets = Encapsulation.octets(parameters, headers.octets(), before);
    boolean tooBig =
        espOctets > path
            && (espOctets > PacketBatch.MAX_OCTETS
                || headers.isIpv4()
                || headers.octets() > Ipv6Header.MINIMUM_MTU);
    if (tooBig) {
      return new Dropped(DropReason.TOO_BIG);
    }
    if (sa.sequencesLeft() == 0) {
      return new Dropped(DropReason.SEQUENCE_OVERFLOW);
    }
    return new Sent(sa, path, espOctets, Encapsulation.fit(parameters, path, before));
  }

  private static boolean isSpent(OutboundSa sa) {
    return sa.parameters()
        .lifetime()
        .reached(0, sa.bytes(), sa.packets())
        .filter(Limit.HARD::equals)
        .isPresent();
  }

  private Optional<InboundSa> inbound(HeaderChain headers, Protect protect) {
    for (Sa sa : sadb.sad().all()) {
      if (sa instanceof InboundSa in
          && in.parameters().reqid() == protect.reqid()
          && in.parameters().selects(headers.flow())) {
        return Optional.of(in);
      }
    }
    return Optional.empty();
  }
}
