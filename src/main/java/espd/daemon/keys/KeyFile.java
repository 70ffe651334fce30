package espd.daemon.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// A file with keys: its owner's only, from its first octet on. Lines are appended, each by one
/// write, one an SA. Any thread.
public final class KeyFile implements AutoCloseable {

  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.range(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_EXECUTE);

  /// How many lines are remembered, so as not to be written twice.
  private static final int REMEMBERED = 8192;

  private final Table table;
  private final SeekableByteChannel file;
  private final Set<String> written = Collections.newSetFromMap(new Latest());

  private static final class Latest extends LinkedHashMap<String, Boolean> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > REMEMBERED;
    }
  }

  private KeyFile(Table table, SeekableByteChannel file) {
    this.table = table;
    this.file = file;
  }

  /// Opens a file, which is made where there is none; one that others own or may read, and one that
  /// is no regular file or a symbolic link, is refused.
  ///
  /// @param table what its lines are of
  /// @throws IOException when that cannot be done; it says what to do
  public static KeyFile open(Table table, Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return new KeyFile(table, create(path));
    }
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(path + " is no regular file; keys are not written there");
    }
    requireOurs(path, OTHERS, "chmod 600");
    byte[] lines = Files.readAllBytes(path);
    KeyFile file =
        new KeyFile(
            table,
            Files.newByteChannel(path, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS));
    file.remember(lines);
    return file;
  }

  /// @throws IOException when another user owns a path, or others have a permission they must not
  static void requireOurs(Path path, Set<PosixFilePermission> forbidden, String mend)
      throws IOException {
    Object owner = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (!owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      throw new IOException(path + " is another user's; keys are not written there");
    }
    if (!Collections.disjoint(
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS), forbidden)) {
      throw new IOException(path + " is open to others: " + mend + " " + path);
    }
  }

  /// Makes a file for its owner only; that it was not there is made sure of.
  static SeekableByteChannel create(Path path) throws IOException {
    Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
    return Files.newByteChannel(path, options, PosixFilePermissions.asFileAttribute(MODE));
  }

  private void remember(byte[] lines) {
    int from = 0;
    for (int at = 0; at < lines.length; at++) {
      if (lines[at] == '\n') {
        written.add(table.identity(lines, from, at));
        from = at + 1;
      }
    }
    Arrays.fill(lines, (byte) 0);
  }

  /// Appends a line, unless its SA has one.
  ///
  /// @return whether it was appended
  public synchronized boolean append(KeyLine line) throws IOException {
    if (!written.add(line.identity())) {
      return false;
    }
    ByteBuffer octets = line.octets();
    while (octets.hasRemaining()) {
      file.write(octets);
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
