package espd.ike.pool;

import espd.ike.Identity;
import espd.spd.Ipv6Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The pools that there are: those loaded by name, and those that connections name by their
/// addresses alone, which come to be when the first peer asks. Connections that name the same pool
/// share it. Any thread.
public final class Pools {

  /// More pools than this are not kept.
  private static final int MOST = 4096;

  private record Entry(Pool pool, Leases leases, boolean loaded) {}

  private final Map<String, Entry> byName = new LinkedHashMap<>();

  /// Adds a pool, or replaces the one of its name. Its leases stay where its addresses do.
  ///
  /// @return why not, where it cannot be
  public synchronized Optional<String> load(Pool pool) {
    Entry before = byName.get(pool.name());
    if (before != null && before.pool.addresses().equals(pool.addresses())) {
      byName.put(pool.name(), new Entry(pool, before.leases, true));
      return Optional.empty();
    }
    if (before != null && before.leases.areInUse()) {
      return Optional.of("pool '" + pool.name() + "' has addresses in use");
    }
    if (before == null && byName.size() >= MOST) {
      return Optional.of("more than " + MOST + " pools; unload one");
    }
    byName.put(pool.name(), new Entry(pool, new Leases(pool.usable()), true));
    return Optional.empty();
  }

  /// Removes a pool that was loaded.
  ///
  /// @return why not, where it cannot be
  public synchronized Optional<String> unload(String name) {
    Entry entry = byName.get(name);
    if (entry == null || !entry.loaded) {
      return Optional.of("no pool named '" + name + "' is loaded");
    }
    if (entry.leases.areInUse()) {
      return Optional.of("pool '" + name + "' has addresses in use");
    }
    byName.remove(name);
    return Optional.empty();
  }

  /// An address that a peer got.
  ///
  /// @param pool it came from
  /// @param address it is
  public record Leased(Pool pool, Ipv6Address address) {}

  /// {@return an address for a peer from the first of these pools that has one}
  ///
  /// @param names of the pools
  /// @param peer who asks: it gets what it had last time, where that is free
  /// @param wanted what it asks for: an address, or any of a family
  public synchronized Optional<Leased> lease(
      List<String> names, Identity peer, Ipv6Address wanted) {
    for (String name : names) {
      Optional<Entry> entry = entry(name);
      if (entry.isPresent() && entry.get().pool.isIpv4() == wanted.isIpv4()) {
        Optional<Ipv6Address> address = entry.get().leases.lease(peer, wanted);
        if (address.isPresent()) {
          return Optional.of(new Leased(entry.get().pool, address.get()));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Entry> entry(String name) {
    Entry entry = byName.get(name);
    if (entry != null || byName.size() >= MOST) {
      return Optional.ofNullable(entry);
    }
    try {
      Pool pool = Pool.parse(name);
      byName.put(name, new Entry(pool, new Leases(pool.usable()), false));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // it is the name of a pool that is not loaded
    }
    return Optional.ofNullable(byName.get(name));
  }

  /// Takes addresses back from who has them.
  ///
  /// @param names of the pools they may have come from
  public synchronized void release(List<String> names, List<Ipv6Address> addresses) {
    for (Ipv6Address address : addresses) {
      for (String name : names) {
        Entry entry = byName.get(name);
        if (entry != null && entry.leases.release(address)) {
          break;
        }
      }
    }
  }

  /// {@return the pools, in the order in which they came}
  public synchronized List<PoolView> list() {
    List<PoolView> views = new ArrayList<>();
    for (Entry entry : byName.values()) {
      Ipv6Address first = entry.pool.usable().first();
      Ipv6Address last = entry.pool.usable().last();
      long between = last.low() - first.low();
      boolean many = first.high() != last.high() || between < 0 || between == Long.MAX_VALUE;
      views.add(new PoolView(entry.pool, many ? Long.MAX_VALUE : between + 1, entry.leases.list()));
    }
    return views;
  }
}
