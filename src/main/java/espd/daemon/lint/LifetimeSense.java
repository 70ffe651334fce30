package espd.daemon.lint;

import espd.daemon.config.Configuration;
import espd.ike.Connection;
import espd.ike.Connection.Rekeying;
import espd.ike.IkeVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Lifetimes that can be used but make no sense together, and SAs that look back on no number.
record LifetimeSense() implements Lint {

  private static final Duration SHORT = Duration.ofMinutes(5);
  private static final Duration LONG = Duration.ofHours(24);

  @Override
  public Stream<Remark> remarks(Configuration configuration) {
    return configuration.connections().stream().flatMap(LifetimeSense::remarks);
  }

  private static Stream<Remark> remarks(Connection connection) {
    List<String> texts = new ArrayList<>();
    Rekeying ike = connection.ikeLifetime();
    Rekeying child = connection.childLifetime();
    // In IKEv1 IPsec SAs outlive the ISAKMP SA that they come from.
    if (connection.version() instanceof IkeVersion.Two
        && child.lifetime().compareTo(ike.lifetime()) > 0) {
      texts.add(
          ("lifetime=%ds outlives ikelifetime=%ds, which ends its SAs: make ikelifetime= the"
                  + " longer one")
              .formatted(child.lifetime().toSeconds(), ike.lifetime().toSeconds()));
    }
    if (child.lifetime().compareTo(SHORT) < 0) {
      texts.add(
          "lifetime=%ds negotiates anew every few minutes; an hour is usual"
              .formatted(child.lifetime().toSeconds()));
    }
    if (child.lifetime().compareTo(LONG) > 0) {
      texts.add(
          "lifetime=%ds keeps a key for more than a day; an hour is usual"
              .formatted(child.lifetime().toSeconds()));
    }
    if (!child.rekey() || !ike.rekey()) {
      texts.add("rekey=no: its SAs end without a successor, and traffic stops until the next one");
    }
    if (connection.replayWindow() == 0) {
      texts.add(
          "replay_window=0 takes every packet as often as somebody sends it (RFC 4303 §3.4.3)");
    }
    return texts.stream().map(text -> new Remark(connection.name(), text));
  }
}
