package espd.ike.exchange;

import espd.ike.Extension;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Nonce;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The exchange that takes IKE_SA_INIT's place where the initiator has a ticket (RFC 5723 §4.3.2):
/// without a key exchange, and without algorithms, which the ticket says.
///
/// ```
/// HDR, [N(COOKIE),] Ni, N(TICKET_OPAQUE),
///      N(NAT_DETECTION_SOURCE_IP), N(NAT_DETECTION_DESTINATION_IP)   -->
///
///                                         <--  HDR, Nr, N(NAT_…), N(NAT_…)
///                                     or  <--  HDR, N(COOKIE)
///                                     or  <--  HDR, N(TICKET_NACK)
/// ```
///
/// What both ends can do is announced anew (RFC 5723 §5), but for what is of use only with a key
/// exchange.
final class IkeSessionResume {

  private static final Set<Extension> ANNOUNCED =
      Set.of(Extension.FRAGMENTATION, Extension.REDIRECT, Extension.CHILDLESS);

  private IkeSessionResume() {}

  /// The request. The components are the RFC's, in its order.
  ///
  /// @param ni the initiator's nonce
  /// @param ticket TICKET_OPAQUE
  /// @param notifies all of its notifications
  record Request(Nonce ni, Bytes ticket, Notifies notifies) {

    /// {@return the request in `message`}
    ///
    /// @throws MalformedException when a payload is missing or doubled
    static Request from(Message message) throws MalformedException {
      Contents in = new Contents("IKE_SESSION_RESUME request", message.payloads());
      Optional<Notify> ticket = in.notifies().first(NotifyType.TICKET_OPAQUE);
      if (ticket.isEmpty()) {
        throw new MalformedException("IKE_SESSION_RESUME request lacks TICKET_OPAQUE");
      }
      return new Request(in.required(Nonce.class), ticket.get().data(), in.notifies());
    }
  }

  /// What the responder may answer. Nothing in it is proven yet.
  sealed interface Response {

    /// {@return the response in `message`}
    ///
    /// @throws MalformedException when it is none of these
    static Response from(Message message) throws MalformedException {
      Contents in = new Contents("IKE_SESSION_RESUME response", message.payloads());
      Notifies notifies = in.notifies();
      Optional<Nonce> nr = in.optional(Nonce.class);
      if (nr.isPresent()) {
        return new Accepted(nr.get(), notifies);
      }
      Optional<Notify> cookie = notifies.first(NotifyType.COOKIE);
      if (cookie.isPresent()) {
        return new CookieWanted(cookie.get().data());
      }
      Optional<Notify> refusal =
          notifies
              .first(NotifyType.TICKET_NACK)
              .or(() -> notifies.first(NotifyType.REDIRECT))
              .or(notifies::error);
      if (refusal.isEmpty()) {
        throw new MalformedException("IKE_SESSION_RESUME response lacks Nonce");
      }
      return new Refused(refusal.get());
    }
  }

  /// Nr.
  record Accepted(Nonce nr, Notifies notifies) implements Response {}

  /// N(COOKIE): the responder wants to see that our address is ours.
  record CookieWanted(Bytes cookie) implements Response {}

  /// The ticket is not taken, or something else is wanted: what IKE_SA_INIT will find out.
  record Refused(Notify why) implements Response {}

  /// {@return what of these an end announces}
  static Set<Extension> announced(Set<Extension> ours) {
    return Set.copyOf(ours.stream().filter(ANNOUNCED::contains).toList());
  }

  /// {@return the request}
  static Message request(Attempt attempt, Bytes ticket, List<Notify> notifies) {
    List<Payload> payloads = new ArrayList<>();
    attempt.cookie().ifPresent(c -> payloads.add(Notify.of(NotifyType.COOKIE, c)));
    payloads.add(new Nonce(attempt.nonce()));
    payloads.add(Notify.of(NotifyType.TICKET_OPAQUE, ticket));
    payloads.addAll(notifies);
    return new Message(attempt.header(Header.IKE_SESSION_RESUME), payloads);
  }

  /// {@return the answer that accepts}
  ///
  /// @param request the request's header, with our SPI in it
  static Message answer(Header request, Nonce nr, List<Notify> notifies) {
    List<Payload> payloads = new ArrayList<>(List.of(nr));
    payloads.addAll(notifies);
    return new Message(IkeSaInit.responseTo(request), payloads);
  }
}
