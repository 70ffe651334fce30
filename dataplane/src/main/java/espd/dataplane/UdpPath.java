package espd.dataplane;

import espd.spd.Ipv6Address;

/// The two ends of a UDP datagram that arrived.
///
/// @param local our address
/// @param localPort our port
/// @param remote the sender's address
/// @param remotePort the sender's port
public record UdpPath(Ipv6Address local, int localPort, Ipv6Address remote, int remotePort) {}
