/// Two IKE daemons face to face in one thread, over a simulated network with virtual time.
@NullMarked
package espd.ike.driver;

import org.jspecify.annotations.NullMarked;
