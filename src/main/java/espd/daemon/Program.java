package espd.daemon;

import espd.daemon.ServiceManager.Service;
import espd.daemon.cli.Exit;
import espd.daemon.cli.RunOptions;
import espd.daemon.cli.Runner;
import espd.daemon.cli.Version;
import espd.daemon.config.ConfigException;
import espd.daemon.config.Configuration;
import espd.daemon.config.HostView;
import espd.daemon.control.ControlServer;
import espd.daemon.control.StatusDocument;
import espd.daemon.racoon.ConfigurationFiles;
import espd.daemon.racoon.RacoonLog;
import espd.ike.net.NettyTransport.BoundSocket;
import espd.metrics.Meters;
import espd.metrics.MetricsServer;
import espd.tun.ProcessMemory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `espd run`: reads the files, runs the [Daemon] with its control socket and metrics until SIGTERM
/// or SIGINT, and then leaves the host as it was.
final class Program implements Runner {

  private static final Logger LOG = LoggerFactory.getLogger(Program.class);

  /// How long a start may go on that is no longer wanted.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Override
  public int run(RunOptions options) throws ConfigException, IOException, InterruptedException {
    ProcessMemory.keepPrivate();
    Opened opened = new Opened();
    Optional<RacoonLog> racoon = racoonLog(options, opened);
    // What takes longest begins first.
    PreparedCiphers ciphers = PreparedCiphers.start(options.crypto());
    Configuration configuration = ConfigurationFiles.read(options.files(), HostView.ofThisHost());
    configuration.warnings().forEach(warning -> LOG.warn("{}", warning));
    CompletableFuture<Optional<Daemon>> started = new CompletableFuture<>();
    closeAtSignal(opened, started);
    try {
      Meters meters = new Meters(Version.text());
      Daemon daemon = opened.add(new Daemon(configuration, options, meters, ciphers));
      if (options.metrics().isPresent()) {
        opened.add(metrics(options.metrics().get(), meters, daemon));
      }
      answer(options.control(), daemon, opened);
      ServiceManager serviceManager = opened.add(ServiceManager.of(System.getenv()));
      racoon.ifPresent(log -> follow(daemon, log));
      started.complete(Optional.of(daemon));
      daemon.begin();
      Signals.whenHungUp(() -> daemon.loading().reload());
      serviceManager.ready(new Service(daemon::summary, daemon::pulse));
      LOG.info(
          "espd {} runs {} connections; control socket {}",
          Version.text(),
          configuration.connections().size(),
          options.control());
      LOG.error("espd ends: {}", daemon.failure().get().toString());
      return Exit.FAILED;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      if (!started.isDone()) {
        opened.close();
        started.complete(Optional.empty());
      }
    }
  }

  private static Optional<RacoonLog> racoonLog(RunOptions options, Opened opened) {
    return switch (options.voice()) {
      case ESPD -> Optional.empty();
      case RACOON -> Optional.of(opened.add(new RacoonLog(Version.text())));
    };
  }

  /// The socket's file goes when all is closed, as who stops espd waits for that.
  private static void answer(Path control, Daemon daemon, Opened opened) throws IOException {
    ControlServer server = opened.addLast(ControlServer.open(control, daemon, daemon.commands()));
    opened.add(server::deafen);
  }

  private static void follow(Daemon daemon, RacoonLog log) {
    for (BoundSocket socket : daemon.ikeSockets()) {
      log.listens(socket.local() + "[" + socket.port() + "]", socket.fd());
    }
    log.follow(daemon.happenings());
    Signals.beforeTheEnd(log::caught);
  }

  private static MetricsServer metrics(InetSocketAddress address, Meters meters, Daemon daemon)
      throws IOException {
    var last = daemon.happenings().subscribe(StatusDocument.HAPPENINGS);
    MetricsServer server =
        MetricsServer.start(address, meters, () -> StatusDocument.of(daemon, last).json());
    LOG.info("status page and metrics at {}", server.url());
    return server;
  }

  /// SIGTERM and SIGINT end the JVM; what was opened is closed first. A start that is under way
  /// comes to its end before, for one thread at a time opens and closes.
  ///
  /// @param started has the daemon, or nothing where it has not started and all is closed
  private static void closeAtSignal(Opened opened, CompletableFuture<Optional<Daemon>> started) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () ->
                    started
                        .completeOnTimeout(Optional.empty(), PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .join()
                        .ifPresent(daemon -> close(opened, daemon)),
                "shutdown"));
  }

  /// An end that was asked for is no failure: without `halt` the exit code would be the signal's.
  private static void close(Opened opened, Daemon daemon) {
    opened.close();
    LOG.info("espd has stopped");
    Runtime.getRuntime().halt(daemon.failure().isDone() ? Exit.FAILED : Exit.DONE);
  }
}
