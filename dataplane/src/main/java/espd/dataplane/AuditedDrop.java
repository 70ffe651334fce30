package espd.dataplane;

import espd.spd.Direction;
import espd.spd.Ipv6Address;
import java.time.Instant;

/// A dropped packet that was looked at for people: what RFC 4303 §3.4.3 wants to read of it.
///
/// @param at when
/// @param direction whether it arrived or was to leave
/// @param reason why it went no further
/// @param association its SA, or the SPI that no SA has, or that there is none
/// @param sequence its number, 64 bits with ESN, unsigned; 0 before it has one
/// @param local our address
/// @param remote the other one
public record AuditedDrop(
    Instant at,
    Direction direction,
    DropReason reason,
    String association,
    long sequence,
    Ipv6Address local,
    Ipv6Address remote) {}
