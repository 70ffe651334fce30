package espd.daemon.config;

import espd.ike.pool.Pool;
import espd.spd.Ipv6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A pool in the words of `swanctl.conf`, from such a file or from vici's `load-pool`.
public final class PoolReader {

  private final String name;
  private final SwanctlKeys keys;
  private final Findings findings;

  PoolReader(String name, SwanctlKeys keys, Findings findings) {
    this.name = name;
    this.keys = keys;
    this.findings = findings;
  }

  /// Reads a pool.
  ///
  /// @param name of the pool
  /// @param keys by name
  /// @throws ConfigException with every reason why it cannot be used, each with the key's full name
  public static Pool read(String name, Map<String, List<String>> keys) throws ConfigException {
    return SwanctlKeys.read(
        "pools." + name, keys, (read, findings) -> new PoolReader(name, read, findings).read());
  }

  Pool read() throws Unreadable {
    SwanctlKey.report(SwanctlKey.Section.POOL, keys, findings);
    Optional<Value> addresses = keys.value("addrs");
    if (addresses.isEmpty()) {
      throw new Unreadable(keys.place("addrs"), "no addresses", "addrs = 2001:db8:9::/64");
    }
    List<Ipv6Address> dns = new ArrayList<>();
    for (Value value : keys.value("dns").map(each -> each.split(",")).orElse(List.of())) {
      dns.add(address(value));
    }
    try {
      return new Pool(name, Pool.parse(addresses.get().text()).addresses(), dns);
    } catch (IllegalArgumentException e) {
      throw new Unreadable(addresses.get(), "addresses to give, as 2001:db8:9::/64");
    }
  }

  private static Ipv6Address address(Value value) throws Unreadable {
    try {
      return Ipv6Address.parse(value.text());
    } catch (IllegalArgumentException e) {
      throw new Unreadable(value, "an address, as 2001:db8:9::1");
    }
  }
}
