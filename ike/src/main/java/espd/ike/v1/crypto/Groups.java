package espd.ike.v1.crypto;

import espd.ike.crypto.KeyExchangeMethod;
import java.util.Optional;

/// The groups of both phases, which have IKEv2's numbers (RFC 2409 §6, RFC 3526, RFC 5903, RFC
/// 8031): IKEv1 has no key encapsulation.
final class Groups {

  private static final int FIRST_KEM = 35;

  private Groups() {}

  static Optional<KeyExchangeMethod> of(int id) {
    return id < FIRST_KEM ? KeyExchangeMethod.of(id) : Optional.empty();
  }
}
