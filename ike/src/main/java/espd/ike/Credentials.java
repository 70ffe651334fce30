package espd.ike;

import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.util.Optional;

/// The secrets that prove who we and our peers are (the PAD's authentication data, RFC 4301
/// §4.4.3.2).
@FunctionalInterface
public interface Credentials {

  /// {@return the secret shared by these two, the most specific there is, or nothing}
  ///
  /// @param local who we are
  /// @param remote who the peer says it is
  Optional<KeyMaterial> preSharedKey(Identity local, Identity remote);

  /// {@return the keys and certificates}
  default Keychain keychain() {
    return Keychain.EMPTY;
  }

  /// {@return the postquantum preshared key of this name, if we have it (RFC 8784)}
  ///
  /// @param id its PPK_ID without type
  default Optional<KeyMaterial> ppk(Bytes id) {
    return Optional.empty();
  }

  /// {@return what [espd.ike.eap.MsChapV2#ntPasswordHash] makes of a password, if we know it}
  ///
  /// @param identity of EAP, whose password it is
  default Optional<KeyMaterial> passwordHash(Bytes identity) {
    return Optional.empty();
  }
}
