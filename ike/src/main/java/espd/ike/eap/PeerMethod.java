package espd.ike.eap;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.spd.KeyMaterial;

/// The peer's side of one method of EAP. For one thread at a time.
public interface PeerMethod extends EapMethod {

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
}
