package espd.ike.exchange;

import espd.ike.Connection;
import espd.spd.InboundSa;
import espd.spd.OutboundSa;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A Child SA: a pair of ESP SAs (RFC 7296 §1.2). The two are live objects that the SAD has.
///
/// @param connection what it belongs to
/// @param serial the n of `NAME{n}`
/// @param inbound what the peer sends with
/// @param outbound what we send with
/// @param switchAt when to look whether the outbound SA is to be installed: a responder of a rekey
///   waits until the initiator can receive with it ([Handover]); empty once it is
/// @param rekeyed whether a successor has taken its place and its deletion is due
public record ChildSa(
    Connection connection,
    int serial,
    InboundSa inbound,
    OutboundSa outbound,
    Optional<Instant> switchAt,
    boolean rekeyed) {

  /// {@return when the peer last sent something with it}
  public Instant lastInbound() {
    return Instant.ofEpochMilli(inbound.lastUsedMillis());
  }

  /// {@return this Child SA, whose successor is there}
  public ChildSa superseded() {
    return new ChildSa(connection, serial, inbound, outbound, switchAt, true);
  }

  ChildSa switched() {
    return new ChildSa(connection, serial, inbound, outbound, Optional.empty(), rekeyed);
  }

  ChildSa switchingAt(Instant then) {
    return new ChildSa(connection, serial, inbound, outbound, Optional.of(then), rekeyed);
  }

  /// {@return what puts both into the SAD, the one that receives first}
  public List<Action> install() {
    return switchAt.isPresent()
        ? List.of(new Action.Install(inbound))
        : List.of(new Action.Install(inbound), new Action.Install(outbound));
  }

  /// {@return what takes both out of the SAD}
  public List<Action> remove() {
    return List.of(removeOutbound(), removeInbound());
  }

  /// {@return what takes the SA that receives out of the SAD}
  public Action removeInbound() {
    return new Action.Remove(inbound);
  }

  /// {@return what takes the SA that sends out of the SAD}
  public Action removeOutbound() {
    return new Action.Remove(outbound);
  }

  /// {@return `NAME{n} inbound 0x… outbound 0x…`}
  @Override
  public String toString() {
    return "%s{%d} inbound %s outbound %s"
        .formatted(
            connection.name(),
            serial,
            inbound.parameters().spiText(),
            outbound.parameters().spiText());
  }
}
