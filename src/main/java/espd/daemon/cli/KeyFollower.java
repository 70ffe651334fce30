package espd.daemon.cli;

import espd.daemon.control.ControlClient;
import espd.daemon.keys.KeyFolder;
import espd.daemon.keys.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/// Writes the keys of what stands, and beside something else those of what comes.
final class KeyFollower implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final ControlClient daemon;
  private final Thread thread;
  private volatile boolean closing;

  private KeyFollower(
      ControlClient daemon, KeyRequest request, KeyFolder folder, Consumer<String> trouble) {
    this.daemon = daemon;
    this.thread =
        Thread.ofVirtual()
            .name("keys")
            .unstarted(
                () -> {
                  try {
                    request.follow(daemon, folder::append, () -> true);
                  } catch (IOException e) {
                    if (!closing) {
                      trouble.accept("no more keys are written: " + e.getMessage());
                    }
                  }
                });
  }

  /// Begins; the keys of what stands are written when it returns.
  ///
  /// @param trouble is told why it ended before it was closed
  static KeyFollower start(Espd espd, KeyFolder folder, Consumer<String> trouble)
      throws IOException {
    KeyRequest request = new KeyRequest(espd, Set.copyOf(Table.OF_WIRESHARK));
    request.copy(folder::append);
    KeyFollower follower =
        new KeyFollower(UnreachableException.connect(espd.control()), request, folder, trouble);
    follower.thread.start();
    return follower;
  }

  /// Ends it; nothing is written any more when it returns.
  @Override
  public void close() throws IOException {
    closing = true;
    daemon.close();
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
