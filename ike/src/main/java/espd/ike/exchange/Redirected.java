package espd.ike.exchange;

import espd.spd.Ipv6Address;

/// Where an initiator goes instead of its connection's peer (RFC 5685 §3).
///
/// @param gateway that it was sent to
/// @param from who sent it there
public record Redirected(Ipv6Address gateway, Ipv6Address from) {}
