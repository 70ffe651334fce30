package espd.ike.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.net.NettyTransport.BoundSocket;
import espd.spd.Ipv6Address;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Datagrams through sockets that somebody else has bound.
final class NettyTransportTest {

  private static final Ipv6Address LOOPBACK = Ipv6Address.parse("::1");

  private final TcpStreams streams =
      new TcpStreams(new EpollTcp(0), new NoReceiver(), TcpStreams.Limits.STANDARD);

  @AfterEach
  void close() {
    streams.close();
  }

  /// Nothing comes through TCP here.
  private record NoReceiver() implements TcpStreams.Receiver {
    @Override
    public void ikeMessage(Datagram datagram) {}

    @Override
    public void espPacket(Datagram ends, ByteBuffer packet) {}

    @Override
    public void refused(DropReason why) {}

    @Override
    public void broken(int localPort) {}
  }

  /// A socket on ::1 and a port the host chose, as bound by another part of the program.
  private static BoundSocket bound() throws IOException {
    Epoll.ensureAvailability();
    LinuxSocket socket = LinuxSocket.newSocketDgram(true);
    socket.bind(new InetSocketAddress(LOOPBACK.toInetAddress(), 0));
    return new BoundSocket(socket.intValue(), LOOPBACK, socket.localAddress().getPort());
  }

  @Test
  void aSocketThatIsAlreadyBoundSendsAndReceives() throws Exception {
    LinkedBlockingQueue<Datagram> arrived = new LinkedBlockingQueue<>();
    BoundSocket here = bound();
    BoundSocket there = bound();
    try (NettyTransport one = new NettyTransport(d -> {}, streams);
        NettyTransport other = new NettyTransport(d -> {}, streams)) {
      one.listen(here, arrived::add);
      other.listen(there, arrived::add);
      byte[] payload = new byte[20_000];
      payload[19_999] = 7;
      one.send(new Datagram(LOOPBACK, here.port(), LOOPBACK, there.port(), payload));
      Datagram datagram = arrived.poll(5, TimeUnit.SECONDS);
      assertNotNull(datagram);
      assertArrayEquals(payload, datagram.payload());
      assertEquals(there.port(), datagram.localPort());
      assertEquals(here.port(), datagram.remotePort());
      assertEquals(LOOPBACK, datagram.remote());
      other.send(new Datagram(LOOPBACK, there.port(), LOOPBACK, here.port(), new byte[] {1, 2}));
      Datagram answer = arrived.poll(5, TimeUnit.SECONDS);
      assertNotNull(answer);
      assertArrayEquals(new byte[] {1, 2}, answer.payload());
    }
  }

  /// RFC 3948 §2.2: four octets of zero go before a message on port 4500; §2.3: not before a
  /// keepalive.
  @Test
  void theMarkerGoesBeforeMessagesOfTheNatPort() {
    List<Datagram> sent = new ArrayList<>();
    try (NettyTransport transport = new NettyTransport(sent::add, streams)) {
      transport.send(new Datagram(LOOPBACK, 4500, LOOPBACK, 4500, new byte[] {9, 8}));
      transport.send(new Datagram(LOOPBACK, 4500, LOOPBACK, 4500, Datagram.keepalive()));
    }
    assertArrayEquals(new byte[] {0, 0, 0, 0, 9, 8}, sent.get(0).payload());
    assertArrayEquals(new byte[] {(byte) 0xff}, sent.get(1).payload());
  }

  /// An address nobody bound, a port that refuses: said in the log, never thrown at the state
  /// machine.
  @Test
  void whatCannotBeSentIsDropped() {
    try (NettyTransport transport =
        new NettyTransport(
            d -> {
              throw new IOException("network is unreachable");
            },
            streams)) {
      transport.send(new Datagram(LOOPBACK, 500, LOOPBACK, 500, new byte[] {1}));
      transport.send(new Datagram(LOOPBACK, 4500, LOOPBACK, 4500, new byte[] {1}));
    }
  }
}
