package espd.daemon.control;

import espd.daemon.keys.KeyLine;
import espd.daemon.keys.KeyLog;
import espd.daemon.keys.Table;
import espd.dataplane.tap.Recording;
import espd.dataplane.tap.Wish;
import espd.ike.driver.StandingKeys;
import espd.spd.Sa;
import espd.spd.Sadb;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/// The keys of some SAs; packets of the connection `net`, of which there are none, and no others:
/// somebody else copies them.
///
/// @param sad the SAs
record FakeWiretap(List<Sa> sad) implements Wiretap {

  @Override
  public KeyLog keys(Set<Table> tables, Consumer<KeyLine> lines) {
    Sadb sadb = new Sadb(InstantSource.system(), new Random(1));
    sad.reversed().forEach(sadb::install);
    return KeyLog.start(new KeyLog.Source(sadb, new StandingKeys()), tables, lines);
  }

  @Override
  public Optional<Recording> record(Wish wish) {
    return wish.connection().filter("net"::equals).map(net -> new Recording(wish, () -> {}));
  }
}
