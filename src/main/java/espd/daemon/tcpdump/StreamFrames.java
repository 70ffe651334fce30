package espd.daemon.tcpdump;

import espd.daemon.tcpdump.HexDump.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/// The ESP packets in one direction of a TCP stream (RFC 9329 §3), told as soon as their headers
/// have been seen. Nothing is kept but a header that is not complete.
///
/// Who begins to look in the midst of a stream, or has missed a segment, does not know where a
/// frame begins: it does at the next segment that begins like one.
final class StreamFrames {

  /// An ESP packet.
  ///
  /// @param spi of its SA
  /// @param sequence its number
  /// @param octets its length
  record Frame(int spi, int sequence, int octets) {}

  private static final byte[] PREFIX = "IKETCP".getBytes(StandardCharsets.US_ASCII);
  private static final int LENGTH = 2;
  private static final int HEADER = LENGTH + 2 * Integer.BYTES;

  private final IntPredicate spis;
  private final byte[] header = new byte[HEADER];
  private boolean inStep;
  private int next;
  private int gathered;
  private int rest;

  /// @param spis those that the stream carries, as far as is known
  StreamFrames(IntPredicate spis) {
    this.spis = spis;
  }

  /// Takes a segment.
  ///
  /// @return the ESP packets that begin in it, or whose headers end in it
  List<Frame> take(Payload segment) {
    byte[] octets = segment.octets();
    int again = inStep ? next - segment.sequence() : 0;
    if (!inStep || again < 0) {
      again = 0;
      gathered = 0;
      rest = 0;
      inStep = beginsLikeAFrame(octets);
    }
    if (!inStep || again >= octets.length) {
      return List.of();
    }
    next = segment.sequence() + octets.length;
    boolean prefixed = again == 0 && beginsWithPrefix(octets);
    return frames(octets, prefixed ? PREFIX.length : again);
  }

  private static boolean beginsWithPrefix(byte[] octets) {
    return octets.length >= PREFIX.length
        && Arrays.equals(octets, 0, PREFIX.length, PREFIX, 0, PREFIX.length);
  }

  private boolean beginsLikeAFrame(byte[] octets) {
    if (octets.length < HEADER) {
      return beginsWithPrefix(octets);
    }
    int spi = HexDump.number(octets, LENGTH, Integer.BYTES);
    return beginsWithPrefix(octets)
        || (HexDump.number(octets, 0, LENGTH) >= HEADER && (spi == 0 || spis.test(spi)));
  }

  private List<Frame> frames(byte[] octets, int from) {
    List<Frame> frames = new ArrayList<>();
    for (int at = from; at < octets.length; ) {
      if (rest > 0) {
        int passed = Math.min(rest, octets.length - at);
        rest -= passed;
        at += passed;
        continue;
      }
      header[gathered++] = octets[at++];
      int length = gathered < LENGTH ? HEADER : HexDump.number(header, 0, LENGTH);
      if (length <= LENGTH) {
        inStep = false;
        return frames;
      }
      if (gathered == Math.min(length, HEADER)) {
        int spi = HexDump.number(header, LENGTH, Integer.BYTES);
        if (length >= HEADER && spi != 0) {
          int sequence = HexDump.number(header, LENGTH + Integer.BYTES, Integer.BYTES);
          frames.add(new Frame(spi, sequence, length - LENGTH));
        }
        rest = length - gathered;
        gathered = 0;
      }
    }
    return frames;
  }
}
