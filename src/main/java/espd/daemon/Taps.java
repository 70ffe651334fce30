package espd.daemon;

import espd.daemon.control.Wiretap;
import espd.daemon.keys.KeyLine;
import espd.daemon.keys.KeyLog;
import espd.daemon.keys.Table;
import espd.dataplane.DataPlane;
import espd.dataplane.tap.Recording;
import espd.dataplane.tap.Wish;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Packets and keys of this daemon, for those who ask at its socket.
///
/// @param keys where keys come from
/// @param dataPlane where packets pass
record Taps(KeyLog.Source keys, DataPlane dataPlane) implements Wiretap {

  @Override
  public KeyLog keys(Set<Table> tables, Consumer<KeyLine> lines) {
    return KeyLog.start(keys, tables, lines);
  }

  @Override
  public Optional<Recording> record(Wish wish) {
    return dataPlane.record(wish);
  }
}
