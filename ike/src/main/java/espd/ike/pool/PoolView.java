package espd.ike.pool;

import espd.ike.Identity;
import espd.spd.Ipv6Address;
import java.util.List;

/// A pool as it was when [Pools#list()] was asked.
///
/// @param pool its addresses
/// @param size how many there are to give; [Long#MAX_VALUE] stands for more
/// @param leases who has, or last had, which of them
public record PoolView(Pool pool, long size, List<Lease> leases) {

  /// Copies the list.
  public PoolView {
    leases = List.copyOf(leases);
  }

  /// An address that somebody has or had.
  ///
  /// @param address which
  /// @param peer who
  /// @param online whether it is in use
  public record Lease(Ipv6Address address, Identity peer, boolean online) {}

  /// {@return how many addresses are in use}
  public long online() {
    return leases.stream().filter(Lease::online).count();
  }

  /// {@return how many are kept for who had them}
  public long offline() {
    return leases.size() - online();
  }
}
