package espd.ike.net;

import espd.ike.Datagram;
import espd.spd.Ipv6Address;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// TCP streams that carry the messages of an IKE SA and its ESP packets (RFC 9329), one for each
/// IKE SA. Each has a number, from [Datagram#FIRST_STREAM] on, which is the local port of what goes
/// through it: even ones for those that we begin, odd ones for those that we accept.
///
/// Who begins a stream keeps its number while it connects again and again; whatever is sent
/// connects it. ESP is dropped while there is no connection, and while the peer takes less than it
/// is given: what waits to be sent is bounded, and no other stream waits for it.
///
/// The thread `ike-tcp` does the work; any thread calls.
public final class TcpStreams implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TcpStreams.class);

  /// SOL_SOCKET and SO_MARK of socket(7).
  private static final IntegerUnixChannelOption MARK = new IntegerUnixChannelOption("MARK", 1, 36);

  /// What may wait to be sent to one peer: below the lower mark again it takes more.
  private static final WriteBufferWaterMark WAITING =
      new WriteBufferWaterMark(128 * 1024, 512 * 1024);

  private static final int CONNECT_MILLIS = 5_000;
  private static final int BACKLOG = 128;
  private static final int LAST_WORDS_MILLIS = 100;

  /// Who is given what comes through the streams, on the thread `ike-tcp`; all return at once.
  public interface Receiver {

    /// A message of IKE, without its non-ESP marker.
    void ikeMessage(Datagram datagram);

    /// An ESP packet.
    ///
    /// @param ends of the stream; its payload is empty
    /// @param packet whose octets are read before this returns
    void espPacket(Datagram ends, ByteBuffer packet);

    /// A connection was refused, or closed for what came or did not.
    void refused(String why);

    /// A stream that an established IKE SA uses has broken.
    ///
    /// @param localPort the number of the stream
    void broken(int localPort);
  }

  /// What strangers may take of us.
  ///
  /// @param strangers connections of no established IKE SA
  /// @param strangersPerNetwork of them of one /64 network
  /// @param patience how long a connection may be without an established IKE SA
  public record Limits(int strangers, int strangersPerNetwork, Duration patience) {

    /// What suits a host.
    public static final Limits STANDARD = new Limits(256, 16, Duration.ofSeconds(30));
  }

  private final int mark;
  private final Receiver receiver;
  private final Limits limits;
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("ike-tcp", true), EpollIoHandler.newFactory());
  private final Map<Integer, Stream> byNumber = new ConcurrentHashMap<>();
  private final List<Channel> listening = new ArrayList<>();
  private final AtomicLong refused = new AtomicLong();
  private int accepted;

  /// @param mark of all sockets, so that the host routes them outside of its tunnels; 0 for none
  /// @param receiver of what comes
  /// @param limits for strangers
  public TcpStreams(int mark, Receiver receiver, Limits limits) {
    this.mark = mark;
    this.receiver = receiver;
    this.limits = limits;
  }

  /// Accepts connections at all of these addresses and ports from now on.
  ///
  /// @throws IOException when the host refuses, in one line
  public void listen(Set<Ipv6Address> locals, Set<Integer> ports) throws IOException {
    for (Ipv6Address local : locals) {
      for (int port : ports) {
        listen(local, port);
      }
    }
  }

  /// Accepts connections from now on.
  ///
  /// @return the port, which the host chooses for 0
  /// @throws IOException when the host refuses, in one line
  public int listen(Ipv6Address local, int port) throws IOException {
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
                    accept(channel);
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

  private void accept(EpollSocketChannel channel) {
    InetSocketAddress from = channel.remoteAddress();
    InetSocketAddress to = channel.localAddress();
    if (from == null
        || !(from.getAddress() instanceof Inet6Address remote)
        || !(to.getAddress() instanceof Inet6Address local)) {
      var _ = channel.close();
      return;
    }
    Datagram ends =
        new Datagram(
            Ipv6Address.of(local),
            Datagram.FIRST_STREAM + (++accepted << 1 | 1),
            Ipv6Address.of(remote),
            from.getPort(),
            new byte[0]);
    if (tooMany(ends.remote())) {
      refused("too many TCP connections without an IKE SA", ends.remote());
      var _ = channel.close();
      return;
    }
    Stream stream = new Stream(ends);
    byNumber.put(ends.localPort(), stream);
    stream.became(channel);
    channel.pipeline().addLast(new Frames(true, frames(stream)));
    channel.closeFuture().addListener(closed -> ended(stream, channel));
    var _ =
        loop.schedule(
            () -> {
              if (!stream.kept) {
                refused("a TCP connection without an IKE SA was closed", ends.remote());
                var _ = channel.close();
              }
            },
            limits.patience().toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private boolean tooMany(Ipv6Address remote) {
    List<Stream> strangers = byNumber.values().stream().filter(s -> !s.kept && !s.ours()).toList();
    return strangers.size() >= limits.strangers()
        || strangers.stream().filter(s -> s.ends.remote().high() == remote.high()).count()
            >= limits.strangersPerNetwork();
  }

  /// Strangers choose how often: the first is said, and then every thousandth.
  private void refused(String why, Ipv6Address remote) {
    receiver.refused(why);
    if (refused.getAndIncrement() % 1000 == 0) {
      LOG.info("{}: {}", why, remote);
    }
  }

  /// {@return how many streams there are}
  public int count() {
    return byNumber.size();
  }

  private Frames.Sink frames(Stream stream) {
    return new Frames.Sink() {
      @Override
      public void ikeMessage(byte[] message) {
        Datagram e = stream.ends;
        receiver.ikeMessage(
            new Datagram(e.local(), e.localPort(), e.remote(), e.remotePort(), message));
      }

      @Override
      public void espPacket(ByteBuffer packet) {
        receiver.espPacket(stream.ends, packet);
      }

      @Override
      public void malformed(String why) {
        refused("a TCP connection was closed for " + why, stream.ends.remote());
      }
    };
  }

  /// Sends a message of IKE, and connects the stream if it is ours and is not connected. What has
  /// been sent through this connection just before is not sent again: TCP does that (RFC 9329
  /// §6.1).
  public void send(Datagram message) {
    int number = message.localPort();
    boolean ours = Stream.isOurs(number);
    loop.execute(
        () -> {
          Stream stream =
              ours
                  ? byNumber.computeIfAbsent(number, n -> new Stream(message))
                  : byNumber.get(number);
          if (stream == null) {
            LOG.debug("no TCP stream to send {}", message);
          } else if (stream.isConnected()) {
            stream.sendMessage(message.payload());
          } else {
            stream.waits(message.payload());
            if (!stream.connecting && ours) {
              connect(stream);
            }
          }
        });
  }

  private void connect(Stream stream) {
    stream.connecting = true;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING)
            .handler(new Frames(false, frames(stream)));
    if (mark != 0) {
      bootstrap.option(MARK, mark);
    }
    Datagram e = stream.ends;
    ChannelFuture connected =
        bootstrap.connect(
            new InetSocketAddress(e.remote().toInetAddress(), e.remotePort()),
            new InetSocketAddress(e.local().toInetAddress(), 0));
    connected.addListener(
        done -> {
          stream.connecting = false;
          if (!done.isSuccess()) {
            if (!stream.kept) {
              byNumber.remove(e.localPort(), stream); // IKE sends again, or does not
            }
            LOG.info("TCP to {}[{}]: {}", e.remote(), e.remotePort(), done.cause().getMessage());
          } else if (byNumber.get(e.localPort()) != stream) {
            var _ = connected.channel().close();
          } else {
            stream.became(connected.channel());
            connected.channel().closeFuture().addListener(c -> ended(stream, connected.channel()));
          }
        });
  }

  private void ended(Stream stream, Channel channel) {
    Duration delay = stream.lost(channel);
    if (!stream.ours() || !stream.kept) {
      byNumber.remove(stream.ends.localPort(), stream);
    }
    var _ = loop.schedule(() -> tellBroken(stream), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tellBroken(Stream stream) {
    int number = stream.ends.localPort();
    if (stream.kept && !stream.isConnected() && byNumber.get(number) == stream) {
      receiver.broken(number);
    }
  }

  /// Sends an ESP packet, or does not. Returns at once.
  ///
  /// @param number of the stream
  /// @param packet read before this returns
  /// @return false when there is no connection, or too much waits already
  public boolean sendEsp(int number, ByteBuffer packet) {
    Stream stream = byNumber.get(number);
    return stream != null && stream.sendEsp(packet);
  }

  /// An established IKE SA uses the stream.
  public void keep(int number) {
    Stream stream = byNumber.get(number);
    if (stream != null) {
      stream.kept = true;
    }
  }

  /// Nobody uses the stream any more; what is sent within a moment still goes.
  public void close(int number) {
    var _ =
        loop.schedule(
            () -> {
              Stream stream = byNumber.remove(number);
              if (stream != null) {
                stream.close();
              }
            },
            LAST_WORDS_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /// Closes all.
  @Override
  public void close() {
    listening.forEach(channel -> channel.close().awaitUninterruptibly());
    byNumber.clear();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2000);
  }
}
