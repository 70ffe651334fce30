/// Packets of IPv4 as a tunnel carries them (RFC 791), read and written over (buffer, offset). The
/// outer packet is never one.
@NullMarked
package espd.dataplane.ipv4;

import org.jspecify.annotations.NullMarked;
