package espd.ike.v1.crypto;

import espd.ike.crypto.IkeSuite;
import espd.ike.v1.message.AuthenticationMethod;
import espd.ike.v1.message.Lifetimes;
import espd.ike.v1.message.SecurityAssociation;

/// What came of comparing offers of phase 1 (RFC 2409 §5).
public sealed interface PhaseOneSelection {

  /// One goes with ours.
  ///
  /// @param suite the algorithms; the prf is the HMAC of the hash
  /// @param method how both ends prove themselves
  /// @param lifetimes what the peer said of the SA's life
  /// @param answer the SA payload that says so
  record Chosen(
      IkeSuite suite, AuthenticationMethod method, Lifetimes lifetimes, SecurityAssociation answer)
      implements PhaseOneSelection {}

  /// None goes with ours.
  ///
  /// @param notification what answers it: one of [espd.ike.v1.message.NotificationType]
  /// @param difference what was offered, what is allowed and where they differ, as text
  record Mismatch(int notification, String difference) implements PhaseOneSelection {}
}
