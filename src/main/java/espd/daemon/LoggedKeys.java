package espd.daemon;

import espd.daemon.keys.KeyFolder;
import espd.daemon.keys.KeyLine;
import espd.daemon.keys.KeyLog;
import espd.daemon.keys.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `espd run --keylog`: the keys of every SA and IKE SA go into a folder as long as the daemon
/// runs.
final class LoggedKeys implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LoggedKeys.class);

  private final Path path;
  private final KeyFolder folder;
  private final KeyLog log;

  private LoggedKeys(Path path, KeyLog.Source keys) throws IOException {
    this.path = path;
    this.folder = KeyFolder.open(path);
    this.log = KeyLog.start(keys, Set.copyOf(Table.OF_WIRESHARK), this::append);
  }

  /// Begins, and warns of it.
  ///
  /// @throws IOException when the folder cannot be used; it says what to do
  static LoggedKeys open(Path path, KeyLog.Source keys) throws IOException {
    LoggedKeys logged = new LoggedKeys(path, keys);
    LOG.warn(
        "--keylog: all keys are written to {}; whoever reads them reads the traffic, also what was"
            + " recorded before: remove the folder when it has served",
        path);
    return logged;
  }

  private void append(KeyLine line) {
    try {
      if (folder.append(line)) {
        LOG.warn("--keylog: a key was written to {}", path.resolve(line.table().file()));
      }
    } catch (IOException e) {
      LOG.error("--keylog: no key was written to {}: {}", path, e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    log.close();
    folder.close();
  }
}
