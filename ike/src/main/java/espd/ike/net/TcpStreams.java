package espd.ike.net;

import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.spd.Ipv6Address;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

  private static final Duration LAST_WORDS = Duration.ofMillis(100);

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
    void refused(DropReason why);

    /// A stream that an established IKE SA uses has broken, now or before that was established.
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

  private final TcpNetwork network;
  private final Receiver receiver;
  private final Limits limits;
  private final Map<Integer, Stream> byNumber = new ConcurrentHashMap<>();
  private final AtomicLong refused = new AtomicLong();
  private int acceptances;

  /// @param network that makes the connections; closed with this
  /// @param receiver of what comes
  /// @param limits for strangers
  public TcpStreams(TcpNetwork network, Receiver receiver, Limits limits) {
    this.network = network;
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
    return network.listen(local, port, this::accept);
  }

  private void accept(TcpNetwork.Accepted accepted) {
    Channel channel = accepted.channel();
    Datagram ends =
        new Datagram(
            accepted.local(),
            Datagram.FIRST_STREAM + (++acceptances << 1 | 1),
            accepted.remote(),
            accepted.remotePort(),
            new byte[0]);
    if (tooMany(ends.remote())) {
      refused(DropReason.TOO_MANY_STREAMS, ends.remote());
      var _ = channel.close();
      return;
    }
    Stream stream = new Stream(ends);
    byNumber.put(ends.localPort(), stream);
    stream.became(channel, network.nanoTime());
    channel.pipeline().addLast(new Frames(true, frames(stream)));
    Runnable patience =
        network.schedule(
            limits.patience(),
            () -> {
              if (!stream.kept && channel.isOpen()) {
                refused(DropReason.STREAM_WITHOUT_SA, ends.remote());
                var _ = channel.close();
              }
            });
    channel
        .closeFuture()
        .addListener(
            closed -> {
              patience.run();
              ended(stream, channel);
            });
  }

  private boolean tooMany(Ipv6Address remote) {
    List<Stream> strangers = byNumber.values().stream().filter(s -> !s.kept && !s.ours()).toList();
    return strangers.size() >= limits.strangers()
        || strangers.stream().filter(s -> s.ends.remote().high() == remote.high()).count()
            >= limits.strangersPerNetwork();
  }

  /// Strangers choose how often: the first is said, and then every thousandth.
  private void refused(DropReason why, Ipv6Address remote) {
    receiver.refused(why);
    if (refused.getAndIncrement() % 1000 == 0) {
      LOG.info("{}: {}", why.sentence(), remote);
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
      public void malformed(DropReason why) {
        refused(why, stream.ends.remote());
      }
    };
  }

  /// Sends a message of IKE, and connects the stream if it is ours and is not connected. What has
  /// been sent through this connection just before is not sent again: TCP does that (RFC 9329
  /// §6.2).
  public void send(Datagram message) {
    int number = message.localPort();
    boolean ours = Stream.isOurs(number);
    network.execute(
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
    Datagram e = stream.ends;
    ChannelFuture connected = network.connect(e, new Frames(false, frames(stream)));
    connected.addListener(
        done -> {
          stream.connecting = false;
          if (!done.isSuccess()) {
            LOG.info("TCP to {}[{}]: {}", e.remote(), e.remotePort(), done.cause().getMessage());
          } else if (byNumber.get(e.localPort()) != stream) {
            var _ = connected.channel().close();
          } else {
            stream.became(connected.channel(), network.nanoTime());
            connected.channel().closeFuture().addListener(c -> ended(stream, connected.channel()));
          }
        });
  }

  private void ended(Stream stream, Channel channel) {
    Duration delay = stream.lost(channel, network.nanoTime());
    if (stream.ours()) {
      var _ = network.schedule(delay, () -> tellBroken(stream));
    } else {
      byNumber.remove(stream.ends.localPort(), stream);
    }
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

  /// An established IKE SA uses the stream. If that is not the first connection of the stream, the
  /// peer may think that it is the one before, which is told.
  public void keep(int number) {
    Stream stream = byNumber.get(number);
    if (stream == null || stream.kept) {
      return;
    }
    stream.kept = true;
    network.execute(
        () -> {
          if (stream.ours() && stream.isConnectedAgain()) {
            receiver.broken(number);
          }
        });
  }

  /// Nobody uses the stream any more; what is sent within a moment still goes.
  public void close(int number) {
    var _ =
        network.schedule(
            LAST_WORDS,
            () -> {
              Stream stream = byNumber.remove(number);
              if (stream != null) {
                stream.close();
              }
            });
  }

  /// Closes all.
  @Override
  public void close() {
    byNumber.clear();
    network.close();
  }
}
