package espd.ike.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.spd.Ipv6Address;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What connections of strangers leave behind (RFC 9329 §10).
final class AcceptedStreamsTest {

  private static final Ipv6Address US = Ipv6Address.parse("2001:db8::1");
  private static final Ipv6Address STRANGER = Ipv6Address.parse("2001:db8:66:6::1");
  private static final Duration PATIENCE = TcpStreams.Limits.STANDARD.patience();

  /// A host whose time stands still.
  private static final class Still implements TcpNetwork {

    private final List<Runnable> waiting = new ArrayList<>();
    private Consumer<Accepted> accepting = accepted -> {};

    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
      waiting.add(task);
      return () -> waiting.remove(task);
    }

    @Override
    public int listen(Ipv6Address local, int port, Consumer<Accepted> accepted) {
      accepting = accepted;
      return port;
    }

    @Override
    public ChannelFuture connect(Datagram ends, ChannelHandler handler) {
      throw new IllegalStateException("nobody is called");
    }

    @Override
    public void close() {}
  }

  /// Who counts what is refused.
  private static final class Refused implements TcpStreams.Receiver {

    private final List<DropReason> reasons = new ArrayList<>();

    @Override
    public void ikeMessage(Datagram datagram) {}

    @Override
    public void espPacket(Datagram ends, ByteBuffer packet) {}

    @Override
    public void refused(DropReason why) {
      reasons.add(why);
    }

    @Override
    public void broken(int localPort) {}
  }

  private final Still host = new Still();
  private final Refused refused = new Refused();

  private EmbeddedChannel accepted() {
    EmbeddedChannel channel = new EmbeddedChannel();
    host.accepting.accept(new TcpNetwork.Accepted(channel, US, STRANGER, 40_000));
    return channel;
  }

  @Test
  void aConnectionThatIsGoneIsNotWaitedFor() throws IOException {
    try (TcpStreams streams = new TcpStreams(host, refused, TcpStreams.Limits.STANDARD)) {
      streams.listen(Set.of(US), Set.of(4500));
      for (int i = 0; i < 1000; i++) {
        var _ = accepted().close();
      }
      assertEquals(0, host.waiting.size(), "for " + PATIENCE);
      var _ = accepted();
      assertEquals(1, streams.count());
      List.copyOf(host.waiting).forEach(Runnable::run);
      assertEquals(0, streams.count());
      assertEquals(List.of(DropReason.STREAM_WITHOUT_SA), refused.reasons);
      assertEquals(0, host.waiting.size());
    }
  }
}
