package espd.ike.exchange;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import java.util.Optional;

/// What an initiator knows before the peer has said anything.
///
/// @param wish the first Child SA
/// @param serial the n of `NAME[n]`
/// @param spi our SPI
/// @param path where the request goes
/// @param nonce Ni
/// @param group of the key exchange, 0 where there is none
/// @param cookie what the peer wants to see again (RFC 7296 §2.6)
/// @param redirected where it goes instead of the connection's peer, if a gateway says so
/// @param restarts how often IKE_SA_INIT began anew
record Attempt(
    ChildWish wish,
    int serial,
    long spi,
    Path path,
    Bytes nonce,
    int group,
    Optional<Bytes> cookie,
    Optional<Redirected> redirected,
    int restarts) {

  /// A peer that asks for more than this does not want to talk (RFC 7296 §2.6, §2.7).
  static final int MAX_RESTARTS = 4;

  /// {@return the header of the first request}
  Header header(int exchange) {
    return new Header(spi, 0, exchange, Header.INITIATOR, 0);
  }

  /// {@return whether it is worth asking again with a cookie. One that it has already is asked for
  /// by an answer to a copy of the request before}
  boolean mayTake(Bytes wanted) {
    return wanted.length() >= 1
        && wanted.length() <= 64
        && !cookie.equals(Optional.of(wanted))
        && restarts < MAX_RESTARTS;
  }

  Attempt withGroup(int newGroup) {
    return new Attempt(wish, serial, spi, path, nonce, newGroup, cookie, redirected, restarts + 1);
  }

  Attempt withCookie(Bytes newCookie) {
    return new Attempt(
        wish, serial, spi, path, nonce, group, Optional.of(newCookie), redirected, restarts + 1);
  }
}
