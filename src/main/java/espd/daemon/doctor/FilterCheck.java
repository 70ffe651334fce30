package espd.daemon.doctor;

import java.util.List;

/// Whether the host can drop what arrives in the clear and must not (RFC 4301 §5.2).
///
/// @param trial of a table with a rule
/// @param table the daemon's, as `nft` names it
/// @param there whether it exists
/// @param daemonRuns whether a daemon answers
record FilterCheck(Tried<Tried.Nothing> trial, String table, boolean there, boolean daemonRuns)
    implements Check {

  private static final String SUBJECT = "nftables";

  @Override
  public List<Finding> findings() {
    return List.of(
        switch (trial) {
          case Tried.Refused<Tried.Nothing>(var why) ->
              Finding.warn(
                  SUBJECT,
                  why.refused()
                      + ": what must be protected and arrives in the clear is let in (RFC 4301"
                      + " §5.2)",
                  why.remedy());
          case Tried.Done<Tried.Nothing> _ -> usable();
        });
  }

  private Finding usable() {
    if (daemonRuns && !there) {
      return Finding.warn(
          SUBJECT,
          "the daemon runs without table ip6 " + table + ": cleartext is let in (RFC 4301 §5.2)",
          "espd status --all says why; a flushed table is back within 10 s");
    }
    if (!daemonRuns && there) {
      return Finding.warn(
          SUBJECT,
          "table ip6 " + table + " was left by a daemon that was killed; it still drops cleartext",
          "start the daemon, or: nft delete table ip6 " + table);
    }
    return Finding.ok(
        SUBJECT,
        there ? "table ip6 " + table + " of the daemon stands" : "takes a table with our rules");
  }
}
