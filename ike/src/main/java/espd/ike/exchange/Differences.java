package espd.ike.exchange;

import espd.ike.crypto.Role;
import espd.ike.crypto.TransformNames;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Proposal;
import espd.ike.message.TrafficSelector;
import espd.spd.AddressRange;
import espd.spd.PortRange;
import espd.spd.Selector;
import java.util.List;
import java.util.Optional;

/// Refusals in words that show where two ends differ: `offered …; allowed …; X differs: offered …,
/// allowed …`, the form that proposals are explained in ([espd.ike.crypto.Selection.Mismatch]). Of
/// a peer's refusal only our half is known: its log has the other.
final class Differences {

  private static final String PEERS_HALF = "; what is allowed, the peer's log may say";

  private Differences() {}

  /// {@return what the peer said, and what we had offered for an SA}
  static String refused(Notify notify, List<Proposal> offered) {
    String said = Attempts.refusedBy(notify);
    return notify.type() == NotifyType.NO_PROPOSAL_CHOSEN
        ? said + ": offered " + TransformNames.of(offered) + PEERS_HALF
        : said;
  }

  /// {@return what the peer said, and what we had offered for a Child SA}
  static String refused(Notify notify, ChildProposal offered) {
    return switch (notify.type()) {
      case NotifyType.NO_PROPOSAL_CHOSEN -> refused(notify, offered.sa());
      case NotifyType.TS_UNACCEPTABLE, NotifyType.SINGLE_PAIR_REQUIRED ->
          Attempts.refusedBy(notify)
              + ": offered "
              + ends(offered.tsi(), offered.tsr())
              + PEERS_HALF;
      default -> Attempts.refusedBy(notify);
    };
  }

  /// {@return why no packet is both in what the peer sent and in what we allow (RFC 7296 §2.9)}
  ///
  /// @param allowed seen from this host
  /// @param ourRole in the exchange: the initiator's end is TSi
  static String ofSelectors(
      List<TrafficSelector> tsi, List<TrafficSelector> tsr, List<Selector> allowed, Role ourRole) {
    boolean initiator = ourRole == Role.INITIATOR;
    List<TrafficSelector> locals = TrafficSelection.localEnds(allowed);
    List<TrafficSelector> remotes = TrafficSelection.remoteEnds(allowed);
    List<TrafficSelector> allowedTsi = initiator ? locals : remotes;
    List<TrafficSelector> allowedTsr = initiator ? remotes : locals;
    String difference =
        ofEnd("TSi", tsi, allowedTsi)
            .or(() -> ofEnd("TSr", tsr, allowedTsr))
            .orElse("TSi with TSr differs: each is allowed, but not together");
    return "offered %s; allowed %s; %s"
        .formatted(ends(tsi, tsr), ends(allowedTsi, allowedTsr), difference);
  }

  private static String ends(List<TrafficSelector> tsi, List<TrafficSelector> tsr) {
    return "TSi " + text(tsi) + ", TSr " + text(tsr);
  }

  private static String text(List<TrafficSelector> selectors) {
    return selectors.isEmpty() ? "nothing" : TrafficSelection.ends(selectors);
  }

  /// How two that are nothing in common differ: the first of address, protocol and port that no
  /// pair of them shares.
  private static Optional<String> ofEnd(
      String name, List<TrafficSelector> offered, List<TrafficSelector> allowed) {
    boolean addresses = false;
    boolean protocols = false;
    boolean ports = false;
    for (TrafficSelector one : offered) {
      for (TrafficSelector other : allowed) {
        boolean address = meetAddresses(one.addresses(), other.addresses());
        boolean protocol = address && meetProtocols(one.protocol(), other.protocol());
        addresses |= address;
        protocols |= protocol;
        ports |= protocol && meetPorts(one.ports(), other.ports());
      }
    }
    if (ports) {
      return Optional.empty();
    }
    String what = !addresses ? "address" : !protocols ? "protocol" : "port";
    return Optional.of(
        "%s differs in %s: offered %s, allowed %s"
            .formatted(name, what, text(offered), text(allowed)));
  }

  private static boolean meetAddresses(Optional<AddressRange> one, Optional<AddressRange> other) {
    return one.isPresent() && other.isPresent() && one.get().intersect(other.get()).isPresent();
  }

  private static boolean meetProtocols(int one, int other) {
    return one == Selector.ANY_PROTOCOL || other == Selector.ANY_PROTOCOL || one == other;
  }

  private static boolean meetPorts(Optional<PortRange> one, Optional<PortRange> other) {
    return one.isPresent() && other.isPresent() && one.get().intersect(other.get()).isPresent();
  }
}
