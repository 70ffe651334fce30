package espd.ike.driver;

import espd.spd.Ipv6Address;
import java.util.List;
import java.util.Optional;

/// Where this host is in the outer network. Asked on the event loop; answers at once.
public interface Whereabouts {

  /// A host that is where it is and stays there.
  Whereabouts STILL =
      new Whereabouts() {
        @Override
        public boolean isHere(Ipv6Address local) {
          return true;
        }

        @Override
        public Optional<Ipv6Address> sourceTowards(Ipv6Address remote) {
          return Optional.empty();
        }

        @Override
        public List<Ipv6Address> besides(Ipv6Address local) {
          return List.of();
        }
      };

  /// {@return whether the host still has this address, and the link that it is of}
  boolean isHere(Ipv6Address local);

  /// {@return the address that packets to a peer leave with now, at which ESP and IKE arrive by the
  /// time this returns; nothing while there is no way to it}
  ///
  /// @param remote the peer's address
  Optional<Ipv6Address> sourceTowards(Ipv6Address remote);

  /// {@return the other addresses of the host that are valid where this one is, at which ESP and
  /// IKE arrive by the time this returns}
  List<Ipv6Address> besides(Ipv6Address local);
}
