package espd.ike.driver;

import espd.ike.Assigned;
import espd.ike.Identity;
import espd.ike.crypto.Role;
import espd.ike.exchange.Connecting;
import espd.ike.exchange.Departed;
import espd.ike.exchange.IkeSaState;
import espd.ike.exchange.IsakmpState;
import espd.ike.exchange.Nat;
import espd.ike.exchange.Path;
import espd.ike.exchange.Standing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An IKE SA as it was when [Ike#list()] was asked.
///
/// @param connection its connection's name
/// @param version the major version of IKE, 1 or 2
/// @param serial the n of `NAME[n]`
/// @param localSpi our SPI
/// @param path addresses and ports
/// @param established what is known once it is established
public record IkeSaView(
    String connection,
    int version,
    int serial,
    long localSpi,
    Path path,
    Optional<Details> established) {

  /// What an established IKE SA has besides.
  ///
  /// @param role our end of it
  /// @param spiI the initiator's SPI
  /// @param spiR the responder's SPI
  /// @param localId who we are
  /// @param remoteId who the peer is
  /// @param assigned the addresses inside of its tunnels
  /// @param suite its algorithms, as strongSwan prints them, without `IKE:`
  /// @param nat what stands between
  /// @param since when it was established
  /// @param rekeyAt when it is rekeyed, if ever
  /// @param endsAt when it ends, if ever
  /// @param children its Child SAs
  /// @param replaced whether a successor has taken its place
  public record Details(
      Role role,
      long spiI,
      long spiR,
      Identity localId,
      Identity remoteId,
      Assigned assigned,
      String suite,
      Nat nat,
      Instant since,
      Optional<Instant> rekeyAt,
      Optional<Instant> endsAt,
      List<ChildSaView> children,
      boolean replaced) {}

  /// {@return its Child SAs}
  List<ChildSaView> children() {
    return established.map(Details::children).orElse(List.of());
  }

  /// {@return whether it is established, and no successor has taken its place}
  boolean isServing() {
    return established.filter(details -> !details.replaced()).isPresent();
  }

  /// {@return `NAME[n]`}
  String text() {
    return connection + "[" + serial + "]";
  }

  /// {@return what is to be shown of `state`, if anything}
  static Optional<IkeSaView> of(IkeSaState state) {
    return switch (state) {
      case Connecting s ->
          Optional.of(
              new IkeSaView(
                  s.connection().name(), 2, s.serial(), s.localSpi(), s.path(), Optional.empty()));
      case Standing s -> Optional.of(of(s));
      case IsakmpState s ->
          Optional.of(
              new IkeSaView(
                  s.connection().name(), 1, s.serial(), s.localSpi(), s.path(), Optional.empty()));
      case Departed s -> Optional.empty();
      case IkeSaState.Closed s -> Optional.empty();
    };
  }

  /// {@return what is to be shown of an established IKE SA}
  static IkeSaView of(Standing s) {
    return new IkeSaView(
        s.peer().connection().name(),
        s.version(),
        s.serial(),
        s.localSpi(),
        s.path(),
        Optional.of(details(s)));
  }

  private static Details details(Standing s) {
    return new Details(
        s.role(),
        s.spiI(),
        s.spiR(),
        s.peer().local(),
        s.peer().remote(),
        s.peer().assigned(),
        s.suiteText(),
        s.nat(),
        s.since(),
        s.rekeyAt(),
        s.endsAt(),
        s.children().stream().map(ChildSaView::of).toList(),
        s.isReplaced());
  }
}
