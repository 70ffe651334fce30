package espd.daemon.cli;

import espd.daemon.control.ControlClient;
import espd.daemon.control.ControlClient.Command;
import espd.daemon.control.Section;
import espd.daemon.control.Wiretap;
import espd.daemon.control.WiretapEvents;
import espd.daemon.keys.KeyLine;
import espd.daemon.keys.Table;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// The keys that a daemon gives to its socket's owner.
///
/// @param espd says where it answers
/// @param tables whose lines are wanted
record KeyRequest(Espd espd, Set<Table> tables) {

  /// Takes a line, which is wiped behind it.
  @FunctionalInterface
  interface Taker {
    void take(KeyLine line) throws IOException;
  }

  /// Gives `taker` the keys of all that stands.
  void copy(Taker taker) throws IOException {
    try (ControlClient daemon = UnreachableException.connect(espd.control())) {
      told(daemon.follow(command(false), Wiretap.KEY, event -> take(event, taker)));
    }
  }

  /// Gives `taker` the keys of all that stands and of all that comes.
  ///
  /// @param daemon may be closed by another thread when it is enough
  /// @param goesOn asked a few times a second
  void follow(ControlClient daemon, Taker taker, BooleanSupplier goesOn) throws IOException {
    told(
        daemon.follow(
            command(true), Wiretap.KEY, event -> take(event, taker) && goesOn.getAsBoolean()));
  }

  private static void told(Optional<Section> answer) throws IOException {
    if (answer.isPresent()) {
      ControlClient.requireDone(answer.get());
    }
  }

  private Command command(boolean follows) {
    List<String> names = tables.stream().map(Table::name).toList();
    Section.Builder request = Section.builder().items("tables", names);
    if (follows) {
      request.text("follow", "yes");
    }
    return new Command(Wiretap.KEYS, request.build());
  }

  private static boolean take(Section event, Taker taker) throws IOException {
    Optional<KeyLine> line = WiretapEvents.line(event);
    if (line.isPresent()) {
      try (KeyLine each = line.get()) {
        taker.take(each);
      }
    }
    return true;
  }
}
