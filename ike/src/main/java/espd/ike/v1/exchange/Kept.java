package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.crypto.Role;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.Nat;
import espd.ike.exchange.Path;
import espd.ike.exchange.Peer;
import espd.ike.exchange.Standing;
import espd.spd.KeyMaterial;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What is left of an ISAKMP SA that is gone: the IPsec SAs that it looked after, which live until
/// their own end or until another takes them over. It has no keys, so nothing can be said in it.
///
/// @param role our end
/// @param serial the n of `NAME[n]`
/// @param spiI the initiator's cookie
/// @param spiR the responder's cookie
/// @param path where messages went
/// @param nat what stands between
/// @param suiteText its algorithms
/// @param peer who is at the other end
/// @param ipsecSas what it looks after; never empty
/// @param since when it was established
/// @param renewAt when an ISAKMP SA is to be made, for the sake of an IPsec SA that is old
record Kept(
    Role role,
    int serial,
    long spiI,
    long spiR,
    Path path,
    Nat nat,
    String suiteText,
    Peer peer,
    IpsecSas ipsecSas,
    Instant since,
    Optional<Instant> renewAt)
    implements Isakmp, Standing {

  /// {@return what is left of an ISAKMP SA}
  static Kept of(Established s) {
    return new Kept(
        s.role(),
        s.serial(),
        s.spiI(),
        s.spiR(),
        s.path(),
        s.nat(),
        s.suiteText(),
        s.peer(),
        s.ipsecSas(),
        s.since(),
        Optional.empty());
  }

  Kept with(IpsecSas others) {
    return new Kept(role, serial, spiI, spiR, path, nat, suiteText, peer, others, since, renewAt);
  }

  Kept along(Path other) {
    return new Kept(
        role, serial, spiI, spiR, other, nat, suiteText, peer, ipsecSas, since, renewAt);
  }

  Kept renewing(Optional<Instant> at) {
    return new Kept(role, serial, spiI, spiR, path, nat, suiteText, peer, ipsecSas, since, at);
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public long localSpi() {
    return Isakmp.super.localSpi();
  }

  @Override
  public Connection connection() {
    return peer.connection();
  }

  @Override
  public List<ChildSa> children() {
    return ipsecSas.all();
  }

  @Override
  public Optional<Instant> rekeyAt() {
    return Optional.empty();
  }

  @Override
  public Optional<Instant> endsAt() {
    return Optional.empty();
  }

  @Override
  public boolean isReplaced() {
    return false;
  }

  /// {@return true: nothing can be begun in it}
  @Override
  public boolean isClosing() {
    return true;
  }

  @Override
  public Optional<KeyMaterial> encryptionKey() {
    return Optional.empty();
  }

  @Override
  public boolean isHalfOpen() {
    return false;
  }

  @Override
  public Optional<Instant> wakeAt() {
    return Stream.of(ipsecSas.wakeAt().stream(), renewAt.stream())
        .flatMap(times -> times)
        .min(Instant::compareTo);
  }
}
