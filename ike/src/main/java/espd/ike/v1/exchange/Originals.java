package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.crypto.Role;
import espd.ike.message.Bytes;
import espd.ike.v1.message.IdType;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.NatOa;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.OriginalAddresses;
import java.util.List;
import java.util.Optional;

/// NAT-OAi and NAT-OAr of quick mode: the two ends of transport mode as each host sees them, for
/// the checksums that NATs make wrong (RFC 3947 §5.2).
final class Originals {

  private static final int BOTH = 2;

  private Originals() {}

  /// {@return what we tell the peer, where ESP in transport mode goes in UDP}
  static List<NatOa> payloads(IsakmpSa sa, Connection connection, Role role) {
    if (connection.mode() != Mode.TRANSPORT || !sa.encapsulates() || sa.path().local().isIpv4()) {
      return List.of();
    }
    NatOa local = new NatOa(IdType.IPV6_ADDR, Bytes.of(sa.path().local().octets()));
    NatOa remote = new NatOa(IdType.IPV6_ADDR, Bytes.of(sa.path().remote().octets()));
    return role == Role.INITIATOR ? List.of(local, remote) : List.of(remote, local);
  }

  /// {@return the two ends as the peer sees them, where that is not as we do}
  ///
  /// @param role our end of the quick mode
  static Optional<OriginalAddresses> of(
      IsakmpMessage message, IsakmpSa sa, Connection connection, Role role) {
    List<Ipv6Address> ends =
        message.all(NatOa.class).stream()
            .filter(each -> each.type() == IdType.IPV6_ADDR)
            .map(each -> Ipv6Address.of(each.address().toArray()))
            .toList();
    if (connection.mode() != Mode.TRANSPORT || !sa.nat().any() || ends.size() != BOTH) {
      return Optional.empty();
    }
    return (role == Role.INITIATOR
            ? new OriginalAddresses(ends.getFirst(), ends.getLast())
            : new OriginalAddresses(ends.getLast(), ends.getFirst()))
        .unlessShown(sa.path().local(), sa.path().remote());
  }
}
