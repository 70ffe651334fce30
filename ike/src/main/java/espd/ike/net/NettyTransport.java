package espd.ike.net;

import espd.ike.Datagram;
import espd.ike.driver.IkeTransport;
import espd.spd.Ipv6Address;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// UDP 500 (RFC 7296 §2) on sockets that were made elsewhere, with whatever marks the host's
/// routing needs; and the way to UDP 4500, whose socket ESP shares (RFC 3948 §2).
///
/// One thread, `ike-net`, receives. Any thread may send.
public final class NettyTransport implements IkeTransport, AutoCloseable {

  /// Sends the payload of one UDP datagram by the socket that ESP has.
  @FunctionalInterface
  public interface NatPort {

    /// Sends one datagram.
    ///
    /// @param payload what follows the UDP header
    /// @throws IOException when the host refuses it
    void send(Ipv6Address local, int localPort, Ipv6Address remote, int remotePort, byte[] payload)
        throws IOException;
  }

  /// What goes before an IKE message where an ESP packet has its SPI (RFC 3948 §2.2).
  private static final int NON_ESP_MARKER_OCTETS = 4;

  private static final int LONGEST_DATAGRAM = 65_535;

  private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, Thread.ofPlatform().name("ike-net").daemon().factory(), EpollIoHandler.newFactory());

  private final Map<Ipv6Address, EpollDatagramChannel> channels = new HashMap<>();
  private final NatPort natPort;

  /// Takes charge of the sockets; nothing is received until [#start].
  ///
  /// @param sockets the descriptors of non-blocking UDP sockets, by the address they are bound to
  /// @param natPort sends from UDP 4500
  public NettyTransport(Map<Ipv6Address, Integer> sockets, NatPort natPort) {
    this.natPort = natPort;
    sockets.forEach((local, fd) -> channels.put(local, channel(fd)));
  }

  private static EpollDatagramChannel channel(int fd) {
    EpollDatagramChannel channel = new EpollDatagramChannel(fd);
    channel
        .config()
        .setOption(
            ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LONGEST_DATAGRAM));
    return channel;
  }

  /// Receives from now on.
  ///
  /// @param receiver is given each datagram, by the thread `ike-net`; must return at once
  public void start(Consumer<Datagram> receiver) {
    channels.forEach(
        (local, channel) -> {
          channel.pipeline().addLast(new Receiver(local, receiver));
          loop.register(channel).syncUninterruptibly();
        });
  }

  private static final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {

    private final Ipv6Address local;
    private final Consumer<Datagram> receiver;

    Receiver(Ipv6Address local, Consumer<Datagram> receiver) {
      this.local = local;
      this.receiver = receiver;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      InetSocketAddress sender = packet.sender();
      receiver.accept(
          new Datagram(
              local,
              Datagram.PORT,
              Ipv6Address.of(sender.getAddress()),
              sender.getPort(),
              ByteBufUtil.getBytes(packet.content())));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOG.debug("UDP 500 of {}: {}", local, cause.toString());
    }
  }

  @Override
  public void send(Datagram datagram) {
    EpollDatagramChannel channel = channels.get(datagram.local());
    if (datagram.localPort() != Datagram.PORT) {
      sendFromNatPort(datagram);
    } else if (channel == null) {
      LOG.debug("no socket of ours has the address of {}", datagram);
    } else {
      // voidPromise: IKE sends again what matters, and a failure shows in exceptionCaught.
      var _ = channel.writeAndFlush(packet(datagram), channel.voidPromise());
    }
  }

  private static DatagramPacket packet(Datagram datagram) {
    return new DatagramPacket(
        Unpooled.wrappedBuffer(datagram.payload()),
        new InetSocketAddress(datagram.remote().toInetAddress(), datagram.remotePort()));
  }

  private void sendFromNatPort(Datagram datagram) {
    byte[] message = datagram.payload();
    byte[] payload = message;
    if (!datagram.isKeepalive()) {
      payload = new byte[NON_ESP_MARKER_OCTETS + message.length];
      System.arraycopy(message, 0, payload, NON_ESP_MARKER_OCTETS, message.length);
    }
    try {
      natPort.send(
          datagram.local(),
          datagram.localPort(),
          datagram.remote(),
          datagram.remotePort(),
          payload);
    } catch (IOException e) {
      LOG.debug("{} was not sent: {}", datagram, e.getMessage());
    }
  }

  /// Closes the sockets and ends the thread.
  @Override
  public void close() {
    channels.values().forEach(channel -> channel.close().syncUninterruptibly());
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
