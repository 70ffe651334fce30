package espd.ike.pool;

import espd.ike.Identity;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who has which address of one pool. Whoever comes back gets the address it had, as long as no
/// other has needed it. For one thread at a time.
final class Leases {

  /// No more who left are remembered.
  private static final int MOST_REMEMBERED = 1 << 16;

  /// An address in use.
  private static final class Held {
    private final Identity peer;
    private int holders = 1;

    private Held(Identity peer) {
      this.peer = peer;
    }
  }

  private final AddressRange usable;
  private final Map<Ipv6Address, Held> online = new LinkedHashMap<>();

  /// Who left, the one that did so first coming first.
  private final Map<Ipv6Address, Identity> offline = new LinkedHashMap<>();

  private final Map<Identity, Deque<Ipv6Address>> had = new HashMap<>();
  private Optional<Ipv6Address> unused;

  Leases(AddressRange usable) {
    this.usable = usable;
    this.unused = Optional.of(usable.first());
  }

  /// {@return an address for this peer, or nothing when all are in use}
  ///
  /// @param wanted the address it asks for: it is given where nobody else has it, and to a peer
  ///   that has it already once more, for it may be about to leave an IKE SA for another
  Optional<Ipv6Address> lease(Identity peer, Ipv6Address wanted) {
    Held held = online.get(wanted);
    if (held != null && held.peer.equals(peer)) {
      held.holders++;
      return Optional.of(wanted);
    }
    Optional<Ipv6Address> again =
        peer.equals(offline.get(wanted)) ? Optional.of(wanted) : Optional.empty();
    Optional<Ipv6Address> free =
        again
            .or(() -> Optional.ofNullable(had.get(peer)).map(Deque::getFirst))
            .or(() -> isFresh(wanted) ? Optional.of(wanted) : Optional.empty())
            .or(this::nextUnused)
            .or(() -> offline.keySet().stream().findFirst());
    free.ifPresent(
        address -> {
          forget(address);
          online.put(address, new Held(peer));
        });
    return free;
  }

  private boolean isFresh(Ipv6Address address) {
    return usable.contains(address)
        && !online.containsKey(address)
        && !offline.containsKey(address);
  }

  private Optional<Ipv6Address> nextUnused() {
    while (unused.isPresent() && !isFresh(unused.get())) {
      Ipv6Address last = unused.get();
      unused = last.compareTo(usable.last()) < 0 ? Optional.of(Pool.next(last)) : Optional.empty();
    }
    return unused;
  }

  private void forget(Ipv6Address address) {
    Identity peer = offline.remove(address);
    if (peer != null) {
      Deque<Ipv6Address> others = had.getOrDefault(peer, new ArrayDeque<>());
      others.remove(address);
      if (others.isEmpty()) {
        had.remove(peer);
      }
    }
  }

  /// Takes an address back from one of its holders.
  ///
  /// @return whether it was in use
  boolean release(Ipv6Address address) {
    Held held = online.get(address);
    if (held == null) {
      return false;
    }
    held.holders--;
    if (held.holders == 0) {
      online.remove(address);
      offline.put(address, held.peer);
      had.computeIfAbsent(held.peer, p -> new ArrayDeque<>()).addLast(address);
      if (offline.size() > MOST_REMEMBERED) {
        forgetOldest();
      }
    }
    return true;
  }

  private void forgetOldest() {
    Ipv6Address oldest = offline.keySet().iterator().next();
    forget(oldest);
    unused = unused.filter(next -> next.compareTo(oldest) < 0).or(() -> Optional.of(oldest));
  }

  boolean areInUse() {
    return !online.isEmpty();
  }

  List<PoolView.Lease> list() {
    List<PoolView.Lease> all = new ArrayList<>();
    online.forEach((address, held) -> all.add(new PoolView.Lease(address, held.peer, true)));
    offline.forEach((address, peer) -> all.add(new PoolView.Lease(address, peer, false)));
    return all;
  }
}
