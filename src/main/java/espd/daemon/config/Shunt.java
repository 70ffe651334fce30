package espd.daemon.config;

import espd.spd.Processing;
import espd.spd.Selector;
import java.util.List;

/// Packets that need no SA (RFC 4301 §4.4.1): `type=passthrough`, `type=drop` or `type=reject`.
///
/// @param name of the connection that says so
/// @param selectors the packets, seen from this host
/// @param processing bypass or discard
public record Shunt(String name, List<Selector> selectors, Processing processing) {

  /// Copies the list.
  public Shunt {
    selectors = List.copyOf(selectors);
  }
}
