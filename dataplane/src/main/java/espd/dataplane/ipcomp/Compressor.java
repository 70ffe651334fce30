package espd.dataplane.ipcomp;

import espd.dataplane.ipv4.Ipv4Header;
import espd.dataplane.ipv6.Ipv6Header;
import espd.tun.packet.PacketBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/// Compresses what ESP is to carry, in place (RFC 3173 §2, RFC 2394 §2.1). One thread; nothing is
/// allocated per packet.
public final class Compressor implements AutoCloseable {

  /// Shorter payloads are not tried, for they hardly ever become shorter (RFC 2394 §3).
  public static final int LEAST_OCTETS = 90;

  private static final int TCP = 6;
  private static final int UDP = 17;

  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final Arena arena = Arena.ofShared();
  private final MemorySegment compressed = arena.allocate(PacketBatch.MAX_OCTETS);
  private final ByteBuffer output = compressed.asByteBuffer();
  private final BackOff backOff = new BackOff();

  /// Compresses a payload, if that makes it shorter, its new header included (RFC 3173 §2.2). Then
  /// the header and what is compressed stand where the payload was; else nothing has changed.
  ///
  /// @param batch where it lies
  /// @param at where it begins
  /// @param octets its length
  /// @param header that is to stand before what is compressed
  /// @return its length from now on, `octets` when it is as it was
  public int compress(PacketBatch batch, int at, int octets, int header) {
    if (octets < LEAST_OCTETS) {
      return octets;
    }
    int flow = flow(batch.memory(), at, IpcompHeader.nextHeader(header)) + header;
    if (!backOff.isDue(flow)) {
      return octets;
    }
    deflater.reset();
    deflater.setInput(batch.octets(at, octets));
    deflater.finish();
    output.clear().limit(octets - IpcompHeader.OCTETS - 1);
    int length = deflater.deflate(output);
    if (!deflater.finished()) {
      backOff.failed(flow);
      return octets;
    }
    backOff.succeeded(flow);
    IpcompHeader.write(batch.memory(), at, header);
    MemorySegment.copy(compressed, 0, batch.memory(), at + IpcompHeader.OCTETS, length);
    return IpcompHeader.OCTETS + length;
  }

  /// A hash of the flow that a payload of at least [#LEAST_OCTETS] belongs to: by its addresses, if
  /// it is a packet, and ports.
  private static int flow(MemorySegment memory, int at, int nextHeader) {
    return switch (nextHeader) {
      case Ipv6Header.PROTOCOL -> {
        long addresses =
            Ipv6Header.sourceHigh(memory, at)
                + 3 * Ipv6Header.sourceLow(memory, at)
                + 5 * Ipv6Header.destinationHigh(memory, at)
                + 7 * Ipv6Header.destinationLow(memory, at);
        yield Long.hashCode(addresses)
            + ports(memory, at + Ipv6Header.OCTETS, Ipv6Header.nextHeader(memory, at));
      }
      case Ipv4Header.PROTOCOL ->
          3 * Ipv4Header.source(memory, at)
              + 5 * Ipv4Header.destination(memory, at)
              + ports(memory, at + Ipv4Header.OCTETS, Ipv4Header.protocol(memory, at));
      default -> ports(memory, at, nextHeader);
    };
  }

  private static int ports(MemorySegment memory, int at, int protocol) {
    return protocol == TCP || protocol == UDP
        ? memory.get(ValueLayout.JAVA_INT_UNALIGNED, at)
        : protocol;
  }

  /// Gives the memory back; the thread has ended.
  @Override
  public void close() {
    deflater.close();
    arena.close();
  }
}
