package espd.ike.v1.exchange;

/// What something makes of an established ISAKMP SA.
///
/// @param state where it leads
/// @param ends whether the ISAKMP SA itself is to end: the peer has deleted it, or has lost it
record Outcome(Established state, boolean ends) {}
