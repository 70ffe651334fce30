package espd.ike.exchange;

import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import java.util.List;
import java.util.Optional;

/// What INVALID_KE_PAYLOAD asks for in CREATE_CHILD_SA (RFC 7296 §1.3).
final class AnotherMethod {

  private AnotherMethod() {}

  /// {@return the method that the peer wants, only if it is allowed, and once: whoever refuses also
  /// that does not want to agree}
  ///
  /// @param allowed ours; the first of them is what we try first
  /// @param tried what is refused
  static Optional<KeyExchangeMethod> wanted(
      Notify notify, List<KeyExchangeMethod> allowed, KeyExchangeMethod tried) {
    if (notify.type() != NotifyType.INVALID_KE_PAYLOAD
        || notify.data().length() != 2
        || allowed.getFirst() != tried) {
      return Optional.empty();
    }
    int wanted = notify.data().at(0) << 8 | notify.data().at(1);
    return allowed.stream().skip(1).filter(m -> m.transformId() == wanted).findFirst();
  }
}
