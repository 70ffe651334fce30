package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.pki.Inquiry;
import espd.spd.Ipv6Address;
import espd.spd.Sa;
import espd.spd.UdpEncapsulation;
import java.util.List;
import java.util.Optional;

/// What a [Step] asks of whoever drives the state machine, to be done in the order of the list.
public sealed interface Action {

  /// Sends a datagram.
  record Send(Datagram datagram) implements Action {}

  /// Has something computed off the event loop; the result comes back as [Event.Computed].
  record Compute(Computation computation) implements Action {}

  /// Has authorities asked off the event loop whether a peer's certificates are revoked, which may
  /// take many seconds; what comes of it comes back as [Event.Computed].
  ///
  /// @param proven for people, when they are not
  record Inquire(Inquiry inquiry, String proven) implements Action {

    /// {@return what comes of it}
    public Computation.Settled settled(Inquiry.Finding finding) {
      return Computation.Settled.of(finding, proven);
    }
  }

  /// Puts an SA into the SAD.
  record Install(Sa sa) implements Action {}

  /// Takes an SA out of the SAD, wherever its ends are by then: the same step may move it before.
  record Remove(Sa sa) implements Action {}

  /// Gives back a reserved inbound SPI that no SA came of.
  record ReleaseSpi(int spi) implements Action {}

  /// Gives an SA of the SAD other outer addresses.
  ///
  /// @param ports where ESP travels in UDP
  record Move(Sa sa, Ipv6Address local, Ipv6Address remote, Optional<UdpEncapsulation> ports)
      implements Action {}

  /// Drives a further IKE SA from now on: the successor of this one (RFC 7296 §2.18).
  record Spawn(Established successor) implements Action {}

  /// Begins an IKE SA between the same two, with Child SAs for these connections; when it has them
  /// all, this one is closed (RFC 7296 §2.8.3).
  ///
  /// @param connections their names, never empty
  /// @param elsewhere at another gateway, if the peer sends us there (RFC 5685 §5)
  record Reauthenticate(List<String> connections, Optional<Redirected> elsewhere)
      implements Action {

    /// Copies the list.
    public Reauthenticate {
      connections = List.copyOf(connections);
    }
  }

  /// Begins an ISAKMP SA that is to take the place of this one, without quick mode. IKEv1 only.
  record Renew(Connection connection) implements Action {}

  /// Has every other ISAKMP SA between these two hand its IPsec SAs over to this one. IKEv1 only.
  record Supersede() implements Action {}

  /// Gives the IPsec SAs that this ISAKMP SA looked after to another.
  ///
  /// @param successor our SPI of the other
  record HandOver(long successor, List<ChildSa> children) implements Action {

    /// Copies the list.
    public HandOver {
      children = List.copyOf(children);
    }
  }

  /// Begins an IKE SA through TCP in the place of this one, which got no answer over UDP (RFC 9329
  /// §5.1).
  ///
  /// @param redirected if it is with another gateway
  record FallBack(ChildWish wish, Optional<Redirected> redirected) implements Action {}

  /// Begins an IKE SA in the place of this one, which no ticket has resumed (RFC 5723 §4.3.2).
  record Anew(ChildWish wish) implements Action {}

  /// Keeps a ticket: that of this IKE SA, or one that has not been used.
  record KeepTicket(HeldTicket ticket) implements Action {}

  /// Forgets the ticket of this IKE SA (RFC 5723 §6.2).
  record ForgetTicket() implements Action {}

  /// Begins an IKE SA with another gateway in the place of this one (RFC 5685 §3, §6).
  record Follow(ChildWish wish, Redirected redirected) implements Action {}

  /// Forgets every other IKE SA with this peer, which has none (RFC 7296 §2.4).
  record InitialContact(Peer peer) implements Action {}

  /// Closes every other IKE SA with this peer, of which its connection wants one only.
  record Replace(Peer peer) implements Action {}

  /// Tells people and meters.
  record Tell(Report report) implements Action {}
}
