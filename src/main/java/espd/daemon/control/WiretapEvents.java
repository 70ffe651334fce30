package espd.daemon.control;

import espd.daemon.capture.Progress;
import espd.daemon.keys.KeyLine;
import espd.daemon.keys.Table;
import espd.spd.KeyMaterial;
import java.util.Arrays;
import java.util.Optional;

/// The events of [Wiretap]'s commands, as the daemon sends them and a client reads them.
public final class WiretapEvents {

  private static final String TABLE = "table";
  private static final String INNER = "inner";
  private static final String INNER_DROPPED = "inner-dropped";
  private static final String OUTER = "outer";
  private static final String OUTER_DROPPED = "outer-dropped";

  private WiretapEvents() {}

  static Section of(KeyLine line) {
    byte[] octets = new byte[line.octets().remaining()];
    line.octets().get(octets);
    KeyMaterial secret = KeyMaterial.copyOf(octets);
    Arrays.fill(octets, (byte) 0);
    return Section.builder().text(TABLE, line.table()).data(secret).build();
  }

  /// {@return the line that an event of [Wiretap#KEY] brings, if it is not just a sign of life; it
  /// is the caller's to close}
  ///
  /// @throws MalformedPacketException when it is of no table there is
  public static Optional<KeyLine> line(Section event) throws MalformedPacketException {
    Optional<String> table = event.text(TABLE);
    Optional<KeyMaterial> data = event.secret(SectionCodec.DATA);
    if (table.isEmpty() || data.isEmpty()) {
      return Optional.empty();
    }
    try (KeyMaterial octets = data.get()) {
      Table of = Table.valueOf(table.get());
      return Optional.of(octets.use(line -> KeyLine.of(of, line)));
    } catch (IllegalArgumentException e) {
      throw new MalformedPacketException("no line of a table: " + e.getMessage());
    }
  }

  /// Octets of a capture file in the middle of a block.
  static Section piece(byte[] octets) {
    return Section.builder().data(KeyMaterial.copyOf(octets)).build();
  }

  /// Octets of a capture file up to the end of a block.
  static Section lastPiece(byte[] octets, Progress progress) {
    return Section.builder()
        .data(KeyMaterial.copyOf(octets))
        .text(INNER, progress.inner())
        .text(INNER_DROPPED, progress.innerDropped())
        .text(OUTER, progress.outer())
        .text(OUTER_DROPPED, progress.outerDropped())
        .build();
  }

  /// {@return the octets that an event of [Wiretap#CAPTURED] brings, perhaps none}
  public static byte[] octets(Section event) {
    return event
        .secret(SectionCodec.DATA)
        .map(data -> data.use(byte[]::clone))
        .orElseGet(() -> new byte[0]);
  }

  /// {@return what was counted until then, when a block ends with this event of [Wiretap#CAPTURED]}
  ///
  /// @throws MalformedPacketException when that is no number
  public static Optional<Progress> progress(Section event) throws MalformedPacketException {
    if (event.text(INNER).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Progress(
            number(event, INNER),
            number(event, INNER_DROPPED),
            number(event, OUTER),
            number(event, OUTER_DROPPED)));
  }

  private static long number(Section event, String name) throws MalformedPacketException {
    try {
      return Long.parseLong(event.text(name).orElse(""));
    } catch (NumberFormatException e) {
      throw new MalformedPacketException("no number of packets: " + e.getMessage());
    }
  }
}
