package espd.tun;

import espd.spd.Ipv6Address;
import espd.tun.packet.PacketBatch;
import java.io.IOException;

/// The outer network: where ESP comes from and goes to, raw (IPv6 protocol 50) and in UDP (RFC
/// 3948).
///
/// In a batch, a packet whose [PacketBatch#localPort] is 0 is raw, any other is the payload of a
/// UDP datagram, or from [Streams#FIRST] on of a frame in a TCP stream. One thread receives, one
/// sends batches; [#sendDatagram] and [#close()] may come from any thread.
public interface Underlay extends AutoCloseable {

  /// Has `listener` told what routers say about packets sent, from now on.
  void follow(PathListener listener);

  /// Waits until there are packets, then receives as many as there are, at most
  /// [PacketBatch#CAPACITY], with addresses, ports, hop limit and traffic class beside each. A raw
  /// packet begins with its ESP header (the IPv6 header and extension headers before it are gone);
  /// a UDP one with what follows the UDP header.
  ///
  /// @param batch overwritten
  /// @param timeoutMillis how long to wait; 0 does not wait, a negative number waits without end
  /// @return how many were received, 0 when none came in time, -1 when closed
  /// @throws IOException when the host says anything else than "none yet"
  int receive(PacketBatch batch, int timeoutMillis) throws IOException;

  /// Sends the packets of the batch whose length is not 0, in order. A raw packet begins with its
  /// whole IPv6 header, sent as it is (any next header, so packets that bypass ESP go this way too,
  /// and those of IPv4 with their header); a UDP one is the payload, sent from the local to the
  /// remote address and port beside it. Waits while the host has no room.
  ///
  /// A packet that the host refuses (too long for the link, no route) gets length 0; the others are
  /// sent. Datagrams marked [PacketBatch#fragmentable] may be cut to the path's MTU, raw packets
  /// never are.
  ///
  /// @return how many were sent
  /// @throws IOException when the sockets are gone
  int send(PacketBatch batch) throws IOException;

  /// Sends one UDP datagram: IKE on port 4500 (RFC 3948 §2.2). Any thread.
  ///
  /// @param payload what follows the UDP header
  /// @throws IOException when the host refuses it, or no socket has this local address and port
  void sendDatagram(
      Ipv6Address local, int localPort, Ipv6Address remote, int remotePort, byte[] payload)
      throws IOException;

  /// Closes the sockets and ends a waiting receive.
  @Override
  void close();
}
