package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.crypto.Role;
import espd.spd.KeyMaterial;
import java.util.Optional;

/// Where an ISAKMP SA stands, which is IKEv1's IKE SA (RFC 2408 §2.1), as its driver sees it. One
/// that is established is [Standing] besides; one that is gone is [IkeSaState.Closed].
public non-sealed interface IsakmpState extends IkeSaState {

  /// {@return our end of it}
  Role role();

  /// {@return the n of `NAME[n]`}
  int serial();

  /// {@return the initiator's cookie}
  long spiI();

  /// {@return the responder's cookie, 0 while it is not known}
  long spiR();

  /// {@return the cookie that we chose}
  default long localSpi() {
    return role() == Role.INITIATOR ? spiI() : spiR();
  }

  /// {@return where messages go}
  Path path();

  /// {@return the connection that it is for, as far as that is known}
  Connection connection();

  /// {@return the key that its messages are encrypted with, once it has one; for a log of keys on
  /// request}
  Optional<KeyMaterial> encryptionKey();

  /// {@return whether the peer asks and has not proven itself yet}
  boolean isHalfOpen();
}
