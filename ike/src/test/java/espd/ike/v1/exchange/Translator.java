package espd.ike.v1.exchange;

import espd.ike.Datagram;
import espd.spd.Ipv6Address;
import java.util.Optional;

/// The network between two peers, with a NAT before one of them or without.
///
/// @param inside the address of the peer behind the NAT
/// @param outside what the NAT makes of it; its ports become higher by 10 000
record Translator(Ipv6Address inside, Optional<Ipv6Address> outside) {

  private static final int PORTS = 10_000;

  /// {@return a datagram as it arrives}
  Datagram arriving(Datagram d) {
    boolean leaves = outside.isPresent() && d.local().equals(inside);
    boolean enters = outside.filter(d.remote()::equals).isPresent();
    return new Datagram(
        /* local= */ enters ? inside : d.remote(),
        /* localPort= */ enters ? d.remotePort() - PORTS : d.remotePort(),
        /* remote= */ leaves ? outside.get() : d.local(),
        /* remotePort= */ leaves ? d.localPort() + PORTS : d.localPort(),
        d.payload().clone());
  }
}
