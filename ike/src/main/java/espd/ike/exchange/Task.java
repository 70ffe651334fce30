package espd.ike.exchange;

import espd.ike.message.Gateway;
import java.time.Instant;

/// Something we want to ask of the peer when nothing else is in flight (RFC 7296 §2.3).
public sealed interface Task {

  /// {@return the time before which it is not to be done: after TEMPORARY_FAILURE some wait (RFC
  /// 7296 §2.25)}
  Instant notBefore();

  /// A further Child SA (RFC 7296 §1.3.1).
  ///
  /// @param breadth of its selectors
  record NewChild(Instant notBefore, ChildWish wish, Breadth breadth) implements Task {

    /// One for all that is configured.
    public NewChild(Instant notBefore, ChildWish wish) {
      this(notBefore, wish, Breadth.ALL);
    }
  }

  /// How much a Child SA is asked for (RFC 7296 §2.9).
  enum Breadth {
    /// All that is configured, which the peer may narrow.
    ALL,
    /// One pair of addresses, for a peer that takes no more (SINGLE_PAIR_REQUIRED).
    ONE_PAIR
  }

  /// A successor of a Child SA (RFC 7296 §1.3.3).
  ///
  /// @param inboundSpi of the Child SA
  record RekeyChild(Instant notBefore, int inboundSpi) implements Task {}

  /// A successor of the IKE SA (RFC 7296 §1.3.2).
  record RekeyIke(Instant notBefore) implements Task {}

  /// The end of a Child SA (RFC 7296 §1.4.1).
  ///
  /// @param inboundSpi of the Child SA
  /// @param cause why
  record DeleteChild(Instant notBefore, int inboundSpi, Report.Cause cause) implements Task {}

  /// The end of a Child SA that the peer has made and that we do not want.
  ///
  /// @param inboundSpi we gave the peer for it
  record Disown(Instant notBefore, int inboundSpi) implements Task {}

  /// The end of the IKE SA (RFC 7296 §1.4.1).
  ///
  /// @param cause why
  record DeleteIke(Instant notBefore, Report.Cause cause) implements Task {}

  /// The news that one of the ends has moved (RFC 4555 §3.5).
  ///
  /// @param ours whether it was we: then the peer is to send elsewhere. Else the peer is asked
  ///   whether it is there, before packets are sent after it (§3.7)
  record Relocate(Instant notBefore, boolean ours) implements Task {}

  /// The order to go to another gateway (RFC 5685 §5).
  record Redirect(Instant notBefore, Gateway gateway) implements Task {}

  /// The news that this host has other addresses than the peer knows of (RFC 4555 §3.6).
  record Announce(Instant notBefore) implements Task {}

  /// The request for a ticket of this IKE SA (RFC 5723 §4.1).
  record AskTicket(Instant notBefore) implements Task {}

  /// The question whether the peer lives (RFC 7296 §2.4).
  record Liveness(Instant notBefore) implements Task {}
}
