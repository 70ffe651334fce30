package espd.ike.net;

import espd.ike.Datagram;
import espd.ike.driver.IkeTransport;
import espd.spd.Ipv6Address;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends and receives IKE's datagrams: on port 500 through sockets of its own, on port 4500 through
/// whoever owns that port, with the non-ESP marker before each message (RFC 3948 §2.2).
///
/// The thread `ike-udp` receives; any thread sends.
public final class NettyTransport implements IkeTransport, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);

  /// The octets of zero before an IKE message on port 4500 (RFC 3948 §2.2).
  private static final int MARKER_OCTETS = 4;

  private static final int MAX_OCTETS = 65_535;

  /// A socket that is already bound.
  ///
  /// @param fd its file descriptor, non-blocking; the transport closes it
  /// @param local the address it is bound to
  /// @param port the port it is bound to
  public record BoundSocket(int fd, Ipv6Address local, int port) {}

  /// Sends a datagram whose payload is complete, marker included, on a port that is not ours.
  @FunctionalInterface
  public interface NatPort {

    /// Sends it.
    ///
    /// @param datagram from port 4500
    /// @throws IOException when the host refuses it
    void send(Datagram datagram) throws IOException;
  }

  private final NatPort natPort;
  private final TcpStreams streams;
  private final EventLoopGroup loop;
  private final AtomicLong warned = new AtomicLong(Long.MIN_VALUE);
  private final Map<Ipv6Address, Channel> channels = new ConcurrentHashMap<>();

  /// @param natPort the data plane's port 4500
  /// @param streams for what goes through TCP
  public NettyTransport(NatPort natPort, TcpStreams streams) {
    this.streams = streams;
    this.natPort = natPort;
    this.loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("ike-udp", true), EpollIoHandler.newFactory());
  }

  /// Reads from a socket from now on, and sends from its address through it.
  ///
  /// @param socket bound, and from now on this transport's
  /// @param receiver is given each datagram, on the receiving thread; must return at once
  /// @throws IOException when the socket cannot be used
  public void listen(BoundSocket socket, Consumer<Datagram> receiver) throws IOException {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channelFactory(() -> new EpollDatagramChannel(socket.fd()))
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_OCTETS))
            .handler(new Inbound(socket, receiver));
    ChannelFuture registered = bootstrap.register().awaitUninterruptibly();
    if (!registered.isSuccess()) {
      throw new IOException("cannot read from UDP " + socket.local(), registered.cause());
    }
    channels.put(socket.local(), registered.channel());
  }

  /// Hands what arrives on, copied out of Netty's buffers.
  private static final class Inbound extends SimpleChannelInboundHandler<DatagramPacket> {

    private final BoundSocket socket;
    private final Consumer<Datagram> receiver;

    private Inbound(BoundSocket socket, Consumer<Datagram> receiver) {
      this.socket = socket;
      this.receiver = receiver;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      if (!(packet.sender().getAddress() instanceof Inet6Address sender)) {
        return;
      }
      ByteBuf content = packet.content();
      byte[] payload = new byte[content.readableBytes()];
      content.readBytes(payload);
      receiver.accept(
          new Datagram(
              socket.local(),
              socket.port(),
              Ipv6Address.of(sender),
              packet.sender().getPort(),
              payload));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // A peer's ICMPv6 error surfaces here too; the socket goes on.
      LOG.debug("UDP {}[{}]: {}", socket.local(), socket.port(), cause.toString());
    }
  }

  @Override
  public void send(Datagram datagram) {
    try {
      if (Datagram.isStream(datagram.localPort())) {
        streams.send(datagram);
      } else if (datagram.localPort() == Datagram.NAT_PORT) {
        natPort.send(marked(datagram));
      } else {
        sendHere(datagram);
      }
    } catch (IOException e) {
      warn(datagram, String.valueOf(e.getMessage()));
    }
  }

  /// {@return the TCP streams}
  public TcpStreams streams() {
    return streams;
  }

  @Override
  public void keepStream(int localPort) {
    streams.keep(localPort);
  }

  @Override
  public void closeStream(int localPort) {
    streams.close(localPort);
  }

  /// Strangers choose where answers go: what cannot be sent is said once a second only.
  private void warn(Datagram datagram, String why) {
    long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    if (warned.getAndSet(second) == second) {
      LOG.debug("cannot send {}: {}", datagram, why);
    } else {
      LOG.warn("cannot send {}: {}", datagram, why);
    }
  }

  /// {@return the datagram with the non-ESP marker, which a keepalive does not have}
  private static Datagram marked(Datagram d) {
    if (d.isKeepalive()) {
      return d;
    }
    byte[] payload = new byte[MARKER_OCTETS + d.payload().length];
    System.arraycopy(d.payload(), 0, payload, MARKER_OCTETS, d.payload().length);
    return new Datagram(d.local(), d.localPort(), d.remote(), d.remotePort(), payload);
  }

  private void sendHere(Datagram datagram) throws IOException {
    Channel channel = channels.get(datagram.local());
    if (channel == null) {
      throw new IOException("no socket is bound to " + datagram.local());
    }
    InetSocketAddress to =
        new InetSocketAddress(datagram.remote().toInetAddress(), datagram.remotePort());
    channel
        .writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(datagram.payload()), to))
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                warn(datagram, String.valueOf(sent.cause()));
              }
            });
  }

  /// Closes the sockets.
  @Override
  public void close() {
    channels.values().forEach(channel -> channel.close().awaitUninterruptibly());
    if (!loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2000)) {
      throw new UncheckedIOException(new IOException("ike-udp does not end"));
    }
  }
}
