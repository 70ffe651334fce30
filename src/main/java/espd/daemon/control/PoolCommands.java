package espd.daemon.control;

import espd.daemon.config.ConfigException;
import espd.daemon.config.PoolReader;
import espd.ike.pool.PoolView;
import espd.ike.pool.Pools;
import java.util.Map;
import java.util.Optional;

/// The commands of vici that show and change the addresses that peers get.
///
/// @param pools the addresses
record PoolCommands(Pools pools) {

  Map<String, ViciCommand> commands() {
    return Map.of(
        "load-pool", (request, events) -> load(request),
        "unload-pool", (request, events) -> unload(request),
        "get-pools", (request, events) -> pools(request));
  }

  private Section load(Section request) {
    if (request.nodes().size() != 1) {
      return ViciAnswers.refusal("read " + request.nodes().size() + " pools, expected one");
    }
    String name = request.nodes().keySet().iterator().next();
    Section pool = request.section(name).orElse(Section.EMPTY);
    try {
      return answer(pools.load(PoolReader.read(name, pool.keys())));
    } catch (ConfigException e) {
      return ViciAnswers.refusal(String.valueOf(e.getMessage()));
    }
  }

  private Section unload(Section request) {
    return request
        .text("name")
        .map(name -> answer(pools.unload(name)))
        .orElseGet(() -> ViciAnswers.refusal("missing pool name"));
  }

  private static Section answer(Optional<String> refusal) {
    return refusal.map(ViciAnswers::refusal).orElse(ViciAnswers.SUCCESS);
  }

  private Section pools(Section request) {
    boolean leases = request.text("leases").filter("yes"::equals).isPresent();
    Section.Builder all = Section.builder();
    for (PoolView view : pools.list()) {
      if (request.text("name").map(view.pool().name()::equals).orElse(true)) {
        all.section(view.pool().name(), pool(view, leases));
      }
    }
    return all.build();
  }

  private static Section pool(PoolView view, boolean withLeases) {
    Section.Builder pool =
        Section.builder()
            .text("base", view.pool().addresses().first())
            .text("size", view.size())
            .text("online", view.online())
            .text("offline", view.offline());
    if (withLeases) {
      Section.Builder leases = Section.builder();
      int number = 0;
      for (PoolView.Lease lease : view.leases()) {
        leases.section(
            String.valueOf(number++),
            Section.builder()
                .text("address", lease.address())
                .text("identity", lease.peer())
                .text("status", lease.online() ? "online" : "offline")
                .build());
      }
      pool.section("leases", leases.build());
    }
    return pool.build();
  }
}
