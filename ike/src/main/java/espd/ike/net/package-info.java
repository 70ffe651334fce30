/// IKE on the network: UDP 500 by Netty. UDP 4500 belongs to the data plane, which hands IKE's
/// messages over.
@NullMarked
package espd.ike.net;

import org.jspecify.annotations.NullMarked;
