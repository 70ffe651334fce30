package espd.ike.exchange;

import espd.ike.Connection;
import espd.spd.Selector;
import java.util.Optional;

/// A Child SA that somebody wants.
///
/// @param connection what it is to protect, and how
/// @param packet the packet that asks for it, whose selector goes first (RFC 7296 §2.9)
public record ChildWish(Connection connection, Optional<Selector> packet) {}
