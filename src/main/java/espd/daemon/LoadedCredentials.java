package espd.daemon;

import espd.daemon.config.Authority;
import espd.daemon.config.AuthorityReader;
import espd.daemon.config.ConfigException;
import espd.daemon.config.Secrets;
import espd.daemon.config.SharedSecret;
import espd.daemon.control.CredentialLoading;
import espd.daemon.control.Operations.Outcome;
import espd.ike.Keychain;
import espd.ike.pki.AskedAuthorities;
import espd.ike.pki.Certificates;
import espd.ike.pki.PrivateKeys;
import espd.ike.pki.PublicKeys;
import espd.spd.KeyMaterial;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The secrets, keys and certificates that were loaded, and those of the files. What IKE sees
/// follows at once. For any thread.
final class LoadedCredentials implements CredentialLoading {

  private static final Logger LOG = LoggerFactory.getLogger(LoadedCredentials.class);

  /// Of each kind no more are kept.
  private static final int MOST = 4096;

  private final Sight sight;
  private final Object turn;
  private final Runnable settled;
  private Secrets ofFiles;
  private final Map<String, SharedSecret> shared = new LinkedHashMap<>();
  private final Map<String, KeyPair> keys = new LinkedHashMap<>();
  private final Map<String, Authority> authorities = new LinkedHashMap<>();
  private final Set<X509Certificate> trusted = new LinkedHashSet<>();
  private final Set<X509Certificate> certificates = new LinkedHashSet<>();
  private final Set<X509CRL> crls = new LinkedHashSet<>();

  /// What IKE sees.
  ///
  /// @param secrets that are loaded
  /// @param authorities whom it asks what they have revoked
  record Sight(LiveCredentials secrets, AskedAuthorities authorities) {}

  /// @param sight what IKE sees
  /// @param ofFiles what the files have
  /// @param turn held while something changes
  /// @param settled returns when IKE no longer looks at what it saw before
  LoadedCredentials(Sight sight, Secrets ofFiles, Object turn, Runnable settled) {
    this.sight = sight;
    this.ofFiles = ofFiles;
    this.turn = turn;
    this.settled = settled;
  }

  /// The files have others; those before are the caller's to wipe.
  void become(Secrets others) {
    synchronized (turn) {
      ofFiles = others;
      show();
    }
  }

  private void show() {
    sight.secrets().become(ofFiles.with(shared.values(), loaded()));
  }

  private Keychain loaded() {
    Map<PublicKey, PrivateKey> pairs = new HashMap<>();
    keys.values().forEach(pair -> pairs.put(pair.getPublic(), pair.getPrivate()));
    Collection<Authority> named = authorities.values();
    return new Keychain(
        pairs,
        Stream.concat(trusted.stream(), named.stream().map(Authority::certificate)).toList(),
        List.copyOf(certificates),
        Stream.concat(crls.stream(), named.stream().flatMap(each -> each.crls().stream())).toList(),
        named.stream().map(Authority::places).toList());
  }

  @Override
  public Keychain keychain() {
    return sight.secrets().keychain();
  }

  @Override
  public List<X509CRL> fetchedCrls() {
    return sight.authorities().fetchedCrls();
  }

  @Override
  public Outcome flush() {
    sight.authorities().clear();
    return Outcome.done("");
  }

  @Override
  public Outcome loadShared(
      SharedSecret.Kind kind, String id, List<String> owners, KeyMaterial secret) {
    synchronized (turn) {
      if (isFull(shared, id)) {
        secret.close();
        return full("secrets");
      }
      try {
        replaceShared(id, Optional.of(SharedSecret.of(kind, id, owners, secret)));
        return Outcome.done("");
      } catch (ConfigException e) {
        return Outcome.failed(String.valueOf(e.getMessage()));
      }
    }
  }

  @Override
  public Outcome unloadShared(String id) {
    synchronized (turn) {
      if (!shared.containsKey(id)) {
        return Outcome.failed("no secret with id '" + id + "' is loaded");
      }
      replaceShared(id, Optional.empty());
      return Outcome.done("");
    }
  }

