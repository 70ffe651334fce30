package espd.daemon.control;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// A client of a control socket, for one thread. It waits for a daemon that says nothing no longer
/// than [Patience] says, and tells then what to do.
public final class ControlClient implements AutoCloseable {

  /// How long a daemon may say nothing.
  ///
  /// @param usual in the midst of a command
  /// @param negotiating in the midst of one that waits for a peer: longer than between two
  ///   retransmissions, each of which is told
  record Patience(Duration usual, Duration negotiating) {

    static final Patience STANDARD = new Patience(Duration.ofSeconds(30), Duration.ofMinutes(3));

    Duration of(String command) {
      return NEGOTIATING.contains(command) ? negotiating : usual;
    }
  }

  /// What waits for a peer: `up`, swanctl's and whack's words for it.
  private static final Set<String> NEGOTIATING = Set.of("initiate", "espd-whack");

  private final PacketChannel server;
  private final Patience patience;

  private ControlClient(PacketChannel server, Patience patience) {
    this.server = server;
    this.patience = patience;
    server.patience(patience.usual());
  }

  /// Connects.
  ///
  /// @throws IOException when nobody answers at `path`
  public static ControlClient connect(Path path) throws IOException {
    return connect(path, Patience.STANDARD);
  }

  static ControlClient connect(Path path, Patience patience) throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
    return new ControlClient(PacketChannel.patient(channel), patience);
  }

  /// Has a command done.
  ///
  /// @return its answer
  /// @throws IOException when the daemon goes away, or knows no such command
  public Section command(String name, Section request) throws IOException {
    return command(name, request, _ -> {});
  }

  /// Has a command done whose events stream before its answer.
  ///
  /// @param event they are named by
  /// @param listener is told each while this call lasts
  /// @return its answer
  /// @throws IOException when the daemon goes away, or knows no such command or event
  public Section stream(Command command, String event, Consumer<Section> listener)
      throws IOException {
    confirm(new Packet.EventRegister(event));
    Section answer =
        command(
            command.name(),
            command.request(),
            each -> {
              if (each.name().equals(event)) {
                listener.accept(each.message());
              }
            });
    confirm(new Packet.EventUnregister(event));
    return answer;
  }

  /// Has a command done that may go on for ever, until its follower has enough; nothing more can be
  /// had of this client then.
  ///
  /// @param event its events are named by
  /// @param follower is told each while this call lasts
  /// @return its answer, where it ended by itself
  /// @throws IOException as [#stream], and what the follower throws
  public Optional<Section> follow(Command command, String event, Follower follower)
      throws IOException {
    confirm(new Packet.EventRegister(event));
    request(command.name(), command.request());
    return answer(
        command.name(), each -> !each.name().equals(event) || follower.wantsMore(each.message()));
  }

  /// Is told events until it has enough, or the daemon ends; nothing more can be had of this client
  /// then.
  ///
  /// @param names of the events
  /// @param listener is told each while this call lasts
  /// @throws IOException when the daemon has no such events
  public void listen(List<String> names, Listener listener) throws IOException {
    for (String name : names) {
      confirm(new Packet.EventRegister(name));
    }
    server.patience(Duration.ZERO); // nothing may happen for long
    Optional<Packet> next = server.read();
    while (next.isPresent()
        && (!(next.get() instanceof Packet.Event(String name, Section message))
            || listener.wantsMore(name, message))) {
      next = server.read();
    }
  }

  /// Is told events of several names.
  @FunctionalInterface
  public interface Listener {

    /// {@return whether it is to go on after this event}
    boolean wantsMore(String name, Section message);
  }

  /// Is told the events of a command that goes on.
  @FunctionalInterface
  public interface Follower {

    /// {@return whether it is to go on after this event}
    ///
    /// @throws IOException when what it does with the event fails; that ends it too
    boolean wantsMore(Section message) throws IOException;
  }

  /// A command and what is said with it.
  ///
  /// @param name of the command
  /// @param request what is said with it
  public record Command(String name, Section request) {}

  /// {@return the text that one of espd's own commands shows}
  ///
  /// @throws IOException when the daemon goes away or cannot show it
  public String text(Command command) throws IOException {
    StringBuilder text = new StringBuilder();
    text(command, text::append);
    return text.toString();
  }

  /// Has a command done that shows a text.
  ///
  /// @param shown is given each part as it comes
  /// @return its answer
  /// @throws IOException when the daemon goes away or cannot show it
  public Section text(Command command, Consumer<String> shown) throws IOException {
    return requireDone(
        stream(command, OwnCommands.TEXT, part -> part.text("text").ifPresent(shown)));
  }

  /// Looks whether a command was done.
  ///
  /// @param answer of the daemon
  /// @return the answer
  /// @throws IOException when it was not, in the daemon's words
  public static Section requireDone(Section answer) throws IOException {
    if (!answer.text("success").orElse("").equals("yes")) {
      throw new IOException(answer.text("errmsg").orElse("no reason given"));
    }
    return answer;
  }

  /// {@return the entries of one of espd's own lists}
  ///
  /// @throws IOException when the daemon goes away or cannot show it
  public List<Section> rows(Command command) throws IOException {
    List<Section> rows = new ArrayList<>();
    requireDone(stream(command, ViciAnswers.ROW, rows::add));
    return rows;
  }

  private Section command(String name, Section request, Consumer<Packet.Event> listener)
      throws IOException {
    request(name, request);
    return answer(
            name,
            event -> {
              listener.accept(event);
              return true;
            })
        .orElseThrow();
  }

  private void request(String name, Section request) throws IOException {
    server.patience(patience.of(name));
    try {
      server.write(new Packet.CmdRequest(name, request));
    } catch (SocketTimeoutException e) {
      throw silence(e);
    }
  }

  private static IOException silence(SocketTimeoutException e) {
    return new IOException(
        "the daemon says "
            + e.getMessage()
            + " and may hang; see its log (journalctl -u espd), and start it again (systemctl"
            + " restart espd)",
        e);
  }

  private interface EventListener {
    boolean wantsMore(Packet.Event event) throws IOException;
  }

  private Optional<Section> answer(String name, EventListener listener) throws IOException {
    while (true) {
      switch (next()) {
        case Packet.CmdResponse(Section answer) -> {
          return Optional.of(answer);
        }
        case Packet.CmdUnknown() -> throw new IOException("the daemon has no command " + name);
        case Packet.Event event -> {
          if (!listener.wantsMore(event)) {
            return Optional.empty();
          }
        }
        case Packet.CmdRequest _,
            Packet.EventRegister _,
            Packet.EventUnregister _,
            Packet.EventConfirm _,
            Packet.EventUnknown _ ->
            throw new MalformedPacketException("no answer to the command " + name);
      }
    }
  }

  private void confirm(Packet registration) throws IOException {
    server.write(registration);
    while (true) {
      switch (next()) {
        case Packet.EventConfirm() -> {
          return;
        }
        case Packet.Event _ -> {}
        case Packet.EventUnknown() -> throw new IOException("the daemon has no such events");
        case Packet.CmdRequest _,
            Packet.CmdResponse _,
            Packet.CmdUnknown _,
            Packet.EventRegister _,
            Packet.EventUnregister _ ->
            throw new MalformedPacketException("no answer to a registration");
      }
    }
  }

  private Packet next() throws IOException {
    try {
      return server.read().orElseThrow(() -> new EOFException("the daemon closed the connection"));
    } catch (SocketTimeoutException e) {
      throw silence(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
