/// IKE's sockets on the loopback interface.
@NullMarked
package espd.ike.net;

import org.jspecify.annotations.NullMarked;
