package espd.metrics;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Serves the status page and `/metrics` over HTTP/1.1 (RFC 9112), one thread, one answer per
/// connection.
///
/// A client can hold little: a request has at most [#REQUEST_OCTETS], a connection lives for at
/// most the time limit however slowly it speaks or reads, and at most [#CONNECTIONS] are open; one
/// more is closed at once.
public final class MetricsServer implements AutoCloseable {

  /// How long a connection may live.
  public static final Duration TIME_LIMIT = Duration.ofSeconds(10);

  /// How many connections are open at a time.
  public static final int CONNECTIONS = 32;

  /// The longest request line, and the longest sum of header fields.
  public static final int REQUEST_OCTETS = 8192;

  private static final int BODY_OCTETS = 1024;

  private final EventLoopGroup thread;
  private final Channel listening;

  private MetricsServer(EventLoopGroup thread, Channel listening) {
    this.thread = thread;
    this.listening = listening;
  }

  /// Serves the figures and the state at `address` from now on.
  ///
  /// @param meters what `/metrics` shows
  /// @param source of what the status page shows
  /// @throws IOException when the address is not ours or taken; the message says which
  public static MetricsServer start(InetSocketAddress address, Meters meters, StatusSource source)
      throws IOException {
    return start(address, new Site(Hosts.of(address), meters, source), TIME_LIMIT);
  }

  static MetricsServer start(InetSocketAddress address, Site site, Duration timeLimit)
      throws IOException {
    EventLoopGroup thread =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("metrics", true), NioIoHandler.newFactory());
    ChannelGroup open = new DefaultChannelGroup(thread.next());
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(thread)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accept(channel, open, site, timeLimit);
                  }
                });
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      var _ = thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new IOException(
          "metrics cannot listen on "
              + NetUtil.toSocketAddressString(address)
              + ": "
              + bound.cause().getMessage(),
          bound.cause());
    }
    return new MetricsServer(thread, bound.channel());
  }

  private static void accept(
      SocketChannel channel, ChannelGroup open, Site site, Duration timeLimit) {
    if (open.size() >= CONNECTIONS) {
      var _ = channel.close();
      return;
    }
    open.add(channel);
    var deadline =
        channel
            .eventLoop()
            .schedule(() -> expire(channel), timeLimit.toMillis(), TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> deadline.cancel(false));
    channel
        .pipeline()
        .addLast(new HttpServerCodec(REQUEST_OCTETS, REQUEST_OCTETS, BODY_OCTETS))
        .addLast(new HttpObjectAggregator(BODY_OCTETS, true))
        .addLast(site);
  }

  private static void expire(SocketChannel channel) {
    var _ = channel.close();
  }

  /// {@return where it listens, the port the host chose included}
  public InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }

  /// {@return where a browser on this host finds the status page}
  public String url() {
    return "http://" + NetUtil.toSocketAddressString(address()) + "/";
  }

  /// Closes the port and every connection, and ends the thread.
  @Override
  public void close() {
    listening.close().awaitUninterruptibly();
    thread.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
