package espd.ike.exchange;

import espd.ike.Assigned;
import espd.ike.Connection;
import espd.ike.InternalAddresses;
import espd.ike.message.Configuration;
import espd.ike.message.NotifyType;
import espd.ike.pool.Pools;
import espd.spd.Ipv6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How the ends of an IKE SA come to their addresses inside of its tunnels, in IKE_AUTH (RFC 7296
/// §2.19): the initiator's [#request] and [#accept], the responder's [#answer].
final class Addressing {

  private final Surroundings surroundings;

  Addressing(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  // --- initiator -----------------------------------------------------------------------------

  /// {@return what we ask for: of what an older IKE SA of the connection has, the same, so that
  /// packets go on when this one takes its place}
  Optional<Configuration> request(Connection connection) {
    List<Ipv6Address> all = connection.internal().wanted();
    List<Ipv6Address> now = all.isEmpty() ? List.of() : surroundings.assignedBy(connection).local();
    return AddressConfiguration.request(all.stream().map(wanted -> sameAs(now, wanted)).toList());
  }

  private static Ipv6Address sameAs(List<Ipv6Address> now, Ipv6Address wanted) {
    return now.stream()
        .filter(address -> InternalAddresses.isAny(wanted))
        .filter(a -> a.isIpv4() == wanted.isIpv4())
        .findFirst()
        .orElse(wanted);
  }

  /// {@return the peer, with what it gave us of what we asked it for}
  Peer accept(Peer peer, Optional<Configuration> reply, Actions actions) {
    if (peer.connection().internal().wanted().isEmpty()) {
      return peer;
    }
    Assigned given =
        reply
            .filter(cp -> cp.cfgType() == Configuration.REPLY)
            .map(AddressConfiguration::given)
            .orElse(Assigned.NONE);
    given
        .local()
        .forEach(a -> actions.progress(peer.connection(), "installing new virtual IP " + a));
    given.dns().forEach(a -> actions.progress(peer.connection(), "received DNS server " + a));
    return peer.with(given);
  }

  // --- responder -----------------------------------------------------------------------------

  /// What the peer gets.
  sealed interface Answer {

    /// What it is to have.
    ///
    /// @param peer with its addresses
    /// @param reply the payload that tells it, where it asked
    record Given(Peer peer, Optional<Configuration> reply) implements Answer {}

    /// No Child SA; the IKE SA stands.
    record Refused(Refusal refusal) implements Answer {}
  }

  /// {@return what the peer gets of what it asks for: an address of each family that its pools
  /// have}
  ///
  /// @param asked its Configuration payload; anything but a question is ignored
  /// @param anew whether the peer says that it has no other IKE SA with us, so that the addresses
  ///   of one we know are free to be its again
  Answer answer(Peer peer, Optional<Configuration> asked, boolean anew, Actions actions) {
    Optional<Configuration> request = asked.filter(cp -> cp.cfgType() == Configuration.REQUEST);
    InternalAddresses internal = peer.connection().internal();
    List<Ipv6Address> wanted = request.map(AddressConfiguration::wanted).orElse(List.of());
    if (wanted.isEmpty() && !internal.pools().isEmpty()) {
      return new Answer.Refused(
          Refusal.of(
              NotifyType.FAILED_CP_REQUIRED,
              "%s: offered no request for an address, allowed one of %s"
                  .formatted(peer.connection().name(), String.join(",", internal.pools()))));
    }
    List<Ipv6Address> before = anew ? surroundings.assignedTo(peer).remote() : List.of();
    List<Ipv6Address> given = new ArrayList<>();
    List<Ipv6Address> dns = new ArrayList<>(internal.dns());
    for (Ipv6Address each : wanted) {
      actions.progress(peer.connection(), "peer requested virtual IP " + each);
      Optional<Pools.Leased> leased =
          surroundings.lease(internal.pools(), peer.proven(), sameAs(before, each));
      leased.ifPresent(
          lease -> {
            given.add(lease.address());
            dns.addAll(lease.pool().dns());
            actions.progress(
                peer.connection(),
                "assigning virtual IP %s to peer '%s'".formatted(lease.address(), peer.proven()));
          });
    }
    if (given.isEmpty() && !wanted.isEmpty()) {
      return new Answer.Refused(
          Refusal.of(
              NotifyType.INTERNAL_ADDRESS_FAILURE,
              "%s: no virtual IP found for %s requested by '%s', pools %s"
                  .formatted(peer.connection().name(), wanted, peer.remote(), internal.pools())));
    }
    return new Answer.Given(
        peer.with(Assigned.toPeer(given)),
        request.map(cp -> AddressConfiguration.reply(cp, given, dns.stream().distinct().toList())));
  }
}
