package espd.daemon.capture;

import espd.dataplane.tap.RecordRing;
import espd.dataplane.tap.Recording;
import espd.dataplane.tap.Side;
import espd.spd.Direction;
import espd.spd.Sa;
import espd.spd.UdpEncapsulation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// A recording as the octets of a capture file, taken piece by piece; each piece ends with a whole
/// block. For one thread.
public final class CaptureStream {

  /// A piece has room for the longest packet and some.
  private static final int PIECE = 512 * 1024;

  private static final int LONGEST_COMMENT = 512;
  private static final int MOST_NAMES = 4096;

  private record Name(Direction direction, int spi) {}

  private final Recording recording;
  private final CaptureRequest request;
  private final Supplier<List<Sa>> sad;
  private final ByteBuffer piece = ByteBuffer.allocate(PIECE);
  private final Pcapng blocks = new Pcapng(piece);
  private final Map<Name, byte[]> comments = new HashMap<>();
  private final long[] written = new long[Side.values().length];
  private final long[] latestNanos = new long[Side.values().length];
  private final long untilNanos;

  /// Begins with the file's header.
  ///
  /// @param recording what is read; stays the caller's to close
  /// @param request when it ends
  /// @param sad the SAs there are, for their names
  public CaptureStream(
      Recording recording, CaptureRequest request, Supplier<List<Sa>> sad, String application) {
    this.recording = recording;
    this.request = request;
    this.sad = sad;
    this.untilNanos = System.nanoTime() + request.duration().toNanos();
    int snap = request.wish().snapOctets();
    blocks.section(application);
    blocks.describe(name(Side.INNER), "cleartext packets, as the host sends and gets them", snap);
    blocks.describe(name(Side.OUTER), "ESP packets, as the network carries them", snap);
  }

  private static String name(Side side) {
    return side.name().toLowerCase(Locale.ROOT);
  }

  /// Takes what has been recorded since, as far as a piece has room.
  ///
  /// @return octets of the file, perhaps none
  public byte[] next() {
    boolean more = true;
    while (more && !hasCount() && hasRoom()) {
      more = recording.take(this::packet);
    }
    byte[] octets = Arrays.copyOf(piece.array(), piece.position());
    piece.clear();
    return octets;
  }

  private boolean hasRoom() {
    return piece.remaining() > PIECE / 2;
  }

  private boolean hasCount() {
    return request.count() > 0 && Arrays.stream(written).sum() >= request.count();
  }

  /// {@return whether nothing more is wanted: it has its count, or its time is over}
  public boolean isOver() {
    return hasCount() || (!request.duration().isZero() && System.nanoTime() - untilNanos >= 0);
  }

  private void packet(Side side, Direction direction, RecordRing packet) {
    int number = Pcapng.number(side);
    // Threads that pass at the same instant may come in any order; readers want one.
    latestNanos[number] = Math.max(latestNanos[number], packet.timeNanos());
    int octets = packet.capturedOctets();
    int at = blocks.beginPacket(number, latestNanos[number], octets, packet.originalOctets());
    int into = piece.position();
    MemorySegment.copy(
        packet.memory(), ValueLayout.JAVA_BYTE, packet.offset(), piece.array(), into, octets);
    piece.position(into + octets);
    int flags = direction == Direction.INBOUND ? Pcapng.INBOUND : Pcapng.OUTBOUND;
    blocks.endPacket(at, flags, comment(new Name(direction, packet.spi())));
    written[number]++;
  }

  private byte[] comment(Name name) {
    byte[] known = comments.get(name);
    if (known != null) {
      return known;
    }
    if (comments.size() >= MOST_NAMES) {
      comments.clear();
    }
    byte[] made = Pcapng.utf8(text(name));
    byte[] comment = made.length > LONGEST_COMMENT ? Arrays.copyOf(made, LONGEST_COMMENT) : made;
    comments.put(name, comment);
    return comment;
  }

  private String text(Name name) {
    String spi = String.format("SPI 0x%08x", name.spi());
    return sad.get().stream()
        .filter(sa -> sa.spi() == name.spi() && sa.direction() == name.direction())
        .findFirst()
        .map(sa -> sa.parameters().connection() + ", " + spi + carrier(sa))
        .orElse(spi);
  }

  /// What went through a TCP stream looks like any other packet.
  private static String carrier(Sa sa) {
    return sa.parameters()
        .encapsulation()
        .filter(UdpEncapsulation::isStream)
        .map(in -> ", in " + in.carrier())
        .orElse("");
  }

  /// {@return how many packets have come so far}
  public Progress progress() {
    return new Progress(
        written[Pcapng.number(Side.INNER)],
        recording.dropped(Side.INNER),
        written[Pcapng.number(Side.OUTER)],
        recording.dropped(Side.OUTER));
  }
}
