package espd.daemon.control;

import espd.daemon.keys.KeyLine;
import espd.daemon.keys.KeyLog;
import espd.daemon.keys.Table;
import espd.dataplane.tap.Recording;
import espd.dataplane.tap.Wish;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// What lets people see packets and keys: the daemon, seen from the control socket. All of it is on
/// request only.
public interface Wiretap {

  /// The command that lists every SA of the SAD with its numbers of now.
  String LIST = "espd-sas";

  /// Its events, one an SA: a [ListedSa].
  String SA = "espd-sa";

  /// The command that gives the keys of what stands as lines of `tables`; with `follow` also those
  /// of what comes, until the client leaves.
  String KEYS = "espd-keys";

  /// Its events: [WiretapEvents#line].
  String KEY = "espd-key";

  /// The command that captures packets until it has as many as it was asked for, or its client
  /// leaves.
  String CAPTURE = "espd-capture";

  /// Its events: [WiretapEvents#octets], and at the end of a block [WiretapEvents#progress].
  String CAPTURED = "espd-captured";

  /// Lends the keys of all that stands and of all that comes, until it is closed.
  ///
  /// @param tables whose lines are told
  /// @param lines is told each; must return at once and keep nothing
  KeyLog keys(Set<Table> tables, Consumer<KeyLine> lines);

  /// Has packets copied.
  ///
  /// @return where they go until it is closed; nothing when others are being copied for somebody
  Optional<Recording> record(Wish wish);
}
