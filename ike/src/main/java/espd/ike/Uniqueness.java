package espd.ike;

/// What becomes of an IKE SA with a peer that makes another (strongSwan's `uniqueids` and
/// `unique`).
public enum Uniqueness {
  /// Nothing, not even when the peer says that it has none (RFC 7296 §2.4).
  NEVER,
  /// Nothing, unless the peer says that it has none.
  NO,
  /// The peer keeps it, and gets no other at another address.
  KEEP,
  /// It is closed.
  REPLACE;

  /// {@return whether INITIAL_CONTACT counts, and is sent}
  public boolean heedsInitialContact() {
    return this != NEVER;
  }
}
