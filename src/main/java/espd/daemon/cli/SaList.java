package espd.daemon.cli;

import espd.daemon.control.ControlClient;
import espd.daemon.control.ControlClient.Command;
import espd.daemon.control.ListedSa;
import espd.daemon.control.Section;
import espd.daemon.control.Wiretap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The SAs of the daemon, as several commands ask for them.
final class SaList {

  private SaList() {}

  /// {@return every SA of now}
  static List<ListedSa> of(Espd espd) throws IOException {
    List<ListedSa> sas = new ArrayList<>();
    try (ControlClient daemon = UnreachableException.connect(espd.control())) {
      daemon.follow(
          new Command(Wiretap.LIST, Section.EMPTY),
          Wiretap.SA,
          event -> sas.add(ListedSa.from(event)));
    }
    return sas;
  }
}
