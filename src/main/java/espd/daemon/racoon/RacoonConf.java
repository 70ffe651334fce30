package espd.daemon.racoon;

import espd.daemon.config.Value;
import espd.spd.Ipv6Address;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a `racoon.conf` says, with the files it includes.
///
/// @param paths by kind: `pre_shared_key`, `certificate`, …
/// @param listen the addresses to speak from
/// @param keepAlive how long a NAT before us may hear nothing
/// @param log how much is logged, where it says so
/// @param remotes the last one first, which is taken before an earlier one for the same peer
/// @param sainfos in their order
record RacoonConf(
    Map<String, Value> paths,
    List<Ipv6Address> listen,
    Duration keepAlive,
    Optional<Value> log,
    List<Remote> remotes,
    List<Sainfo> sainfos) {

  RacoonConf {
    paths = Map.copyOf(paths);
    listen = List.copyOf(listen);
    remotes = List.copyOf(remotes);
    sainfos = List.copyOf(sainfos);
  }
}
