package espd.daemon.racoon;

import espd.daemon.config.Value;
import java.util.Optional;

/// Who an end says it is: `my_identifier`, `peers_identifier`, and `from` of a `sainfo`.
///
/// @param type what kind of name it is
/// @param isFile whether `text` names a file that holds it
/// @param text the name; without one it is the end's address, or the subject of its certificate
/// @param word that begins it
record Identifier(Type type, boolean isFile, Optional<Value> text, Value word) {

  enum Type {
    ADDRESS,
    FQDN,
    USER_FQDN,
    KEYID,
    ASN1DN
  }
}
