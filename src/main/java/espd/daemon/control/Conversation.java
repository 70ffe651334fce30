package espd.daemon.control;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client of the control socket: its requests one after the other, and the events it asked for.
/// Runs in the client's own thread.
final class Conversation implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

  private final PacketChannel client;
  private final ViciCommands commands;
  private final Narration narration;
  private final Set<String> registered = ConcurrentHashMap.newKeySet();

  /// @param happenings what the client may want to hear of
  Conversation(PacketChannel client, ViciCommands commands, Happenings happenings) {
    this.client = client;
    this.commands = commands;
    this.narration = new Narration(client, happenings, registered);
  }

  @Override
  public void run() {
    try (client;
        narration) {
      Optional<Packet> packet = client.read();
      while (packet.isPresent()) {
        answer(packet.get());
        packet = client.read();
      }
    } catch (IOException e) {
      LOG.debug("a client of the control socket is gone: {}", e.getMessage());
    }
  }

  private void answer(Packet packet) throws IOException {
    switch (packet) {
      case Packet.CmdRequest(String name, Section request) -> client.write(done(name, request));
      case Packet.EventRegister(String name) -> client.write(register(name, this::listen));
      case Packet.EventUnregister(String name) -> client.write(register(name, registered::remove));
      case Packet.CmdResponse _,
          Packet.CmdUnknown _,
          Packet.EventConfirm _,
          Packet.EventUnknown _,
          Packet.Event _ ->
          throw new MalformedPacketException("a client that answers: " + packet);
    }
  }

  private static Packet register(String name, Consumer<String> change) {
    if (!ViciCommands.isEvent(name)) {
      return new Packet.EventUnknown();
    }
    change.accept(name);
    return new Packet.EventConfirm();
  }

  private void listen(String name) {
    registered.add(name);
    if (ViciEvent.NAMES.contains(name)) {
      narration.begin();
    }
  }

  private Packet done(String name, Section request) throws IOException {
    Optional<ViciCommand> command = commands.named(name);
    if (command.isEmpty()) {
      return new Packet.CmdUnknown();
    }
    try {
      return new Packet.CmdResponse(command.get().perform(request, this::event));
    } catch (RuntimeException e) {
      LOG.error("command {} of the control socket failed", name, e);
      return new Packet.CmdResponse(ViciAnswers.refusal("internal error: " + e));
    }
  }

  private boolean event(String name, Section message) throws IOException {
    boolean wanted = registered.contains(name);
    if (wanted) {
      client.write(new Packet.Event(name, message));
    }
    return wanted;
  }
}
