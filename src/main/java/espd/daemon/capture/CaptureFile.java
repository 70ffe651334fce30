package espd.daemon.capture;

import espd.dataplane.tap.Side;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// A capture file as it grows: what a [CaptureStream] made, and at its end what was counted. Its
/// packets are in the clear, so it is for its owner only. For one thread.
public final class CaptureFile implements AutoCloseable {

  private static final int STATISTICS_OCTETS = 256;

  private final OutputStream out;
  private final Optional<Path> made;
  private Progress progress = Progress.NONE;
  private boolean begun;

  private CaptureFile(OutputStream out, Optional<Path> made) {
    this.out = out;
    this.made = made;
  }

  /// {@return a capture that goes to a stream, which is closed with it}
  public static CaptureFile to(OutputStream out) {
    return new CaptureFile(out, Optional.empty());
  }

  /// {@return a capture file, made anew with mode 0600}
  ///
  /// @throws IOException when there is such a file, or it cannot be made
  public static CaptureFile create(Path path) throws IOException {
    Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try {
      OutputStream out = Channels.newOutputStream(Files.newByteChannel(path, options, mode));
      return new CaptureFile(out, Optional.of(path));
    } catch (FileAlreadyExistsException e) {
      throw new IOException(path + " is there already; remove it, or name another file", e);
    }
  }

  /// Appends octets of the file.
  public void write(byte[] octets) throws IOException {
    begun |= octets.length > 0;
    out.write(octets);
  }

  /// A whole block has just ended.
  ///
  /// @param now what was counted until then
  public void ended(Progress now) throws IOException {
    progress = now;
    out.flush();
  }

  /// {@return what was counted so far}
  public Progress progress() {
    return progress;
  }

  /// Writes what was counted, and ends the file; one that nothing came for is taken away.
  @Override
  public void close() throws IOException {
    try (out) {
      if (begun) {
        out.write(statistics());
      } else if (made.isPresent()) {
        Files.delete(made.get());
      }
    }
  }

  private byte[] statistics() {
    Instant now = Instant.now();
    long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    ByteBuffer buffer = ByteBuffer.allocate(STATISTICS_OCTETS);
    Pcapng blocks = new Pcapng(buffer);
    for (Side side : Side.values()) {
      long dropped = progress.dropped(side);
      blocks.statistics(Pcapng.number(side), nanos, progress.written(side) + dropped, dropped);
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }
}
