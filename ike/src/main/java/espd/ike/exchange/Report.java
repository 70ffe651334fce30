package espd.ike.exchange;

import espd.ike.DropReason;
import espd.ike.crypto.Role;
import java.util.Optional;

/// What an IKE SA has to say to people and to meters. Nothing secret.
public sealed interface Report {

  /// One line of the way to a connection, in strongSwan's words.
  ///
  /// @param connection whose
  /// @param line what happens
  record Progress(String connection, String line) implements Report {}

  /// Something a person should look at, which is no failure of a command.
  ///
  /// @param connection whose
  /// @param line what happened
  record Warning(String connection, String line) implements Report {}

  /// An IKE SA is established.
  record IkeSaUp(Standing state) implements Report {}

  /// A successor has taken the place of an IKE SA (RFC 7296 §2.18).
  ///
  /// @param old as it was
  /// @param successor with the Child SAs
  record IkeSaRekeyed(Standing old, Standing successor) implements Report {}

  /// An IKE SA is gone that no successor took the place of.
  ///
  /// @param last as it last was
  record IkeSaDown(Standing last) implements Report {}

  /// A negotiation of IKEv1 has come a step further.
  ///
  /// @param connection whose
  /// @param serial in phase 1 the n of `NAME[n]`, in quick mode that of `NAME{n}`
  /// @param stage where it is now
  /// @param path where messages go
  /// @param child what quick mode has made, once it has
  record Reached(
      String connection, int serial, IsakmpStage stage, Path path, Optional<ChildSa> child)
      implements Report {}

  /// A Child SA is established.
  ///
  /// @param child the Child SA
  /// @param replaced whose successor it is, where it is one
  record ChildUp(ChildSa child, Optional<ChildSa> replaced) implements Report {}

  /// A Child SA is gone.
  ///
  /// @param child the Child SA
  /// @param why what ended it
  record ChildDown(ChildSa child, Cause why) implements Report {}

  /// A Child SA that was wanted does not come.
  ///
  /// @param wish what was wanted
  /// @param cause what is to blame
  /// @param line why, for people
  record ChildFailed(ChildWish wish, Cause cause, String line) implements Report {}

  /// An exchange ended.
  ///
  /// @param exchange its type, as the RFC writes it
  /// @param role who asked
  /// @param result `ok`, `refused`, `timeout` or `malformed`
  record Exchanged(String exchange, Role role, String result) implements Report {}

  /// A Notify payload that says something is wrong (RFC 7296 §3.10.1).
  ///
  /// @param from who sent it: [Role#INITIATOR] stands for us
  /// @param name as the RFC writes it
  record Notified(Sender from, String name) implements Report {}

  /// A request went out again.
  record Retransmitted(String connection) implements Report {}

  /// A datagram was of no use.
  record Dropped(DropReason why) implements Report {}

  /// Who sent something.
  enum Sender {
    /// We.
    US,
    /// The peer.
    PEER
  }

  /// What ended something.
  enum Cause {
    /// A command, or the configuration.
    ASKED,
    /// A successor took its place.
    REKEYED,
    /// The peer deleted it.
    PEER,
    /// The peer did not answer.
    TIMEOUT,
    /// The peer refused, or we refused the peer.
    REFUSED,
    /// Its lifetime is over.
    EXPIRED
  }
}
