package espd.dataplane.ipcomp;

import espd.tun.packet.PacketBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Expands what a peer has compressed (RFC 3173 §2, RFC 2394 §2.2), up to the longest packet there
/// is and no further, whatever it was given. One thread; nothing is allocated per packet, but for
/// an exception of the JDK's where the peer, who has proven itself, sends what is no DEFLATE.
public final class Decompressor implements AutoCloseable {

  /// What [#expand] says of what is no DEFLATE, or not all of it.
  public static final int MALFORMED = -1;

  /// What [#expand] says of what becomes longer than any packet.
  public static final int TOO_LONG = -2;

  private final Inflater inflater = new Inflater(true);
  private final Arena arena = Arena.ofShared();
  private final MemorySegment expanded = arena.allocate(PacketBatch.MAX_OCTETS);
  private final ByteBuffer output = expanded.asByteBuffer();

  /// Expands what stands behind an [IpcompHeader]. Octets behind its end are none of it: padding
  /// that hides its length (RFC 4303 §2.7).
  ///
  /// @param batch where it lies
  /// @param at where the header begins
  /// @param octets of the header and all that is behind it
  /// @return the length of what was compressed, which [#write] can write, or why there is nothing
  public int expand(PacketBatch batch, int at, int octets) {
    inflater.reset();
    inflater.setInput(batch.octets(at + IpcompHeader.OCTETS, octets - IpcompHeader.OCTETS));
    int length;
    try {
      length = inflater.inflate(output.clear());
    } catch (DataFormatException e) {
      return MALFORMED;
    }
    if (inflater.finished()) {
      return length;
    }
    return output.hasRemaining() ? MALFORMED : TOO_LONG;
  }

  /// Writes what was expanded last.
  ///
  /// @param octets of it
  public void write(MemorySegment memory, int at, int octets) {
    MemorySegment.copy(expanded, 0, memory, at, octets);
  }

  /// Gives the memory back; the thread has ended.
  @Override
  public void close() {
    inflater.close();
    arena.close();
  }
}
