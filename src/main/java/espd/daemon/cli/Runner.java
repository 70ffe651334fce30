package espd.daemon.cli;

import espd.daemon.config.ConfigException;
import java.io.IOException;

/// The daemon, seen from the command line.
@FunctionalInterface
public interface Runner {

  /// Runs the daemon until it is told to stop.
  ///
  /// @return the exit code, one of [Exit]
  /// @throws ConfigException when its files cannot be used; the command line shows why
  /// @throws IOException when the host does not give it what it needs; the message says what to do
  /// @throws InterruptedException when its thread is interrupted
  int run(RunOptions options) throws ConfigException, IOException, InterruptedException;
}
