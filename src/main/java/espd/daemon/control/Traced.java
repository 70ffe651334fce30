package espd.daemon.control;

import espd.dataplane.PacketTrace;

/// What would become of a packet on this host.
///
/// @param packet by the databases
/// @param admitted whether the host's filter lets it in whatever the policies say; only what
///   arrives is asked
/// @param cleartext what becomes of what must be protected and is not
public record Traced(PacketTrace packet, boolean admitted, Snapshot.Cleartext cleartext) {}
