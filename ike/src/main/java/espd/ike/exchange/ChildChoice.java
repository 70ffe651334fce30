package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.crypto.ChildSuite;
import espd.ike.message.Proposal;
import espd.spd.Mode;
import espd.spd.Selector;
import java.util.List;
import java.util.Optional;

/// A Child SA that both ends agree on, before it has keys.
///
/// @param connection what it belongs to
/// @param chosen the proposal, with the responder's SPI
/// @param suite its algorithms
/// @param mode transport or tunnel
/// @param selectors its packets, after narrowing
/// @param inboundSpi what the peer sends with
/// @param outboundSpi what we send with
/// @param replaced the Child SA whose successor it is
record ChildChoice(
    Connection connection,
    Proposal chosen,
    ChildSuite suite,
    Mode mode,
    List<Selector> selectors,
    int inboundSpi,
    int outboundSpi,
    Optional<ChildSa> replaced) {}
