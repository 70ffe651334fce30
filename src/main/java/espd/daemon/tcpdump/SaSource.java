package espd.daemon.tcpdump;

import espd.daemon.control.ListedSa;
import java.io.IOException;
import java.util.List;

/// A daemon that is asked for its SAs.
@FunctionalInterface
public interface SaSource {

  /// {@return its SAs of now}
  ///
  /// @throws IOException when it does not answer
  List<ListedSa> list() throws IOException;
}
