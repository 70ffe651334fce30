package espd.ike.eap;

import espd.ike.EapType;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.pki.Inquiry;
import espd.spd.KeyMaterial;
import java.util.List;
import java.util.Optional;

/// The peer's side of one method of EAP. For one thread at a time.
public interface PeerMethod extends AutoCloseable {

  /// {@return which method}
  EapType type();

  /// {@return the Type-Data of the response}
  ///
  /// @param request the Type-Data of the server's request
  /// @throws MalformedException when the request has no place here
  /// @throws EapFailedException when there is nothing to answer
  Bytes answer(Bytes request) throws MalformedException, EapFailedException;

  /// {@return the MSK, once the server says that all is well}
  ///
  /// @throws EapFailedException when for this end it is not
  KeyMaterial msk() throws EapFailedException;

  /// {@return why the server says that it is not well, as far as the method knows}
  default String complaint() {
    return "received EAP_FAILURE, EAP authentication failed";
  }

  /// {@return what there is to say to people of a conversation that has succeeded}
  default List<String> lines() {
    return List.of();
  }

  /// {@return what is to be asked about a conversation that has succeeded, before it counts}
  default Optional<Inquiry> inquiry() {
    return Optional.empty();
  }

  @Override
  void close();
}
