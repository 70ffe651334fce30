package espd.daemon.doctor;

import java.util.List;

/// Whether the host gives raw sockets of protocol 50 (RFC 4303 §2).
///
/// @param trial of one
record EspSocketCheck(Tried<Tried.Nothing> trial) implements Check {

  private static final String SUBJECT = "raw ESP";

  @Override
  public List<Finding> findings() {
    return List.of(
        switch (trial) {
          case Tried.Done<Tried.Nothing> _ ->
              Finding.ok(SUBJECT, "a raw socket of protocol 50 opens, with a mark");
          case Tried.Refused<Tried.Nothing>(var why) ->
              Finding.refused(Finding.Level.FAIL, SUBJECT, why);
        });
  }
}
