package espd.daemon.config;

import espd.ike.Identity;
import espd.spd.KeyMaterial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A secret and who shares it.
///
/// @param ids whom it is for; nothing in one stands for anybody
/// @param secret what they share
public record SharedSecret(List<Optional<Identity>> ids, KeyMaterial secret) {

  /// Copies the list.
  public SharedSecret {
    ids = List.copyOf(ids);
  }

  /// Reads who shares a secret, as vici's `load-shared` names them.
  ///
  /// @param id names the secret in errors
  /// @param owners identities, or `%any`
  /// @param secret what they share; closed when an owner cannot be read
  /// @throws ConfigException when an owner cannot be read
  public static SharedSecret of(String id, List<String> owners, KeyMaterial secret)
      throws ConfigException {
    List<Optional<Identity>> ids = new ArrayList<>();
    Place place = Place.of(Path.of("secrets." + id));
    try {
      for (String owner : owners) {
        Value value = new Value(offset -> place, owner, new int[owner.length() + 1]);
        ids.add(owner(value));
      }
      return new SharedSecret(ids, secret);
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
