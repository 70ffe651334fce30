package espd.daemon.config;

import espd.daemon.config.SharedSecret.Use;
import espd.ike.Credentials;
import espd.ike.Identity;
import espd.ike.Keychain;
import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The shared secrets and private keys of `ipsec.secrets` (the PAD's authentication data, RFC 4301
/// §4.4.3.2). For any thread.
///
/// The entry that names both ends is taken before one that names one of them, that one before
/// `%any`, and that before an entry without names; of equal ones the first in the file. The order
/// of the names says nothing, so that the same line serves both hosts; each end needs a name of its
/// own in the line.
public final class Secrets implements Credentials, AutoCloseable {

  private static final int NAMED = 8;
  private static final int ANY = 2;
  private static final int ONE_IS_ENOUGH = 1;

  private final List<SharedSecret> entries;
  private final Keychain keychain;

  Secrets(List<SharedSecret> entries, Keychain keychain) {
    this.entries = List.copyOf(entries);
    this.keychain = keychain;
  }

  /// {@return these and others, which come after them}
  ///
  /// @param more secrets
  /// @param others keys and certificates
  public Secrets with(Collection<SharedSecret> more, Keychain others) {
    return new Secrets(
        Stream.concat(entries.stream(), more.stream()).toList(), keychain.and(others));
  }

  /// Wipes them.
  @Override
  public void close() {
    entries.forEach(entry -> entry.secret().close());
  }

  @Override
  public Optional<KeyMaterial> preSharedKey(Identity local, Identity remote) {
    return named(Use.PSK_OF_PEER, remote.data())
        .map(SharedSecret::secret)
        .or(() -> best(local, remote))
        .or(() -> anybody(Use.PSK_OF_PEER).map(SharedSecret::secret));
  }

  private Optional<KeyMaterial> best(Identity local, Identity remote) {
    Optional<SharedSecret> best = Optional.empty();
    int bestScore = 0;
    for (SharedSecret entry : of(Use.PSK)) {
      int score = score(entry.ids(), local, remote);
      if (score > bestScore) {
        bestScore = score;
        best = Optional.of(entry);
      }
    }
    return best.map(SharedSecret::secret);
  }

  @Override
  public Optional<KeyMaterial> passwordHash(Bytes identity) {
    return named(Use.EAP, identity).or(() -> anybody(Use.EAP)).map(SharedSecret::secret);
  }

  @Override
  public Optional<KeyMaterial> ppk(Bytes id) {
    return named(Use.PPK, id).map(SharedSecret::secret);
  }

  private List<SharedSecret> of(Use use) {
    return entries.stream().filter(entry -> entry.use() == use).toList();
  }

  private Optional<SharedSecret> named(Use use, Bytes name) {
    return of(use).stream().filter(entry -> entry.names(name)).findFirst();
  }

  private Optional<SharedSecret> anybody(Use use) {
    return of(use).stream().filter(SharedSecret::isForAnybody).findFirst();
  }

  @Override
  public Keychain keychain() {
    return keychain;
  }

  private static int score(List<Optional<Identity>> ids, Identity local, Identity remote) {
    if (ids.isEmpty()) {
      return ONE_IS_ENOUGH;
    }
    if (ids.size() == 1) {
      return Math.max(score(ids.getFirst(), local), score(ids.getFirst(), remote));
    }
    int best = 0;
    for (int i = 0; i < ids.size(); i++) {
      for (int j = 0; j < ids.size(); j++) {
        int here = score(ids.get(i), local);
        int there = score(ids.get(j), remote);
        if (i != j && here > 0 && there > 0) {
          best = Math.max(best, here + there);
        }
      }
    }
    return best;
  }

  private static int score(Optional<Identity> named, Identity id) {
    if (named.isEmpty()) {
      return ANY;
    }
    return named.get().equals(id) ? NAMED : 0;
  }
}
