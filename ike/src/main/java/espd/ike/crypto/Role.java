package espd.ike.crypto;

/// Which end of an IKE SA (RFC 7296 §2.14): the initiator is who sent its first request, or the
/// request that rekeyed it.
public enum Role {
  /// Sends with SK_ai and SK_ei.
  INITIATOR,
  /// Sends with SK_ar and SK_er.
  RESPONDER;

  /// {@return the other end}
  public Role other() {
    return this == INITIATOR ? RESPONDER : INITIATOR;
  }
}
