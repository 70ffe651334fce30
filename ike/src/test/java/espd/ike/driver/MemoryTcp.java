package espd.ike.driver;

import espd.ike.Datagram;
import espd.ike.net.TcpNetwork;
import espd.spd.Ipv6Address;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// TCP in memory and in virtual time: octets arrive in order, in pieces of any length, and a
/// connection may be cut at any time. What it cannot show, since nothing ever waits here to be
/// sent, is a peer that takes too little.
final class MemoryTcp {

  private static final Duration WAY = Duration.ofMillis(5);
  private static final int FIRST_PORT = 49_152;

  private record Address(Ipv6Address host, int port) {}

  private final VirtualTime time;
  private final Map<Address, Consumer<TcpNetwork.Accepted>> listening = new HashMap<>();
  private final List<EmbeddedChannel> open = new ArrayList<>();
  private final List<Ipv6Address> initiators = new ArrayList<>();
  private int pieceOctets = Integer.MAX_VALUE;
  private int nextPort = FIRST_PORT;
  private boolean refusing;

  MemoryTcp(VirtualTime time) {
    this.time = time;
  }

  /// Has octets arrive in pieces no longer than this.
  void pieces(int octets) {
    pieceOctets = octets;
  }

  /// Has nobody accept a connection, or everybody that listens.
  void refusing(boolean refuses) {
    refusing = refuses;
  }

  /// Ends all connections, for both ends at once; what is on its way is lost.
  void cut() {
    for (EmbeddedChannel channel : List.copyOf(open)) {
      ChannelFuture _ = channel.close();
    }
  }

  /// {@return who has begun a connection so far, in order}
  List<Ipv6Address> initiators() {
    return initiators;
  }

  /// {@return how many connections stand, each end counted}
  int ends() {
    return open.size();
  }

  /// One end's wire to the other.
  private final class Wire extends ChannelOutboundHandlerAdapter {

    private @Nullable EmbeddedChannel other;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      ByteBuf octets = (ByteBuf) message;
      while (octets.isReadable()) {
        byte[] piece = new byte[Math.min(pieceOctets, octets.readableBytes())];
        octets.readBytes(piece);
        later(to -> to.writeInbound(Unpooled.copiedBuffer(piece)));
      }
      octets.release();
      boolean _ = promise.trySuccess();
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
      later(
          to -> {
            ChannelFuture _ = to.close();
          });
      ChannelFuture _ = context.close(promise);
    }

    private void later(Consumer<EmbeddedChannel> what) {
      EmbeddedChannel to = other;
      if (to != null) {
        after(
            WAY,
            () -> {
              if (to.isOpen()) {
                what.accept(to);
              }
            });
      }
    }
  }

  private void after(Duration delay, Runnable task) {
    Runnable _ = time.schedule(time.now().plus(delay), task);
  }

  private EmbeddedChannel channel(Wire wire) {
    EmbeddedChannel channel = new EmbeddedChannel(wire);
    open.add(channel);
    ChannelFuture _ = channel.closeFuture().addListener(closed -> open.remove(channel));
    return channel;
  }

  /// {@return the TCP of a host}
  TcpNetwork at(Ipv6Address host) {
    return new TcpNetwork() {
      @Override
      public long nanoTime() {
        return Duration.between(Instant.EPOCH, time.now()).toNanos();
      }

      @Override
      public void execute(Runnable task) {
        time.execute(task);
      }

      @Override
      public Runnable schedule(Duration delay, Runnable task) {
        return time.schedule(time.now().plus(delay), task);
      }

      @Override
      public int listen(Ipv6Address local, int port, Consumer<Accepted> accepted) {
        listening.put(new Address(local, port), accepted);
        return port;
      }

      @Override
      public ChannelFuture connect(Datagram ends, ChannelHandler handler) {
        return MemoryTcp.this.connect(ends, handler);
      }

      @Override
      public void close() {
        listening.keySet().removeIf(address -> address.host().equals(host));
      }
    };
  }

  /// Connects: there and back, as SYN and SYN ACK are.
  ChannelFuture connect(Datagram ends, ChannelHandler handler) {
    initiators.add(ends.local());
    int port = nextPort++;
    Wire here = new Wire();
    EmbeddedChannel channel = channel(here);
    channel.pipeline().addLast(handler);
    ChannelPromise connected = channel.newPromise();
    after(
        WAY,
        () -> {
          Consumer<TcpNetwork.Accepted> accepting =
              listening.get(new Address(ends.remote(), ends.remotePort()));
          if (accepting == null || refusing) {
            after(WAY, () -> connected.tryFailure(new ConnectException("Connection refused")));
            ChannelFuture _ = channel.close();
            return;
          }
          Wire there = new Wire();
          EmbeddedChannel accepted = channel(there);
          there.other = channel;
          here.other = accepted;
          after(WAY, () -> connected.trySuccess());
          accepting.accept(
              new TcpNetwork.Accepted(
                  accepted, /* local= */ ends.remote(), /* remote= */ ends.local(), port));
        });
    return connected;
  }
}
