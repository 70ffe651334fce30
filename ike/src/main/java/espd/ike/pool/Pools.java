package espd.ike.pool;

import espd.ike.Identity;
import espd.spd.Ipv6Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The pools that there are: those of files, those loaded by name, and those that connections name
/// by their addresses alone, which come to be when the first peer asks. Connections that name the
/// same pool share it. Any thread.
public final class Pools {

  /// More pools than this are not kept.
  private static final int MOST = 4096;

  private record Entry(Pool pool, Leases leases, Origin origin) {

    /// {@return whether `next` would take addresses away that somebody has}
    boolean hinders(Pool next) {
      return !pool.addresses().equals(next.addresses()) && leases.areInUse();
    }

    /// {@return `next` in its place, with its leases where the addresses are the same}
    Entry become(Pool next, Origin from) {
      boolean same = pool.addresses().equals(next.addresses());
      return new Entry(next, same ? leases : new Leases(next.usable()), from);
    }
  }

  private enum Origin {
    /// A file.
    FILE,
    /// A command.
    COMMAND,
    /// A connection, which names addresses.
    CONNECTION,
    /// A file of before: it gives nothing any more, and goes when all of it is back.
    NOTHING
  }

  private final Map<String, Entry> byName = new LinkedHashMap<>();

  /// Has the pools of files be these, in place of those of the files before. A pool that is there
  /// no more gives no addresses, and is forgotten when it has got back those that it gave.
  ///
  /// @return why not, where it cannot be; all is as it was then
  public synchronized Optional<String> read(List<Pool> pools) {
    for (Pool pool : pools) {
      Entry before = byName.get(pool.name());
      if (before != null && before.hinders(pool)) {
        return Optional.of(inUse(pool.name()));
      }
    }
    byName.replaceAll((name, entry) -> entry.origin == Origin.FILE ? retired(entry) : entry);
    pools.forEach(pool -> put(pool, Origin.FILE));
    byName.values().removeIf(Pools::isDone);
    return Optional.empty();
  }

  private static Entry retired(Entry entry) {
    return new Entry(entry.pool, entry.leases, Origin.NOTHING);
  }

  private static boolean isDone(Entry entry) {
    return entry.origin == Origin.NOTHING && !entry.leases.areInUse();
  }

  private void put(Pool pool, Origin origin) {
    Entry before = byName.get(pool.name());
    byName.put(
        pool.name(),
        before == null
            ? new Entry(pool, new Leases(pool.usable()), origin)
            : before.become(pool, origin));
  }

  private static String inUse(String name) {
    return "pool '" + name + "' has addresses in use";
  }

  /// Adds a pool, or replaces the one of its name. Its leases stay where its addresses do.
  ///
  /// @return why not, where it cannot be
  public synchronized Optional<String> load(Pool pool) {
    Entry before = byName.get(pool.name());
    if (before != null && before.origin == Origin.FILE) {
      return Optional.of("pool '" + pool.name() + "' stands in a file");
    }
    if (before != null && before.hinders(pool)) {
      return Optional.of(inUse(pool.name()));
    }
    if (before == null && byName.size() >= MOST) {
      return Optional.of("more than " + MOST + " pools; unload one");
    }
    put(pool, Origin.COMMAND);
    return Optional.empty();
  }

  /// Removes a pool that was loaded.
  ///
  /// @return why not, where it cannot be
  public synchronized Optional<String> unload(String name) {
    Entry entry = byName.get(name);
    if (entry == null || entry.origin != Origin.COMMAND) {
      return Optional.of("no pool named '" + name + "' is loaded");
    }
    if (entry.leases.areInUse()) {
      return Optional.of(inUse(name));
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
      return Optional.ofNullable(entry).filter(each -> each.origin != Origin.NOTHING);
    }
    try {
      Pool pool = Pool.parse(name);
      byName.put(name, new Entry(pool, new Leases(pool.usable()), Origin.CONNECTION));
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
          byName.values().removeIf(Pools::isDone);
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
