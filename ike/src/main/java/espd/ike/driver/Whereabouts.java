package espd.ike.driver;

import espd.spd.Ipv6Address;
import java.util.Optional;

/// Where this host is in the outer network. Asked on the event loop; answers at once.
public interface Whereabouts {

  /// {@return whether the host still has this address}
  boolean isHere(Ipv6Address local);

  /// {@return the address that packets to a peer leave with now, at which ESP and IKE arrive by the
  /// time this returns; nothing while there is no way to it}
  ///
  /// @param remote the peer's address
  Optional<Ipv6Address> sourceTowards(Ipv6Address remote);
}
