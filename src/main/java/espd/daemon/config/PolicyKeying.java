package espd.daemon.config;

import espd.daemon.setkey.SetkeyPolicy;
import espd.daemon.setkey.Ties;
import espd.ike.Connection;
import espd.spd.Ipv6Address;
import java.util.List;

/// Makes connections for setkey's policies, which say what is protected but not how its SAs are
/// negotiated: that is what racoon.conf is for. For any thread.
@FunctionalInterface
public interface PolicyKeying {

  /// Without such a file: SAs are added by hand, or other files have their connections.
  PolicyKeying NONE = (policies, ties) -> new Keyed(List.of(), List.of());

  /// What policies are negotiated by.
  ///
  /// @param connections with the numbers of their policies
  /// @param warnings what is used, but not quite as the files say
  record Keyed(List<Connection> connections, List<Warning> warnings) {

    /// Copies the lists.
    public Keyed {
      connections = List.copyOf(connections);
      warnings = List.copyOf(warnings);
    }
  }

  /// {@return the connections that negotiate the SAs of these policies}
  ///
  /// @param ties the numbers that tie policies to SAs
  Keyed of(List<SetkeyPolicy> policies, Ties ties);

  /// {@return further addresses to speak from: for policies that come later}
  default List<Ipv6Address> listening() {
    return List.of();
  }
}
