package espd.daemon.lint;

import espd.daemon.config.Configuration;
import espd.ike.Connection;
import espd.spd.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Connections that want the same packets. One whose packets are all another's is asked first and
/// is no mistake; where each has packets of its own besides, or both the same, the order of the
/// file decides (RFC 4301 §4.4.1).
record Overlaps() implements Lint {

  @Override
  public Stream<Remark> remarks(Configuration configuration) {
    List<Connection> all = configuration.connections();
    List<Remark> remarks = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size(); j++) {
        overlap(all.get(i), all.get(j), remarks);
      }
    }
    return remarks.stream();
  }

  private static void overlap(Connection first, Connection second, List<Remark> remarks) {
    for (Selector one : first.selectors()) {
      for (Selector other : second.selectors()) {
        boolean narrower = one.contains(other) != other.contains(one);
        if (!narrower && one.intersect(other).isPresent()) {
          remarks.add(
              new Remark(
                  second.name(),
                  "wants the packets "
                      + one.intersect(other).get()
                      + " that connection "
                      + first.name()
                      + " wants too: whichever SA comes first has them; give each its own subnets"
                      + " or ports"));
          return;
        }
      }
    }
  }
}
