/// IKE's sockets: UDP 500 through Netty on epoll (RFC 7296 §2). Port 4500 belongs to the data
/// plane, which hands IKE's messages over. TCP 4500 is here ([TcpStreams], RFC 9329): the data
/// plane is handed the ESP packets that come through it, and hands over those that are to go.
@NullMarked
package espd.ike.net;

import org.jspecify.annotations.NullMarked;
