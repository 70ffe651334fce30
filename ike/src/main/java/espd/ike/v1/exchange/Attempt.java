package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.crypto.Role;
import espd.ike.exchange.ChildWish;
import espd.ike.exchange.Path;
import espd.ike.message.Header;
import java.time.Instant;
import java.util.Optional;

/// What is known of an ISAKMP SA from the first message on.
///
/// @param role our end
/// @param mode how it comes to be
/// @param serial the n of `NAME[n]`
/// @param spiI the initiator's cookie
/// @param spiR the responder's cookie, 0 until the initiator knows it
/// @param path where messages go
/// @param connection that it is for, as far as that is known
/// @param wish the first IPsec SA, where we begin for the sake of one
/// @param features what both ends announced
/// @param until when a responder has waited long enough
/// @param objection what the peer, or somebody in its name, had against it: nobody has proven it
record Attempt(
    Role role,
    Phase1Mode mode,
    int serial,
    long spiI,
    long spiR,
    Path path,
    Connection connection,
    Optional<ChildWish> wish,
    Features features,
    Optional<Instant> until,
    Optional<String> objection) {

  /// {@return the header of phase 1's messages}
  Header header() {
    int exchange =
        switch (mode) {
          case MAIN -> Header.IDENTITY_PROTECTION;
          case AGGRESSIVE -> Header.AGGRESSIVE;
        };
    return new Header(spiI, spiR, exchange, 0, 0);
  }

  /// {@return the same with what the responder's first message says}
  Attempt answered(long cookieR, Features both) {
    return new Attempt(
        role, mode, serial, spiI, cookieR, path, connection, wish, both, until, objection);
  }

  /// {@return the same for the connection that the peer turned out to mean, with messages going
  /// there}
  Attempt towards(Connection meant, Path other) {
    return new Attempt(
        role, mode, serial, spiI, spiR, other, meant, wish, features, until, objection);
  }

  /// {@return the same with an objection}
  Attempt objected(String line) {
    return new Attempt(
        role, mode, serial, spiI, spiR, path, connection, wish, features, until, Optional.of(line));
  }
}
