package espd.daemon.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// A folder that Wireshark takes as its own, with its tables of keys. It is its owner's only. Any
/// thread.
public final class KeyFolder implements AutoCloseable {

  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private static final String PREFERENCES = "preferences";
  private static final String DECRYPT = "esp.enable_encryption_decode: TRUE\n";

  private final Map<Table, KeyFile> files = new EnumMap<>(Table.class);

  private KeyFolder() {}

  /// Opens the tables of a folder, which is made where there is none; one that others own or may
  /// change is refused.
  ///
  /// @throws IOException when that cannot be done; it says what to do
  public static KeyFolder open(Path path) throws IOException {
    make(path);
    KeyFolder folder = new KeyFolder();
    try {
      for (Table table : Table.OF_WIRESHARK) {
        folder.files.put(table, KeyFile.open(table, path.resolve(table.file())));
      }
      prefer(path.resolve(PREFERENCES));
      return folder;
    } catch (IOException e) {
      folder.close();
      throw e;
    }
  }

  private static void make(Path path) throws IOException {
    try {
      Files.createDirectory(path, PosixFilePermissions.asFileAttribute(MODE));
    } catch (NoSuchFileException e) {
      throw new IOException("there is no folder to make " + path + " in", e);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(path + " is no folder itself; name another one", e);
      }
      KeyFile.requireOurs(path, OTHERS_WRITE, "chmod 700");
    }
  }

  /// Wireshark decrypts ESP only where it is told to.
  private static void prefer(Path path) throws IOException {
    try (SeekableByteChannel file = KeyFile.create(path)) {
      file.write(ByteBuffer.wrap(DECRYPT.getBytes(StandardCharsets.US_ASCII)));
    } catch (FileAlreadyExistsException e) {
      // It is the user's.
    }
  }

  /// Appends a line to its table, unless its SA has one.
  ///
  /// @param line of one of [Table#OF_WIRESHARK]
  /// @return whether it was appended
  public boolean append(KeyLine line) throws IOException {
    return Objects.requireNonNull(files.get(line.table())).append(line);
  }

  @Override
  public void close() throws IOException {
    for (KeyFile file : files.values()) {
      file.close();
    }
  }
}
