package espd.daemon.racoon;

import espd.spd.Ipv6Address;

/// Whom a `remote` is for.
sealed interface RemoteName {

  /// The peer of this address.
  ///
  /// @param address as it is written: of IPv4, too
  record OfAddress(Ipv6Address address) implements RemoteName {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /// Whoever has no other.
  record Anonymous() implements RemoteName {
    @Override
    public String toString() {
      return "anonymous";
    }
  }

  /// The peer of its `remote_address`, or whoever has none.
  record Named(String name) implements RemoteName {
    @Override
    public String toString() {
      return '"' + name + '"';
    }
  }
}
