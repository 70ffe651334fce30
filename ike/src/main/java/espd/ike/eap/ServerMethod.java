package espd.ike.eap;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.spd.KeyMaterial;
import java.util.Optional;

/// The server's side of one method of EAP. For one thread at a time.
public interface ServerMethod extends EapMethod {

  /// {@return the Type-Data of the first request}
  Bytes begin();

  /// {@return what the peer's response leads to}
  ///
  /// @param response its Type-Data
  /// @throws MalformedException when it has no place here
  /// @throws EapFailedException when the peer cannot prove itself any more
  Verdict received(Bytes response) throws MalformedException, EapFailedException;

  /// {@return why it will end in failure, where that is known before its last request is answered:
  /// not every peer answers it}
  default Optional<String> complaint() {
    return Optional.empty();
  }

  /// What a response leads to.
  sealed interface Verdict {}

  /// A further request.
  ///
  /// @param request its Type-Data
  record Ask(Bytes request) implements Verdict {}

  /// The peer has proven itself.
  ///
  /// @param msk 64 octets (RFC 3748 §7.10)
  record Accept(KeyMaterial msk) implements Verdict {}
}
