package espd.ike.exchange;

import espd.ike.Identity;
import espd.ike.crypto.AuthData;
import espd.ike.crypto.Role;
import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.util.Optional;

/// Authentication by a secret both ends share (RFC 7296 §2.15): AUTH of method 2.
///
/// @param ikeSa whose keys go into it
/// @param init what is signed
record SharedKey(IkeSa ikeSa, InitMessages init) {

  /// {@return our proof}
  ///
  /// @param restOfIdPayload our ID payload without generic header
  Authentication proof(KeyMaterial secret, Bytes restOfIdPayload) {
    return new Authentication(
        Authentication.SHARED_KEY, expected(secret, ikeSa.role(), restOfIdPayload));
  }

  /// {@return whether the peer's proof is right; why not, if it is not}
  ///
  /// @param secret that we share with it, if any
  /// @param auth its proof
  /// @param restOfIdPayload its ID payload without generic header
  /// @param peer its identity, for the explanation
  Optional<String> refutation(
      Optional<KeyMaterial> secret, Authentication auth, Bytes restOfIdPayload, Identity peer) {
    if (secret.isEmpty()) {
      return Optional.of("no shared key found for '%s'".formatted(peer));
    }
    if (auth.method() != Authentication.SHARED_KEY) {
      return Optional.of(
          "authentication of '%s' differs: offered method %d, allowed pre-shared key (%d)"
              .formatted(peer, auth.method(), Authentication.SHARED_KEY));
    }
    return init.possible()
            .map(each -> new SharedKey(ikeSa, each))
            .map(each -> each.expected(secret.get(), ikeSa.role().other(), restOfIdPayload))
            .anyMatch(expected -> AuthData.matches(expected, auth.data()))
        ? Optional.empty()
        : Optional.of(
            "authentication of '%s' with pre-shared key failed: the secrets differ"
                .formatted(peer));
  }

  private Bytes expected(KeyMaterial secret, Role signer, Bytes restOfIdPayload) {
    return AuthData.ofSharedKey(secret, ikeSa.keys(), signer, init.signed(signer, restOfIdPayload));
  }
}
