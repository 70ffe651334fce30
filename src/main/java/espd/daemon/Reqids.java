package espd.daemon;

import espd.ike.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The reqids of connections that come and go. A file numbers those that it does not set by their
/// order, so another connection before them would change them all; here each keeps its number for
/// as long as its name stands.
final class Reqids {

  /// Those that a file does not set begin here, in steps of four, as pluto's do.
  private static final int FIRST = 16385;

  private static final int STEP = 4;

  private Reqids() {}

  /// {@return `wanted` with reqids that differ, in the same order}
  ///
  /// @param standing whose numbers are kept
  static List<Connection> settled(List<Connection> wanted, Collection<Connection> standing) {
    Map<String, Integer> kept = new HashMap<>();
    standing.forEach(each -> kept.put(each.name(), each.reqid()));
    Set<Integer> used = new HashSet<>();
    for (Connection each : wanted) {
      if (!isNumbered(each.reqid())) {
        used.add(each.reqid());
      } else if (isNumbered(kept.getOrDefault(each.name(), 0))) {
        used.add(kept.get(each.name()));
      }
    }
    List<Connection> settled = new ArrayList<>();
    for (Connection each : wanted) {
      int before = kept.getOrDefault(each.name(), 0);
      if (!isNumbered(each.reqid())) {
        settled.add(each);
      } else if (isNumbered(before)) {
        settled.add(each.withReqid(before));
      } else {
        int next = each.reqid();
        while (!used.add(next)) {
          next += STEP;
        }
        settled.add(each.withReqid(next));
      }
    }
    return settled;
  }

  /// {@return whether a number is one that files give by themselves}
  private static boolean isNumbered(int reqid) {
    return reqid >= FIRST && (reqid - FIRST) % STEP == 0;
  }
}
