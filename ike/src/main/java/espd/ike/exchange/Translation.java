package espd.ike.exchange;

import espd.ike.crypto.Role;
import espd.ike.message.TrafficSelector;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.OriginalAddresses;
import java.util.List;
import java.util.Optional;

/// What NATs make of the traffic selectors of transport mode (RFC 7296 §2.23.1). The peer writes
/// them as it sees the two ends, and so they are kept, to mend checksums; everything else takes
/// them as we see the ends:
///
/// ```
///  host 10            NAT: 10 is 20 outside             host 30
///  TSi = 10, TSr = 30  -->                              kept: 10, 30; taken as TSi = 20, TSr = 30
///                      <--  TSi = 20, TSr = 30
///  kept: 20, 30; taken as TSi = 10, TSr = 30
/// ```
///
/// @param path of the IKE SA, which both ends of the packets are the ends of as well
/// @param nat which of them it changes
record Translation(Path path, Nat nat) {

  /// {@return what happens along the path of an IKE SA}
  static Translation on(IkeSa ikeSa) {
    return new Translation(ikeSa.path(), ikeSa.nat());
  }

  /// {@return what the peer says, with the two ends as we see them}
  ///
  /// @param ours our end of the exchange
  ChildProposal seenFromHere(ChildProposal said, Role ours) {
    if (said.mode() != Mode.TRANSPORT || !nat.any()) {
      return said;
    }
    boolean initiator = ours == Role.INITIATOR;
    return said.with(
        initiator ? local(said.tsi()) : remote(said.tsi()),
        initiator ? remote(said.tsr()) : local(said.tsr()));
  }

  /// {@return the two ends as the peer sees them, where that is not as we do}
  ///
  /// @param ours our end of the exchange
  Optional<OriginalAddresses> originals(ChildProposal said, Role ours) {
    if (said.mode() != Mode.TRANSPORT || !nat.any()) {
      return Optional.empty();
    }
    Optional<Ipv6Address> initiator = host(said.tsi());
    Optional<Ipv6Address> responder = host(said.tsr());
    return (ours == Role.INITIATOR ? initiator : responder)
        .flatMap(
            local ->
                (ours == Role.INITIATOR ? responder : initiator)
                    .map(remote -> new OriginalAddresses(local, remote)))
        .flatMap(both -> both.unlessShown(path.local(), path.remote()));
  }

  private List<TrafficSelector> local(List<TrafficSelector> selectors) {
    return nat.here() ? at(path.local(), selectors) : selectors;
  }

  private List<TrafficSelector> remote(List<TrafficSelector> selectors) {
    return nat.there() ? at(path.remote(), selectors) : selectors;
  }

  /// Each names one address, and all the same; what does not is for nobody in transport mode.
  private static List<TrafficSelector> at(Ipv6Address end, List<TrafficSelector> selectors) {
    return selectors.stream().map(ts -> host(ts).isPresent() ? ts.at(end) : ts).toList();
  }

  private static Optional<Ipv6Address> host(List<TrafficSelector> selectors) {
    List<Optional<Ipv6Address>> hosts =
        selectors.stream().map(Translation::host).distinct().toList();
    return hosts.size() == 1 ? hosts.getFirst() : Optional.empty();
  }

  private static Optional<Ipv6Address> host(TrafficSelector ts) {
    return ts.addresses()
        .filter(range -> !range.isIpv4() && range.first().equals(range.last()))
        .map(AddressRange::first);
  }
}
