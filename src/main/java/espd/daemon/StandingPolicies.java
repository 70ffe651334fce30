package espd.daemon;

import espd.daemon.config.ConnectionPolicies;
import espd.daemon.config.Shunt;
import espd.daemon.control.Operations.Outcome;
import espd.ike.Connection;
import espd.spd.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The policies that stand for whole connections, so that packets start these. For one thread at a
/// time.
final class StandingPolicies {

  private final ProtectedTraffic traffic;
  private final Map<String, List<Policy>> byConnection = new LinkedHashMap<>();

  /// @param traffic what is protected
  StandingPolicies(ProtectedTraffic traffic) {
    this.traffic = traffic;
  }

  /// {@return the policies of packets that pass or are dropped without an SA}
  static List<Policy> of(List<Shunt> shunts) {
    return shunts.stream().flatMap(shunt -> ConnectionPolicies.of(shunt).stream()).toList();
  }

  /// Has the policies of some connections stand, then those of others no more: nothing leaves in
  /// the clear between.
  ///
  /// @param gone whose policies go, where they stand
  /// @param fresh whose policies come, unless they stand
  void replace(List<Connection> gone, List<Connection> fresh) {
    List<Policy> old = new ArrayList<>();
    List<Policy> next = new ArrayList<>();
    for (Connection each : gone) {
      Optional.ofNullable(byConnection.remove(each.name())).ifPresent(old::addAll);
    }
    for (Connection each : fresh) {
      next.addAll(added(each));
    }
    traffic.replace(old, next);
  }

  private List<Policy> added(Connection connection) {
    List<Policy> policies = ConnectionPolicies.of(connection);
    return byConnection.putIfAbsent(connection.name(), policies) == null ? policies : List.of();
  }

  /// Has the policies of a connection stand.
  Outcome install(Connection connection) {
    if (ConnectionPolicies.of(connection).isEmpty()) {
      return Outcome.failed(
          "connection '%s' accepts any peer or any address, so no packet can start it"
              .formatted(connection.name()));
    }
    traffic.replace(List.of(), added(connection));
    return Outcome.done("");
  }

  /// Takes the policies of a connection away.
  Outcome uninstall(String connection) {
    List<Policy> policies = byConnection.remove(connection);
    if (policies == null) {
      return Outcome.failed("no policies of '" + connection + "' are installed");
    }
    traffic.replace(policies, List.of());
    return Outcome.done("");
  }

  /// {@return the names of the connections whose policies stand}
  List<String> connections() {
    return List.copyOf(byConnection.keySet());
  }
}