  @Override
  public List<String> shared() {
    synchronized (turn) {
      return List.copyOf(shared.keySet());
    }
  }

  private void replaceShared(String id, Optional<SharedSecret> next) {
    Optional<SharedSecret> before = Optional.ofNullable(shared.remove(id));
    next.ifPresent(secret -> shared.put(id, secret));
    show();
    if (before.isPresent()) {
      settled.run();
      before.get().secret().close();
    }
  }

  @Override
  public Outcome loadCertificate(CertificateUse use, byte[] octets) {
    synchronized (turn) {
      try {
        return switch (use) {
          case CRL -> add(crls, Certificates.crlsOfFile(octets));
          case AUTHORITY -> trust(Certificates.ofFile(octets));
          case END -> add(certificates, Certificates.ofFile(octets));
          case PUBLIC_KEY -> {
            PublicKeys.ofFile(octets);
            yield Outcome.done("");
          }
        };
      } catch (GeneralSecurityException e) {
        return Outcome.failed("parsing " + use.label() + " failed");
      }
    }
  }

  private Outcome trust(List<X509Certificate> all) {
    return all.stream().allMatch(each -> each.getBasicConstraints() >= 0)
        ? add(trusted, all)
        : Outcome.failed("ca certificate misses CA basic constraint, rejected");
  }

  private <T> Outcome add(Set<T> to, List<T> more) {
    if (to.size() + more.size() > MOST) {
      return full("certificates");
    }
    to.addAll(more);
    show();
    return Outcome.done("");
  }

  @Override
  public Outcome loadKey(KeyMaterial octets) {
    synchronized (turn) {
      try (octets) {
        KeyPair pair = octets.use(LoadedCredentials::pair);
        String id = id(pair.getPublic());
        if (isFull(keys, id)) {
          return full("keys");
        }
        keys.put(id, pair);
        show();
        return Outcome.done(id);
      } catch (IllegalArgumentException e) {
        return Outcome.failed("parsing private key failed: " + e.getMessage());
      }
    }
  }

  private static KeyPair pair(byte[] octets) {
    try {
      return PrivateKeys.read(octets, Optional.empty());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static String id(PublicKey key) {
    return Certificates.keyIdentifier(key).toString();
  }

  @Override
  public Outcome unloadKey(String id) {
    synchronized (turn) {
      if (keys.remove(id) == null) {
        return Outcome.failed("no private key with id '" + id + "' is loaded");
      }
      show();
      return Outcome.done("");
    }
  }

  @Override
  public List<String> keys() {
    synchronized (turn) {
      return List.copyOf(keys.keySet());
    }
  }

  @Override
  public Outcome loadAuthority(String name, Map<String, List<String>> section) {
    synchronized (turn) {
      try {
        AuthorityReader.Loaded read = AuthorityReader.read(name, section);
        if (isFull(authorities, name)) {
          return full("authorities");
        }
        read.warnings().forEach(warning -> LOG.warn("{}", warning));
        authorities.put(name, read.authority());
        show();
        return Outcome.done("");
      } catch (ConfigException e) {
        return Outcome.failed(String.valueOf(e.getMessage()));
      }
    }
  }

  @Override
  public Outcome unloadAuthority(String name) {
    synchronized (turn) {
      if (authorities.remove(name) == null) {
        return Outcome.failed("no authority named '" + name + "' is loaded");
      }
      show();
      return Outcome.done("");
    }
  }

  @Override
  public List<Authority> authorities() {
    synchronized (turn) {
      return List.copyOf(authorities.values());
    }
  }

  @Override
  public Outcome clear() {
    synchronized (turn) {
      List<SharedSecret> before = new ArrayList<>(shared.values());
      shared.clear();
      keys.clear();
      trusted.clear();
      certificates.clear();
      crls.clear();
      show();
      settled.run();
      before.forEach(each -> each.secret().close());
      return Outcome.done("");
    }
  }

  private static boolean isFull(Map<String, ?> kept, String name) {
    return kept.size() >= MOST && !kept.containsKey(name);
  }

  private static Outcome full(String what) {
    return Outcome.failed("more than " + MOST + " " + what + " are loaded; unload one");
  }
}
