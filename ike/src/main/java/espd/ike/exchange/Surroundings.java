package espd.ike.exchange;

import espd.ike.Assigned;
import espd.ike.Connection;
import espd.ike.Credentials;
import espd.ike.Identity;
import espd.ike.message.Bytes;
import espd.ike.pool.Pools;
import espd.spd.Ipv6Address;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What an IKE SA draws on and does not own. All calls come from the event loop and return at once.
public interface Surroundings {

  /// {@return where nonces, SPIs, IVs and fuzz come from}
  SecureRandom random();

  /// {@return an inbound SPI for a Child SA, reserved in the SAD}
  int reserveSpi();

  /// {@return the next number by which people tell IKE SAs apart: the n of `NAME[n]`}
  int nextIkeSerial();

  /// {@return the next number by which people tell Child SAs apart: the n of `NAME{n}`}
  int nextChildSerial();

  /// {@return the secrets}
  Credentials credentials();

  /// {@return the connections loaded now, in the order they were loaded}
  List<Connection> connections();

  /// {@return how requests are sent again}
  Retransmission retransmission();

  /// {@return how long a responder waits for IKE_AUTH}
  Duration halfOpenTimeout();

  /// {@return the cookies that an initiator may have been given for a request not long ago, at most
  /// two (RFC 7296 §2.6)}
  List<Bytes> cookiesGiven(Bytes ni, Ipv6Address initiator, long spiI);

  /// {@return how many Child SAs a peer may have in one IKE SA}
  int mostChildSas();

  /// {@return the addresses of this host that a peer may find it at, `local` among them; ESP and
  /// IKE arrive there by the time this returns}
  ///
  /// @param connection whose packets are for none of them but `local`
  List<Ipv6Address> addresses(Connection connection, Ipv6Address local);

  /// {@return whether we have no IKE SA with this peer yet, so that INITIAL_CONTACT is true (RFC
  /// 7296 §2.4)}
  boolean firstContact(Connection connection);

  /// {@return whether an IKE SA with this peer stands at another address than this}
  boolean standsElsewhere(Peer peer, Ipv6Address remote);

  /// {@return an address for a peer, out of the first of these pools that has one; it is the peer's
  /// until the IKE SA is down}
  ///
  /// @param pools their names
  /// @param wanted an address, or any of a family
  Optional<Pools.Leased> lease(List<String> pools, Identity peer, Ipv6Address wanted);

  /// {@return the tickets that this host gives}
  Tickets tickets();

  /// {@return what we were assigned in an established IKE SA of this connection}
  Assigned assignedBy(Connection connection);

  /// {@return what the peer was assigned in another established IKE SA between the same two
  /// identities}
  Assigned assignedTo(Peer peer);
}
