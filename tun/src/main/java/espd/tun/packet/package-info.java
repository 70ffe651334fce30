/// The packets that a device, an underlay and the data plane hand on to each other.
@NullMarked
package espd.tun.packet;

import org.jspecify.annotations.NullMarked;
