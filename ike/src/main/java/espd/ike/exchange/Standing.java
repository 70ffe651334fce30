package espd.ike.exchange;

import espd.ike.crypto.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An established IKE SA of either version, as all see it that only want to know what there is.
public interface Standing {

  /// {@return the major version of IKE, 1 or 2}
  int version();

  /// {@return our end of it}
  Role role();

  /// {@return the n of `NAME[n]`}
  int serial();

  /// {@return the initiator's SPI}
  long spiI();

  /// {@return the responder's SPI}
  long spiR();

  /// {@return the SPI that we chose}
  default long localSpi() {
    return role() == Role.INITIATOR ? spiI() : spiR();
  }

  /// {@return where messages go}
  Path path();

  /// {@return what stands between}
  Nat nat();

  /// {@return its algorithms, as strongSwan prints them, without `IKE:`}
  String suiteText();

  /// {@return who is at the other end}
  Peer peer();

  /// {@return its Child SAs; of IKEv1, the IPsec SAs that it looks after}
  List<ChildSa> children();

  /// {@return whether the peer has begun a Child SA of this connection, by which it may send
  /// already though we cannot yet}
  ///
  /// @param connection its name
  default boolean isAnswering(String connection) {
    return false;
  }

  /// {@return when it was established}
  Instant since();

  /// {@return when a successor is negotiated, if ever}
  Optional<Instant> rekeyAt();

  /// {@return when it ends, if ever}
  Optional<Instant> endsAt();

  /// {@return when the peer was last heard of}
  ///
  /// @param message when it last sent a message of IKE; packets of its SAs count as well
  default Instant lastHeard(Instant message) {
    return children().stream()
        .map(ChildSa::lastInbound)
        .reduce(message, (a, b) -> a.isAfter(b) ? a : b);
  }

  /// {@return when the NAT before us is to be reminded (RFC 3948 §4)}
  ///
  /// @param sent when we last sent something
  default Optional<Instant> keepaliveAt(Instant sent) {
    Duration silence = peer().connection().options().keepAlive();
    boolean behindNat = nat().here() && path().isFloated();
    return behindNat && !silence.isZero() ? Optional.of(sent.plus(silence)) : Optional.empty();
  }

  /// {@return whether a successor has taken its place}
  boolean isReplaced();

  /// {@return whether it is on its way out, so that nothing new is to be begun in it}
  boolean isClosing();
}
