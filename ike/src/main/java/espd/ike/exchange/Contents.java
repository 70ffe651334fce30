package espd.ike.exchange;

import espd.ike.message.CertificateRequest;
import espd.ike.message.Delete;
import espd.ike.message.MalformedException;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The payloads of one message, from which each exchange takes what it must and may have: the only
/// way from a message to a typed record, so that a missing or doubled payload gets no further (RFC
/// 7296 §1.2 and the tables of its appendix C).
///
/// @param message its name, for the explanation
/// @param payloads the decrypted payloads, or those in the clear of IKE_SA_INIT
record Contents(String message, List<Payload> payloads) {

  private static final Set<Integer> ENDING =
      Set.of(
          NotifyType.AUTHENTICATION_FAILED,
          NotifyType.INVALID_SYNTAX,
          NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD);

  /// {@return the payload of this type}
  ///
  /// @throws MalformedException when there is none or more than one
  <P extends Payload> P required(Class<P> type) throws MalformedException {
    Optional<P> payload = optional(type);
    if (payload.isEmpty()) {
      throw new MalformedException(message + " lacks " + type.getSimpleName());
    }
    return payload.get();
  }

  /// {@return the payload of this type, if there is one}
  ///
  /// @throws MalformedException when there is more than one
  <P extends Payload> Optional<P> optional(Class<P> type) throws MalformedException {
    List<P> found = all(type);
    if (found.size() > 1) {
      throw new MalformedException(message + " has more than one " + type.getSimpleName());
    }
    return found.stream().findFirst();
  }

  /// {@return every payload of this type}
  <P extends Payload> List<P> all(Class<P> type) {
    return payloads.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /// {@return the encodings of certificates that are asked for by CERTREQ (RFC 7296 §3.7)}
  Set<Integer> wantedEncodings() {
    return all(CertificateRequest.class).stream()
        .map(CertificateRequest::encoding)
        .collect(Collectors.toUnmodifiableSet());
  }

  /// {@return whether a request ends the IKE SA: by its deletion, or by one of the errors that do
  /// without it (RFC 7296 §1.4.1, §2.21.2)}
  boolean endsIkeSa() {
    return all(Delete.class).stream().anyMatch(delete -> delete.protocol() == Proposal.IKE)
        || notifies().all().stream().map(Notify::type).anyMatch(ENDING::contains);
  }

  /// {@return its Notify payloads}
  Notifies notifies() {
    return new Notifies(all(Notify.class));
  }
}
