package espd.dataplane;

import espd.spd.Flow;
import espd.spd.InboundSa;
import espd.spd.OutboundSa;
import espd.spd.PortRange;
import espd.spd.SpdEntry;
import java.util.Optional;

/// What would become of a packet.
///
/// @param probe the packet
/// @param flow the fields that policies look at
/// @param entry the policy that decides
/// @param place of the policy in the order in which those of its direction are asked, from 1; 0
///   when none selects the packet
/// @param entries how many policies the direction has
/// @param fate what becomes of it
public record PacketTrace(
    Probe probe, Flow flow, SpdEntry entry, int place, int entries, Fate fate) {

  /// {@return `SRC[PORT] to DST[PORT], protocol N`, with as much of it as policies see}
  public String text() {
    if (probe.isIcmp()) {
      return "%s to %s, protocol %d type %d code %d"
          .formatted(
              probe.source(),
              probe.destination(),
              probe.protocol(),
              probe.sourcePort(),
              probe.destinationPort());
    }
    if (flow.localPort == PortRange.NO_PORT) {
      return "%s to %s, protocol %d"
          .formatted(probe.source(), probe.destination(), probe.protocol());
    }
    return "%s[%d] to %s[%d], protocol %d"
        .formatted(
            probe.source(),
            probe.sourcePort(),
            probe.destination(),
            probe.destinationPort(),
            probe.protocol());
  }

  /// What becomes of a packet.
  public sealed interface Fate {}

  /// It goes no further.
  ///
  /// @param reason why
  public record Dropped(DropReason reason) implements Fate {}

  /// It passes as it is.
  public record Bypassed() implements Fate {}

  /// It waits for an SA.
  ///
  /// @param acquireRuns whether one is being negotiated already; else it starts the negotiation
  public record Held(boolean acquireRuns) implements Fate {}

  /// It leaves under ESP.
  ///
  /// @param sa that protects it
  /// @param pathOctets the longest outer packet that reaches the peer
  /// @param espOctets of its outer packet
  /// @param longest the octets of the longest packet whose outer packet the path takes whole
  public record Sent(OutboundSa sa, int pathOctets, int espOctets, int longest) implements Fate {

    /// {@return whether its ESP packet is cut in fragments (RFC 4303 §3.3.4)}
    public boolean isCut() {
      return espOctets > pathOctets;
    }
  }

  /// It has to arrive under ESP (RFC 4301 §5.2).
  ///
  /// @param sa the newest that may carry it, or nothing
  public record Expected(Optional<InboundSa> sa) implements Fate {}
}
