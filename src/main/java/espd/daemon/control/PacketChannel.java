package espd.daemon.control;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Packets over a stream, each with its length before it. One thread reads; any thread may write,
/// or close it.
final class PacketChannel implements AutoCloseable {

  private static final int LENGTH_OCTETS = 4;

  private final SocketChannel channel;
  private final ReentrantLock writing = new ReentrantLock();

  /// Waits for the other end, where this is not to wait without end.
  private final Optional<Selector> selector;

  private Duration patience = Duration.ZERO;

  /// Waits without end.
  ///
  /// @param channel connected and blocking; closed with this
  PacketChannel(SocketChannel channel) {
    this.channel = channel;
    this.selector = Optional.empty();
  }

  private PacketChannel(SocketChannel channel, Selector selector) {
    this.channel = channel;
    this.selector = Optional.of(selector);
  }

  /// {@return packets over a stream for one thread, which says how long it waits ([#patience])}
  ///
  /// @param channel connected; closed with this
  static PacketChannel patient(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    Selector selector = Selector.open();
    channel.register(selector, 0);
    return new PacketChannel(channel, selector);
  }

  /// From now on no octet may be longer in coming or going.
  ///
  /// @param atMost zero waits without end
  void patience(Duration atMost) {
    patience = atMost;
  }

  private void await(int operation) throws IOException {
    boolean ready;
    try {
      ready = isReady(selector.orElseThrow(), operation);
    } catch (ClosedSelectorException | CancelledKeyException e) {
      throw new AsynchronousCloseException(); // by another thread
    }
    if (Thread.interrupted()) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    if (!ready) {
      throw new SocketTimeoutException("nothing for " + patience.toSeconds() + " s");
    }
  }

  private boolean isReady(Selector waiting, int operation) throws IOException {
    waiting.keys().forEach(key -> key.interestOps(operation));
    boolean ready = waiting.select(patience.toMillis()) > 0;
    waiting.selectedKeys().clear();
    return ready;
  }

  /// {@return the next packet, or nothing at the stream's end}
  ///
  /// @throws AsynchronousCloseException when another thread closes it meanwhile
  /// @throws MalformedPacketException when it is none; nothing more can be read
  /// @throws SocketTimeoutException when it is too long in coming
  Optional<Packet> read() throws IOException {
    ByteBuffer length = ByteBuffer.allocate(LENGTH_OCTETS);
    if (readSome(length) < 0) {
      return Optional.empty();
    }
    fill(length);
    int octets = length.getInt(0);
    if (octets < 1 || octets > Packet.LONGEST) {
      throw new MalformedPacketException(
          "packet of " + Integer.toUnsignedString(octets) + " octets");
    }
    ByteBuffer packet = ByteBuffer.allocate(octets);
    try {
      fill(packet);
      return Optional.of(Packet.read(packet.flip()));
    } finally {
      // There may be a secret in it.
      Arrays.fill(packet.array(), (byte) 0);
    }
  }

  private void fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (readSome(buffer) < 0) {
        throw new EOFException("the stream ends within a packet");
      }
    }
  }

  /// {@return how many octets were read, at least one; a negative number at the stream's end}
  private int readSome(ByteBuffer buffer) throws IOException {
    int octets = channel.read(buffer);
    while (octets == 0) {
      await(SelectionKey.OP_READ);
      octets = channel.read(buffer);
    }
    return octets;
  }

  void write(Packet packet) throws IOException {
    byte[] octets = packet.write();
    if (octets.length > Packet.LONGEST) {
      throw new IOException("packet of " + octets.length + " octets");
    }
    ByteBuffer buffer = ByteBuffer.allocate(LENGTH_OCTETS + octets.length);
    buffer.putInt(octets.length).put(octets).flip();
    writing.lock();
    try {
      while (buffer.hasRemaining()) {
        if (channel.write(buffer) == 0) {
          await(SelectionKey.OP_WRITE);
        }
      }
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (selector.isPresent()) {
      selector.get().close();
    }
  }
}
