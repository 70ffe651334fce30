package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.v1.message.Identification;
import espd.spd.AddressRange;
import espd.spd.Mode;
import espd.spd.Selector;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Which packets a quick mode is for (RFC 2409 §5.5): one pair of ID payloads is one [Selector],
/// and without them the two hosts are meant. Nothing is narrowed: the responder permits what the
/// initiator asks for or refuses it.
final class QuickSelectors {

  private QuickSelectors() {}

  /// {@return what a connection has to have IPsec SAs for, one quick mode each: that of the packet
  /// that asks for it first}
  static List<Selector> wanted(Connection connection, Optional<Selector> packet) {
    List<Selector> all = connection.selectors();
    Stream<Selector> first =
        packet.stream().flatMap(p -> all.stream().filter(each -> each.contains(p)).limit(1));
    return Stream.concat(first, all.stream()).distinct().toList();
  }

  /// {@return our end and the peer's of a selector; nothing when ID payloads cannot say it}
  static Optional<List<Identification>> ids(Selector selector) {
    Optional<Identification> local =
        Identification.of(selector.local(), selector.protocol(), selector.localPorts());
    Optional<Identification> remote =
        Identification.of(selector.remote(), selector.protocol(), selector.remotePorts());
    return local.flatMap(l -> remote.map(r -> List.of(l, r)));
  }

  /// {@return the packets that a peer means; nothing when its ID payloads name none}
  ///
  /// @param ids the peer's end and ours, or none
  static Optional<Selector> meant(List<Identification> ids, IsakmpSa sa, Mode mode) {
    AddressRange here = AddressRange.of(sa.path().local());
    AddressRange there = AddressRange.of(sa.path().remote());
    if (ids.isEmpty()) {
      return Optional.of(Selector.between(here, there));
    }
    Identification remote = ids.get(0);
    Identification local = ids.get(1);
    boolean agree = remote.protocol() == local.protocol() || remote.protocol() == 0;
    if (!agree && local.protocol() != 0) {
      return Optional.empty();
    }
    // Between NATs the hosts know each other by other addresses than their own (RFC 3947 §5.2).
    boolean translated = mode == Mode.TRANSPORT && sa.nat().any();
    Optional<AddressRange> locals = translated ? Optional.of(here) : local.addresses();
    Optional<AddressRange> remotes = translated ? Optional.of(there) : remote.addresses();
    if (locals.isEmpty() || remotes.isEmpty() || locals.get().isIpv4() != remotes.get().isIpv4()) {
      return Optional.empty();
    }
    return Optional.of(
        new Selector(
            locals.get(),
            remotes.get(),
            Math.max(local.protocol(), remote.protocol()),
            local.ports(),
            remote.ports()));
  }

  /// {@return whether a connection permits what a peer means}
  static boolean permits(Connection connection, Selector meant) {
    return connection.selectors().stream().anyMatch(each -> each.contains(meant));
  }

  /// {@return whether a connection has exactly what a peer means}
  static boolean has(Connection connection, Selector meant) {
    return connection.selectors().contains(meant);
  }
}
