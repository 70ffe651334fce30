package espd.daemon.control;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Packets over a stream, each with its length before it. One thread reads; any thread may write.
final class PacketChannel implements AutoCloseable {

  private static final int LENGTH_OCTETS = 4;

  private final SocketChannel channel;
  private final ReentrantLock writing = new ReentrantLock();

  /// @param channel connected and blocking; closed with this
  PacketChannel(SocketChannel channel) {
    this.channel = channel;
  }

  /// {@return the next packet, or nothing at the stream's end}
  ///
  /// @throws MalformedPacketException when it is none; nothing more can be read
  Optional<Packet> read() throws IOException {
    ByteBuffer length = ByteBuffer.allocate(LENGTH_OCTETS);
    if (channel.read(length) < 0) {
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
      if (channel.read(buffer) < 0) {
        throw new EOFException("the stream ends within a packet");
      }
    }
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
        channel.write(buffer);
      }
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
