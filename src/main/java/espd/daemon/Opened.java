package espd.daemon;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What has been opened so far, to be closed in reverse order: when a later step fails, or at the
/// end. One thread at a time.
final class Opened implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Opened.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /// Takes charge of `part`.
  ///
  /// @return `part`
  <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /// Takes charge of `part`, which is closed after all others.
  ///
  /// @return `part`
  <T extends AutoCloseable> T addLast(T part) {
    parts.addLast(part);
    return part;
  }

  /// Closes everything, the last opened first; what cannot be closed is said in the log.
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("{} did not close: {}", part.getClass().getSimpleName(), e.toString());
      }
    }
  }
}
