package espd.ike;

import java.util.List;

/// Which version of IKE a connection speaks.
public sealed interface IkeVersion {

  /// IKEv2 (RFC 7296).
  record Two() implements IkeVersion {}

  /// IKEv1 (RFC 2409).
  ///
  /// @param modes of phase 1: the first is how we begin, all are how a peer may; never empty
  /// @param check what lifetimes and groups of a peer are accepted
  /// @param natTraversal whether RFC 3947 is announced
  /// @param initialContact whether a first ISAKMP SA tells the peer that it is (RFC 2407 §4.6.3.3)
  record One(
      List<Phase1Mode> modes, LifetimeCheck check, boolean natTraversal, boolean initialContact)
      implements IkeVersion {

    /// Copies the list.
    ///
    /// @throws IllegalArgumentException when there is no mode
    public One {
      modes = List.copyOf(modes);
      if (modes.isEmpty()) {
        throw new IllegalArgumentException("no mode of phase 1");
      }
    }
  }

  /// IKEv2.
  IkeVersion TWO = new Two();

  /// IKEv1 as most have it: main mode, lifetimes as the peer wants them, RFC 3947, INITIAL-CONTACT.
  One ONE = new One(List.of(Phase1Mode.MAIN), LifetimeCheck.OBEY, true, true);

  /// How an ISAKMP SA comes to be (RFC 2409 §5).
  enum Phase1Mode {
    /// Six messages; identities are encrypted (RFC 2409 §5.4).
    MAIN,
    /// Three messages; identities are not, and a secret can be guessed offline: only where a file
    /// asks for it.
    AGGRESSIVE
  }

  /// What a responder does about a peer's lifetime that differs from its own (racoon.conf's
  /// `proposal_check`).
  enum LifetimeCheck {
    /// The peer's holds.
    OBEY,
    /// A longer one than ours is refused, as is a group of less strength.
    STRICT,
    /// A longer one is answered with ours by RESPONDER-LIFETIME (RFC 2407 §4.6.3.1).
    CLAIM,
    /// Any other than ours is refused.
    EXACT
  }
}
