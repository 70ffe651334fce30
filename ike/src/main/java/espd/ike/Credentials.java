package espd.ike;

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
}
