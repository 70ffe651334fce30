/// IKEv2 (RFC 7296), sans-IO, and the driver that gives it sockets, timers and an SPI table.
@NullMarked
package espd.ike;

import org.jspecify.annotations.NullMarked;
