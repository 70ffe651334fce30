package espd.daemon;

import espd.daemon.config.Secrets;
import espd.ike.Credentials;
import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.util.Optional;

/// The secrets as they are now. For any thread.
final class LiveCredentials implements Credentials {

  private volatile Secrets secrets;

  LiveCredentials(Secrets first) {
    secrets = first;
  }

  /// Replaces them; those before are the caller's to wipe, once nobody uses them.
  void become(Secrets others) {
    secrets = others;
  }

  @Override
  public Optional<KeyMaterial> preSharedKey(Identity local, Identity remote) {
    return secrets.preSharedKey(local, remote);
  }

  @Override
  public Optional<KeyMaterial> ppk(Bytes id) {
    return secrets.ppk(id);
  }

  @Override
  public Optional<KeyMaterial> passwordHash(Bytes identity) {
    return secrets.passwordHash(identity);
  }

  @Override
  public Keychain keychain() {
    return secrets.keychain();
  }
}
