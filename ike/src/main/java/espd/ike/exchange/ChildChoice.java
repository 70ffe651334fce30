package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.crypto.ChildSuite;
import espd.ike.message.Proposal;
import espd.spd.Direction;
import espd.spd.Ipcomp;
import espd.spd.Mode;
import espd.spd.OriginalAddresses;
import espd.spd.OuterTraffic;
import espd.spd.Selector;
import java.util.List;
import java.util.Optional;

/// A Child SA that both ends agree on, before it has keys.
///
/// @param connection what it belongs to
/// @param chosen the proposal, with the responder's SPI
/// @param suite its algorithms
/// @param mode transport or tunnel
/// @param padding whether the peer takes TFC padding
/// @param ipcomp under which CPI the peer takes compressed packets, where both do
/// @param originals what NATs in transport mode have made other addresses of
/// @param selectors its packets, after narrowing
/// @param further whether there would be others in another Child SA
/// @param inboundSpi what the peer sends with
/// @param outboundSpi what we send with
/// @param replaced the Child SA whose successor it is
record ChildChoice(
    Connection connection,
    Proposal chosen,
    ChildSuite suite,
    Mode mode,
    ChildProposal.Padding padding,
    Optional<Ipcomp> ipcomp,
    Optional<OriginalAddresses> originals,
    List<Selector> selectors,
    ChildProposal.Further further,
    int inboundSpi,
    int outboundSpi,
    Optional<ChildSa> replaced) {

  /// {@return this choice, beside which others would be possible, or not}
  ChildChoice with(ChildProposal.Further other) {
    return new ChildChoice(
        connection,
        chosen,
        suite,
        mode,
        padding,
        ipcomp,
        originals,
        selectors,
        other,
        inboundSpi,
        outboundSpi,
        replaced);
  }

  /// {@return how packets are compressed: inbound under the CPI that we chose}
  Optional<Ipcomp> ipcomp(Direction direction) {
    return switch (direction) {
      case INBOUND -> ipcomp.map(peers -> Ipcomp.chosenFor(inboundSpi));
      case OUTBOUND -> ipcomp;
    };
  }

  /// {@return how the packets look from outside: as configured, but padded only in tunnels, where a
  /// packet's own length tells padding from it, and only for a peer that takes it (RFC 4303 §2.7)}
  OuterTraffic outerTraffic() {
    OuterTraffic wanted = connection.outerTraffic();
    boolean padded = mode == Mode.TUNNEL && padding == ChildProposal.Padding.TAKEN;
    return padded ? wanted : wanted.withoutPadding();
  }
}
