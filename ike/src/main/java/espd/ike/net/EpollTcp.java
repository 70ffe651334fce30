package espd.ike.net;

import espd.ike.Datagram;
import espd.spd.Ipv6Address;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The host's TCP, through Netty on epoll. Its thread is `ike-tcp`.
///
/// A connection that nobody answers through any more is given up after some 20 seconds, long before
/// TCP or IKE would, whether something was to be sent or not: its initiator makes another, and who
/// has accepted it forgets it (RFC 9329 §6.1). That tells nothing about the peer's IKE SA, whose
/// life only IKE asks for (RFC 9329 §6.6).
public final class EpollTcp implements TcpNetwork {

  /// SOL_SOCKET and SO_MARK of socket(7).
  private static final IntegerUnixChannelOption MARK = new IntegerUnixChannelOption("MARK", 1, 36);

  /// What may wait to be sent to one peer: below the lower mark again it takes more.
  private static final WriteBufferWaterMark WAITING =
      new WriteBufferWaterMark(128 * 1024, 512 * 1024);

  /// As long may what was sent be without an acknowledgement (tcp(7), TCP_USER_TIMEOUT): a path may
  /// heal meanwhile, and IKE's own patience is longer still.
  private static final int SILENCE_MILLIS = 20_000;

  /// After as long without a packet the host asks for one, and again and again after the shorter
  /// time, until [#SILENCE_MILLIS] are over: four questions, of which some may get lost.
  private static final int IDLE_SECONDS = 10;

  private static final int QUESTION_SECONDS = 3;

  private static final int CONNECT_MILLIS = 5_000;
  private static final int BACKLOG = 128;

  private final int mark;
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("ike-tcp", true), EpollIoHandler.newFactory());
  private final List<Channel> listening = new ArrayList<>();

  /// @param mark of all sockets, so that the host routes them outside of its tunnels; 0 for none
  public EpollTcp(int mark) {
    this.mark = mark;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  @Override
  public Runnable schedule(Duration delay, Runnable task) {
    Future<?> scheduled = loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public int listen(Ipv6Address local, int port, Consumer<Accepted> accepted) throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING)
            .childHandler(
                new ChannelInitializer<EpollSocketChannel>() {
                  @Override
                  protected void initChannel(EpollSocketChannel channel) {
                    bound(channel);
                    tell(channel, accepted);
                  }
                });
    if (mark != 0) {
      bootstrap.option(MARK, mark);
    }
    ChannelFuture bound =
        bootstrap.bind(new InetSocketAddress(local.toInetAddress(), port)).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen at TCP port " + port + " of " + local + ": " + bound.cause().getMessage());
    }
    listening.add(bound.channel());
    return ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  /// Bounds the time that it may be silent for.
  private static void bound(EpollSocketChannel channel) {
    channel
        .config()
        .setTcpUserTimeout(SILENCE_MILLIS)
        .setKeepAlive(true)
        .setTcpKeepIdle(IDLE_SECONDS)
        .setTcpKeepIntvl(QUESTION_SECONDS);
  }

  private static void tell(EpollSocketChannel channel, Consumer<Accepted> accepted) {
    InetSocketAddress from = channel.remoteAddress();
    InetSocketAddress to = channel.localAddress();
    if (from == null
        || !(from.getAddress() instanceof Inet6Address remote)
        || !(to.getAddress() instanceof Inet6Address local)) {
      var _ = channel.close();
      return;
    }
    accepted.accept(
        new Accepted(channel, Ipv6Address.of(local), Ipv6Address.of(remote), from.getPort()));
  }

  @Override
  public ChannelFuture connect(Datagram ends, ChannelHandler handler) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING)
            .handler(
                new ChannelInitializer<EpollSocketChannel>() {
                  @Override
                  protected void initChannel(EpollSocketChannel channel) {
                    bound(channel);
                    channel.pipeline().addLast(handler);
                  }
                });
    if (mark != 0) {
      bootstrap.option(MARK, mark);
    }
    return bootstrap.connect(
        new InetSocketAddress(ends.remote().toInetAddress(), ends.remotePort()),
        new InetSocketAddress(ends.local().toInetAddress(), 0));
  }

  /// Connects to a peer and closes the connection again, to see whether that can be done.
  ///
  /// @param ends from the local address to the remote address and port
  /// @param mark of the socket; 0 for none
  /// @throws IOException when it cannot, or not within seconds, in one line
  public static void reach(Datagram ends, int mark) throws IOException {
    try (EpollTcp tcp = new EpollTcp(mark)) {
      ChannelFuture connected =
          tcp.connect(ends, new ChannelInboundHandlerAdapter()).awaitUninterruptibly();
      if (!connected.isSuccess()) {
        String why = String.valueOf(connected.cause().getMessage());
        throw new IOException(why.lines().findFirst().orElse(why), connected.cause());
      }
      connected.channel().close().awaitUninterruptibly();
    }
  }

  @Override
  public void close() {
    listening.forEach(channel -> channel.close().awaitUninterruptibly());
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2000);
  }
}
