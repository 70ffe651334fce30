package espd.daemon.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The control socket: a Unix domain socket of mode 0600, and a virtual thread for each client.
public final class ControlServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

  private static final int MOST_CLIENTS = 16;

  private final Path path;
  private final ServerSocketChannel server;
  private final Happenings happenings;
  private final ViciCommands commands;
  private final Semaphore room = new Semaphore(MOST_CLIENTS);
  private final Set<PacketChannel> clients = ConcurrentHashMap.newKeySet();

  private ControlServer(
      Path path, ServerSocketChannel server, Happenings happenings, ViciCommands commands) {
    this.path = path;
    this.server = server;
    this.happenings = happenings;
    this.commands = commands;
  }

  /// Opens the socket and answers from now on. The file that a killed daemon left is replaced.
  ///
  /// @param path of the socket
  /// @param operations what its commands do
  /// @throws IOException when it cannot be opened, saying what to do; in particular when another
  ///   daemon answers there
  public static ControlServer open(Path path, Operations operations) throws IOException {
    return open(path, operations, Map.of());
  }

  /// Opens a socket that has more commands than those of vici and of `espd`.
  ///
  /// @param more by name
  /// @throws IOException as [#open(Path, Operations)]
  public static ControlServer open(Path path, Operations operations, Map<String, ViciCommand> more)
      throws IOException {
    Path absolute = path.toAbsolutePath();
    removeStale(absolute);
    ControlServer server =
        new ControlServer(
            absolute,
            bindPrivately(absolute),
            operations.happenings(),
            new ViciCommands(operations, more));
    Thread.ofVirtual().name("control").start(server::accept);
    return server;
  }

  private static void removeStale(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (Files.isRegularFile(path) || Files.isDirectory(path)) {
      throw new FileAlreadyExistsException(path + " is no socket; name another with --control");
    }
    try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      throw new IOException(
          "another espd answers at " + path + "; stop it, or name another socket with --control");
    } catch (ConnectException e) {
      Files.deleteIfExists(path);
    } catch (SocketException e) {
      // Linux refuses a connection to a socket without a listener as ConnectException; whatever
      // else it says, nobody is known to be dead there.
      throw new IOException("cannot tell who owns " + path + ": " + e.getMessage(), e);
    }
  }

  /// Binds in a folder of our own, so that nobody can connect before the mode is set.
  private static ServerSocketChannel bindPrivately(Path path) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    Path folder = Optional.ofNullable(path.getParent()).orElse(path);
    Path privately =
        Files.createTempDirectory(
            folder,
            ".e",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path socket = privately.resolve("s");
    try {
      server.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
      Files.move(socket, path, StandardCopyOption.ATOMIC_MOVE);
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      Files.deleteIfExists(socket);
      throw e;
    } finally {
      Files.deleteIfExists(privately);
    }
  }

  private void accept() {
    while (true) {
      try {
        SocketChannel client = server.accept();
        if (room.tryAcquire()) {
          serve(new PacketChannel(client));
        } else {
          LOG.warn("more than {} clients at {}; one more is sent away", MOST_CLIENTS, path);
          client.close();
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("cannot accept a client at {}: {}", path, e.getMessage());
      }
    }
  }

  private void serve(PacketChannel client) {
    clients.add(client);
    Thread.ofVirtual()
        .name("control-client")
        .start(
            () -> {
              try {
                new Conversation(client, commands, happenings).run();
              } finally {
                clients.remove(client);
                room.release();
              }
            });
  }

  /// Answers nobody any more: closes the socket and every client. Its file stays until [#close()].
  public void deafen() throws IOException {
    server.close();
    for (PacketChannel client : clients) {
      client.close();
    }
  }

  /// Closes the socket and every client, and removes the file: who waits for the daemon's end looks
  /// whether it is there.
  @Override
  public void close() throws IOException {
    deafen();
    Files.deleteIfExists(path);
  }
}
