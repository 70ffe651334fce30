package espd.ike.exchange;

import espd.ike.crypto.AdditionalKeyExchange;
import espd.ike.message.KeyExchange;
import espd.ike.message.MalformedException;
import espd.ike.message.Notify;
import espd.ike.message.Payload;
import java.util.List;
import java.util.Optional;

/// The exchange between IKE_SA_INIT and IKE_AUTH (RFC 9242), for one additional key exchange each
/// (RFC 9370 §2.2.2). The keys change after it.
///
/// ```
/// HDR, SK {KEi(n)}   -->
///                    <--  HDR, SK {KEr(n)}
///                or  <--  HDR, SK {N(error)}
/// ```
final class IkeIntermediate {

  private IkeIntermediate() {}

  /// {@return the initiator's part in these decrypted payloads}
  ///
  /// @param agreed the key exchange that comes next, if any
  /// @throws MalformedException when it is not there, or of another method
  static KeyExchange request(List<Payload> payloads, Optional<AdditionalKeyExchange> agreed)
      throws MalformedException {
    if (agreed.isEmpty()) {
      throw new MalformedException("IKE_INTERMEDIATE where IKE_AUTH comes next");
    }
    return ke(new Contents("IKE_INTERMEDIATE request", payloads), agreed.get());
  }

  /// The answer.
  sealed interface Response {

    /// {@return the answer in these decrypted payloads}
    ///
    /// @param agreed the key exchange that was asked for
    /// @throws MalformedException when there is no answer to it, or of another method
    static Response from(List<Payload> payloads, AdditionalKeyExchange agreed)
        throws MalformedException {
      Contents in = new Contents("IKE_INTERMEDIATE response", payloads);
      Optional<Notify> error = in.notifies().error();
      return error.isPresent() ? new Refused(error.get()) : new Exchanged(ke(in, agreed));
    }
  }

  /// The responder's part.
  record Exchanged(KeyExchange ker) implements Response {}

  /// No IKE SA.
  record Refused(Notify error) implements Response {}

  /// {@return the KE payload of a message for this key exchange}
  ///
  /// @throws MalformedException when it is not there, or of another method
  static KeyExchange ke(Contents in, AdditionalKeyExchange agreed) throws MalformedException {
    KeyExchange ke = in.required(KeyExchange.class);
    if (ke.method() != agreed.method().transformId()) {
      throw new MalformedException(
          in.message() + " with KE of method " + ke.method() + ", agreed " + agreed);
    }
    return ke;
  }
}
