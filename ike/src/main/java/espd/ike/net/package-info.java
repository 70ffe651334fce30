/// IKE's sockets: UDP 500 through Netty on epoll (RFC 7296 §2). Port 4500 belongs to the data
/// plane, which hands IKE's messages over.
@NullMarked
package espd.ike.net;

import org.jspecify.annotations.NullMarked;
