package espd.ike.net;

import espd.ike.Datagram;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// One TCP stream, connected or not (RFC 9329 §3). For the thread `ike-tcp`, but for
/// [#sendEsp(ByteBuffer)], [#kept] and the queries.
final class Stream {

  private static final int LONGEST = 65_535 - Frames.LENGTH_OCTETS;

  /// IKE has one request in flight, and a response.
  private static final int WAITING = 4;

  /// Streams are not connected again more often than this.
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /// Its two ends, without a payload.
  final Datagram ends;

  /// Whether an established IKE SA uses it.
  volatile boolean kept;

  /// Whether a connection is being made.
  boolean connecting;

  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private volatile @Nullable Channel channel;
  private byte[] last = {};
  private int connections;
  private long sinceNanos;

  Stream(Datagram ends) {
    this.ends =
        new Datagram(ends.local(), ends.localPort(), ends.remote(), ends.remotePort(), new byte[0]);
  }

  /// {@return whether we begin the streams of this number}
  static boolean isOurs(int number) {
    return (number & 1) == 0;
  }

  boolean ours() {
    return isOurs(ends.localPort());
  }

  boolean isConnected() {
    return channel != null;
  }

  boolean isConnectedAgain() {
    return connections > 1;
  }

  /// It is connected. What waited is sent.
  void became(Channel connected, long nowNanos) {
    if (ours()) {
      var _ =
          connected.write(connected.alloc().buffer(Frames.PREFIX.length).writeBytes(Frames.PREFIX));
    }
    last = new byte[0];
    connections++;
    sinceNanos = nowNanos;
    channel = connected;
    while (!waiting.isEmpty()) {
      sendMessage(waiting.remove());
    }
    connected.flush();
  }

  /// Keeps a message until it is connected: the newest few.
  void waits(byte[] message) {
    if (waiting.stream().noneMatch(other -> Arrays.equals(other, message))) {
      waiting.add(message);
    }
    if (waiting.size() > WAITING) {
      waiting.remove();
    }
  }

  void sendMessage(byte[] message) {
    Channel to = channel;
    if (to == null
        || message.length > LONGEST - Frames.MARKER_OCTETS
        || Arrays.equals(message, last)
        || !to.isWritable()) {
      return;
    }
    last = message;
    int octets = Frames.LENGTH_OCTETS + Frames.MARKER_OCTETS + message.length;
    ByteBuf frame = to.alloc().ioBuffer(octets, octets);
    var _ =
        to.writeAndFlush(
            frame.writeShort(octets).writeInt(0).writeBytes(message), to.voidPromise());
  }

  /// Any thread.
  boolean sendEsp(ByteBuffer packet) {
    Channel to = channel;
    if (to == null || !to.isWritable() || packet.remaining() > LONGEST) {
      return false;
    }
    int octets = Frames.LENGTH_OCTETS + packet.remaining();
    ByteBuf frame = to.alloc().ioBuffer(octets, octets);
    var _ = to.writeAndFlush(frame.writeShort(octets).writeBytes(packet), to.voidPromise());
    return true;
  }

  /// Its connection has ended.
  ///
  /// @return when to do something about it: later when it had not stood for long, for somebody may
  ///   end each one
  Duration lost(Channel ended, long nowNanos) {
    if (ended.equals(channel)) {
      channel = null;
    }
    return nowNanos - sinceNanos > PAUSE.toNanos() ? Duration.ZERO : PAUSE;
  }

  void close() {
    Channel open = channel;
    channel = null;
    if (open != null) {
      var _ = open.close();
    }
  }
}
