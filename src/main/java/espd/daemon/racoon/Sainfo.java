package espd.daemon.racoon;

import espd.daemon.config.Place;
import espd.daemon.config.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// `sainfo`: how the SAs of some packets are to be made.
///
/// @param place where it stands
/// @param local our end
/// @param remote the peer's
/// @param from whom the peer has to be
/// @param pfsGroup the group that quick mode exchanges keys in besides
/// @param remoteId only for a `remote` of that `ph1id`
/// @param lifetime of the SAs
/// @param encryption ciphers, the preferred first
/// @param authentication integrity algorithms, the preferred first
/// @param compression whether a policy may ask for DEFLATE
record Sainfo(
    Place place,
    SainfoId local,
    SainfoId remote,
    Optional<Identifier> from,
    Optional<Cipher> pfsGroup,
    OptionalInt remoteId,
    Duration lifetime,
    List<Cipher> encryption,
    List<Cipher> authentication,
    boolean compression) {

  /// racoon's own.
  static final Duration LIFETIME = Duration.ofHours(8);

  Sainfo {
    encryption = List.copyOf(encryption);
    authentication = List.copyOf(authentication);
  }

  /// {@return whether another one is for the same packets and peers}
  boolean isSameAs(Sainfo other) {
    return text(local).equals(text(other.local))
        && text(remote).equals(text(other.remote))
        && from.flatMap(Identifier::text)
            .map(Value::text)
            .equals(other.from.flatMap(Identifier::text).map(Value::text))
        && remoteId.equals(other.remoteId);
  }

  /// {@return as messages name it: `address 2001:db8::1[any] any`, …}
  String name() {
    return text(local) + " " + text(remote);
  }

  private static String text(SainfoId id) {
    return switch (id) {
      case SainfoId.Anonymous() -> "anonymous";
      case SainfoId.ClientAddress() -> "clientaddr";
      case SainfoId.Addresses a ->
          a.addresses() + "[" + a.ports() + "] " + (a.protocol() == 0 ? "any" : a.protocol());
      case SainfoId.Named(String type, var name) -> type + " \"" + name + "\"";
    };
  }
}
