package espd.daemon.config;

import espd.ike.Identity;
import espd.ike.eap.MsChapV2;
import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A secret and who shares it.
///
/// @param use what it is for
/// @param ids whom it is for; nothing in one stands for anybody
/// @param secret what they share
public record SharedSecret(Use use, List<Optional<Identity>> ids, KeyMaterial secret) {

  /// What a secret is for.
  public enum Use {
    /// Both ends prove themselves by it (RFC 7296 §2.15).
    PSK,
    /// The same, of a file that names the peer only, by whatever octets its identity has (racoon's
    /// `psk.txt`); without a name it is for whoever has no other.
    PSK_OF_PEER,
    /// A password of EAP, of which only [MsChapV2#ntPasswordHash] is kept.
    EAP,
    /// It goes into the keys (RFC 8784).
    PPK
  }

  /// What files and messages call a secret.
  public enum Kind {
    /// `ipsec.secrets` says PSK, vici IKE.
    PSK,
    /// A password of EAP.
    EAP,
    /// The NT hash of one.
    NTLM,
    /// A postquantum preshared key.
    PPK
  }

  /// {@return a secret of a kind; a password is wiped}
  static SharedSecret of(Kind kind, List<Optional<Identity>> ids, KeyMaterial secret) {
    return switch (kind) {
      case PSK -> new SharedSecret(Use.PSK, ids, secret);
      case EAP -> ofPassword(ids, secret);
      case NTLM -> new SharedSecret(Use.EAP, ids, secret);
      case PPK -> new SharedSecret(Use.PPK, ids, secret);
    };
  }

  private static SharedSecret ofPassword(List<Optional<Identity>> ids, KeyMaterial password) {
    try (password) {
      return new SharedSecret(Use.EAP, ids, password.use(MsChapV2::ntPasswordHash));
    }
  }

  /// {@return whether it is for this name, said so by it}
  boolean names(Bytes name) {
    return ids.stream().flatMap(Optional::stream).anyMatch(id -> id.data().equals(name));
  }

  /// {@return whether it is for anybody}
  boolean isForAnybody() {
    return ids.isEmpty() || ids.contains(Optional.<Identity>empty());
  }

  /// Copies the list.
  public SharedSecret {
    ids = List.copyOf(ids);
  }

  /// Reads who shares a secret, as vici's `load-shared` names them.
  ///
  /// @param kind what it is for
  /// @param id names the secret in errors
  /// @param owners identities, or `%any`
  /// @param secret what they share; closed when an owner cannot be read
  /// @throws ConfigException when an owner cannot be read
  public static SharedSecret of(Kind kind, String id, List<String> owners, KeyMaterial secret)
      throws ConfigException {
    List<Optional<Identity>> ids = new ArrayList<>();
    Place place = Place.of(Path.of("secrets." + id));
    try {
      for (String owner : owners) {
        Value value = new Value(offset -> place, owner, new int[owner.length() + 1]);
        ids.add(owner(value));
      }
      return of(kind, ids, secret);
    } catch (Unreadable e) {
      secret.close();
      throw new ConfigException(List.of(e.problem()));
    }
  }

  /// {@return whom a name stands for, nothing in it for anybody}
  static Optional<Identity> owner(Value name) throws Unreadable {
    return isAnybody(name) ? Optional.empty() : Optional.of(Identities.read(name));
  }

  /// {@return whether a name stands for anybody}
  static boolean isAnybody(Value name) {
    return name.lower().matches("%any[46]?|\\*|0\\.0\\.0\\.0|::");
  }
}
