package espd.daemon.control;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A client of a control socket, for one thread.
public final class ControlClient implements AutoCloseable {

  private final PacketChannel server;

  private ControlClient(PacketChannel server) {
    this.server = server;
  }

  /// Connects.
  ///
  /// @throws IOException when nobody answers at `path`
  public static ControlClient connect(Path path) throws IOException {
    return new ControlClient(
        new PacketChannel(SocketChannel.open(UnixDomainSocketAddress.of(path))));
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
    Section answer =
        stream(command, OwnCommands.TEXT, part -> part.text("text").ifPresent(text::append));
    if (!answer.text("success").orElse("").equals("yes")) {
      throw new IOException(answer.text("errmsg").orElse("no reason given"));
    }
    return text.toString();
  }

  /// {@return the entries of one of espd's own lists}
  ///
  /// @throws IOException when the daemon goes away or cannot show it
  public List<Section> rows(Command command) throws IOException {
    List<Section> rows = new ArrayList<>();
    stream(command, OwnCommands.ROW, rows::add);
    return rows;
  }

  private Section command(String name, Section request, Consumer<Packet.Event> listener)
      throws IOException {
    server.write(new Packet.CmdRequest(name, request));
    while (true) {
      switch (next()) {
        case Packet.CmdResponse(Section answer) -> {
          return answer;
        }
        case Packet.CmdUnknown() -> throw new IOException("the daemon has no command " + name);
        case Packet.Event event -> listener.accept(event);
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
    return server.read().orElseThrow(() -> new EOFException("the daemon closed the connection"));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
