package espd.ike.exchange;

import espd.ike.Datagram;
import espd.ike.message.Gateway;
import espd.spd.Ipv6Address;
import espd.spd.Lifetime;
import java.time.Instant;
import java.util.List;

/// What can happen to an IKE SA. The time is part of it: the state machine has no clock.
public sealed interface Event {

  /// {@return when it happened}
  Instant now();

  /// A datagram came whose SPIs are this IKE SA's.
  record Received(Instant now, Datagram datagram) implements Event {}

  /// [IkeSaState#wakeAt] has come.
  record Woken(Instant now) implements Event {}

  /// What [Action.Compute] asked for is ready.
  record Computed(Instant now, Computation.Result result) implements Event {}

  /// A Child SA is wanted.
  record ChildWanted(Instant now, ChildWish wish) implements Event {}

  /// A Child SA reached a limit of its lifetime.
  ///
  /// @param inboundSpi of the Child SA
  record Expired(Instant now, int inboundSpi, Lifetime.Limit limit) implements Event {

    /// {@return that a Child SA is to be replaced}
    public static Expired soft(Instant now, int inboundSpi) {
      return new Expired(now, inboundSpi, Lifetime.Limit.SOFT);
    }
  }

  /// A Child SA's newest packet, authentic, came by another path than the SA's.
  ///
  /// @param inboundSpi of the Child SA
  /// @param path that it came by, in UDP
  record Carried(Instant now, int inboundSpi, Path path) implements Event {}

  /// The TCP stream that the IKE SA's messages take has broken (RFC 9329 §6).
  record StreamBroken(Instant now) implements Event {}

  /// The host's addresses are others than they were.
  ///
  /// @param path of the IKE SA now: another one where its host no longer has the address that it
  ///   spoke from
  /// @param ours all that the peer may find the host at
  record Roamed(Instant now, Path path, List<Ipv6Address> ours) implements Event {

    /// Copies the list.
    public Roamed {
      ours = List.copyOf(ours);
    }
  }

  /// A new ISAKMP SA with the same peer is established: the IPsec SAs that this one looks after are
  /// to be handed over to it ([Action.HandOver]). IKEv1 only, whose IPsec SAs outlive the ISAKMP SA
  /// they came by.
  ///
  /// @param successor our SPI of the new one
  record Superseded(Instant now, long successor) implements Event {}

  /// Another ISAKMP SA has handed over the IPsec SAs that it looked after.
  record Adopted(Instant now, List<ChildSa> children) implements Event {

    /// Copies the list.
    public Adopted {
      children = List.copyOf(children);
    }
  }

  /// The IKE SA is to be replaced.
  record RekeyWanted(Instant now) implements Event {}

  /// Both ends are to prove themselves anew, in another IKE SA.
  record ReauthenticationWanted(Instant now) implements Event {}

  /// The peer, which has called us, is to go to another gateway (RFC 5685 §5).
  record RedirectWanted(Instant now, Gateway gateway) implements Event {}

  /// A Child SA is to be closed; the IKE SA stays.
  ///
  /// @param inboundSpi of the Child SA
  record ChildUnwanted(Instant now, int inboundSpi) implements Event {}

  /// The Child SAs of a connection are to be closed, and the IKE SA when it is left without any.
  record Close(Instant now, String connection) implements Event {}

  /// The IKE SA is to be closed, with the peer told (RFC 7296 §1.4.1).
  record Terminate(Instant now) implements Event {}

  /// The peer has lost this IKE SA: it is forgotten, and nobody told (RFC 7296 §2.4).
  record Forgotten(Instant now) implements Event {}
}
