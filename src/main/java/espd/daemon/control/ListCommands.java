package espd.daemon.control;

import espd.daemon.control.Snapshot.IkeSa;
import espd.daemon.control.ViciCommand.Events;
import espd.ike.Connection;
import espd.spd.Direction;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Selector;
import espd.spd.SpdEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The commands of vici that stream a list, an event each.
///
/// @param operations the daemon
record ListCommands(Operations operations) {

  static final String LIST_SA = "list-sa";
  static final String LIST_CONN = "list-conn";
  static final String LIST_POLICY = "list-policy";

  Map<String, ViciCommand> commands() {
    return Map.of(
        "list-sas", this::sas,
        "list-conns", this::connections,
        "list-policies", this::policies);
  }

  /// `noblock` asks for what is always so: nobody waits for a negotiation here.
  private Section sas(Section request, Events events) throws IOException {
    SaFilter which = SaFilter.of(request);
    Snapshot snapshot = operations.status();
    ViciSas listing = new ViciSas(snapshot.now());
    for (IkeSa sa : snapshot.ikeSas()) {
      if (which.fits(sa)) {
        List<Snapshot.ChildSa> children =
            sa.children().stream()
                .filter(child -> !which.namesChild() || which.fits(sa, child))
                .toList();
        events.send(LIST_SA, listing.named(sa, listing.withChildren(sa, children)));
      }
    }
    return Section.EMPTY;
  }

  private Section connections(Section request, Events events) throws IOException {
    SaFilter which = SaFilter.of(request);
    Map<String, List<Connection>> byIke = new LinkedHashMap<>();
    for (Snapshot.Configured each : operations.status().connections()) {
      if (which.fits(each.connection().name())) {
        byIke
            .computeIfAbsent(
                ConnectionName.of(each.connection().name()).ike(), ike -> new ArrayList<>())
            .add(each.connection());
      }
    }
    for (Map.Entry<String, List<Connection>> each : byIke.entrySet()) {
      events.send(LIST_CONN, ViciConnections.of(each.getKey(), each.getValue()));
    }
    return Section.EMPTY;
  }

  // --- policies

  private enum Kind {
    TRAP,
    DROP,
    PASS
  }

  /// The policies that stand whatever SAs there are. A request that names no kind means all.
  private Section policies(Section request, Events events) throws IOException {
    SaFilter which = SaFilter.of(request);
    List<String> installed = operations.loading().installed();
    boolean all = List.of("trap", "drop", "pass").stream().noneMatch(kind -> wants(request, kind));
    Map<String, List<Policy>> byName = new LinkedHashMap<>();
    for (SpdEntry entry : operations.spd().reversed()) {
      Policy policy = entry.policy();
      Kind kind = kind(policy);
      boolean stands = kind != Kind.TRAP || installed.contains(policy.connection());
      boolean wanted = all || wants(request, kind.name().toLowerCase(Locale.ROOT));
      if (policy.direction() == Direction.OUTBOUND
          && stands
          && wanted
          && which.fits(policy.connection())) {
        byName.computeIfAbsent(policy.connection(), name -> new ArrayList<>()).add(policy);
      }
    }
    for (Map.Entry<String, List<Policy>> each : byName.entrySet()) {
      events.send(LIST_POLICY, policy(ConnectionName.of(each.getKey()), each.getValue()));
    }
    return Section.EMPTY;
  }

  private static boolean wants(Section request, String kind) {
    return request.text(kind).filter("yes"::equals).isPresent();
  }

  private static Kind kind(Policy policy) {
    return switch (policy.processing()) {
      case Processing.Protect protect -> Kind.TRAP;
      case Processing.Bypass bypass -> Kind.PASS;
      case Processing.Discard discard -> Kind.DROP;
    };
  }

  private static Section policy(ConnectionName name, List<Policy> policies) {
    List<Selector> selectors = policies.stream().map(Policy::selector).toList();
    Policy first = policies.getFirst();
    String mode =
        first.processing() instanceof Processing.Protect protect
            ? protect.mode().name()
            : kind(first).name();
    return Section.builder()
        .section(
            name.ike() + "/" + name.child(),
            Section.builder()
                .text("child", name.child())
                .text("ike", name.ike())
                .text("mode", mode)
                .items("local-ts", ViciSelectors.local(selectors))
                .items("remote-ts", ViciSelectors.remote(selectors))
                .build())
        .build();
  }
}
