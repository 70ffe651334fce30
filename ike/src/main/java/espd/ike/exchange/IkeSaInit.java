package espd.ike.exchange;

import espd.ike.Extension;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.message.Bytes;
import espd.ike.message.CertificateRequest;
import espd.ike.message.Header;
import espd.ike.message.KeyExchange;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Nonce;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import espd.ike.message.SecurityAssociation;
import espd.ike.message.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The exchange that agrees on algorithms and keys (RFC 7296 §1.2).
///
/// ```
/// HDR, [N(COOKIE),] SAi1, KEi, Ni,
///      N(NAT_DETECTION_SOURCE_IP), N(NAT_DETECTION_DESTINATION_IP)   -->
///
///                                         <--  HDR, SAr1, KEr, Nr, [CERTREQ,] N(NAT_…), N(NAT_…)
///                                     or  <--  HDR, N(COOKIE)              (RFC 7296 §2.6)
///                                     or  <--  HDR, N(INVALID_KE_PAYLOAD)  (RFC 7296 §1.2)
///                                     or  <--  HDR, N(REDIRECT)            (RFC 5685 §3)
///                                     or  <--  HDR, N(NO_PROPOSAL_CHOSEN)
/// ```
public final class IkeSaInit {

  /// Where the header has the type of the first payload and the length (RFC 7296 §3.1).
  private static final int FIRST_PAYLOAD_AT = 16;

  private static final int LENGTH_AT = 24;

  /// Where a payload has its length, and a Notify payload its type (RFC 7296 §3.2, §3.10).
  private static final int PAYLOAD_LENGTH_AT = 2;

  private static final int NOTIFY_TYPE_AT = 6;

  /// A Notify payload without SPI and data.
  private static final int NOTIFY_OCTETS = 8;

  private IkeSaInit() {}

  /// The request. The components are the RFC's, in its order.
  ///
  /// @param cookie what we gave the peer before
  /// @param sai1 the proposals
  /// @param kei the initiator's public value
  /// @param ni the initiator's nonce
  /// @param notifies all of its notifications
  record Request(
      Optional<Bytes> cookie,
      SecurityAssociation sai1,
      KeyExchange kei,
      Nonce ni,
      Notifies notifies) {

    /// {@return the request in `message`}
    ///
    /// @throws MalformedException when a payload is missing or doubled
    static Request from(Message message) throws MalformedException {
      Contents in = new Contents("IKE_SA_INIT request", message.payloads());
      Notifies notifies = in.notifies();
      return new Request(
          notifies.first(NotifyType.COOKIE).map(Notify::data),
          in.required(SecurityAssociation.class),
          in.required(KeyExchange.class),
          in.required(Nonce.class),
          notifies);
    }

    /// {@return what of `ours` may be granted: without IKE_INTERMEDIATE no additional key exchange
    /// (RFC 9370 §2.2.1)}
    List<Proposal> allowed(List<Proposal> ours) {
      return notifies.has(Extension.INTERMEDIATE.notifyType())
          ? ours
          : ours.stream().flatMap(each -> each.withFirstKeyExchangeOnly().stream()).toList();
    }
  }

  /// What the responder may answer. Nothing in it is proven yet.
  sealed interface Response {

    /// {@return the response in `message`}
    ///
    /// @throws MalformedException when it is none of these
    static Response from(Message message) throws MalformedException {
      Contents in = new Contents("IKE_SA_INIT response", message.payloads());
      Notifies notifies = in.notifies();
      Optional<Notify> cookie = notifies.first(NotifyType.COOKIE);
      Optional<SecurityAssociation> sar1 = in.optional(SecurityAssociation.class);
      if (sar1.isEmpty() && cookie.isPresent()) {
        return new CookieWanted(cookie.get().data());
      }
      if (sar1.isEmpty() && notifies.has(NotifyType.REDIRECT)) {
        return new Elsewhere(notifies);
      }
      Optional<Notify> error = notifies.error();
      if (error.isPresent()) {
        Notify notify = error.get();
        boolean group = notify.type() == NotifyType.INVALID_KE_PAYLOAD;
        return group && notify.data().length() == 2
            ? new GroupWanted(notify.data().at(0) << 8 | notify.data().at(1))
            : new Refused(notify);
      }
      List<Proposal> chosen = in.required(SecurityAssociation.class).proposals();
      if (chosen.size() != 1) {
        throw new MalformedException("IKE_SA_INIT response chooses " + chosen.size());
      }
      return new Accepted(
          chosen.getFirst(), in.required(KeyExchange.class), in.required(Nonce.class), notifies);
    }
  }

  /// SAr1, KEr, Nr.
  record Accepted(Proposal chosen, KeyExchange ker, Nonce nr, Notifies notifies)
      implements Response {}

  /// N(COOKIE): the responder wants to see that our address is ours.
  record CookieWanted(Bytes cookie) implements Response {}

  /// N(INVALID_KE_PAYLOAD): the responder chose a proposal with another group.
  record GroupWanted(int group) implements Response {}

  /// N(REDIRECT): another gateway is to be asked (RFC 5685 §3).
  record Elsewhere(Notifies notifies) implements Response {}

  /// Any other error.
  record Refused(Notify error) implements Response {}

  /// {@return the octets of a request as its initiator sends it again when it is asked for a
  /// cookie: that comes first, in the place of another if there was one, and all else stays as it
  /// is (RFC 7296 §2.6)}
  ///
  /// @param request that has been read before
  static Bytes withCookie(Bytes request, Bytes cookie) {
    byte[] octets = request.toArray();
    int first = octets[FIRST_PAYLOAD_AT] & 0xff;
    int rest = Header.OCTETS;
    if (first == Notify.TYPE && u16(octets, rest + NOTIFY_TYPE_AT) == NotifyType.COOKIE) {
      first = octets[rest] & 0xff;
      rest += u16(octets, rest + PAYLOAD_LENGTH_AT);
    }
    int added = NOTIFY_OCTETS + cookie.length();
    return Bytes.of(
        new Writer()
            .bytes(Bytes.of(octets, 0, FIRST_PAYLOAD_AT))
            .u8(Notify.TYPE)
            .bytes(Bytes.of(octets, FIRST_PAYLOAD_AT + 1, LENGTH_AT - FIRST_PAYLOAD_AT - 1))
            .u32(Header.OCTETS + added + octets.length - rest)
            .u8(first)
            .u8(0)
            .u16(added)
            .u16(0)
            .u16(NotifyType.COOKIE)
            .bytes(cookie)
            .bytes(Bytes.of(octets, rest, octets.length - rest))
            .toArray());
  }

  private static int u16(byte[] octets, int at) {
    return (octets[at] & 0xff) << 8 | (octets[at + 1] & 0xff);
  }

  /// {@return the request}
  static Message request(Attempt attempt, EphemeralKeyPair key, List<Notify> notifies) {
    List<Payload> payloads = new ArrayList<>();
    attempt.cookie().ifPresent(c -> payloads.add(Notify.of(NotifyType.COOKIE, c)));
    payloads.add(new SecurityAssociation(attempt.wish().connection().ikeProposals()));
    payloads.add(key.ke());
    payloads.add(new Nonce(attempt.nonce()));
    payloads.addAll(notifies);
    return new Message(attempt.header(Header.IKE_SA_INIT), payloads);
  }

  /// {@return the answer that accepts}
  ///
  /// @param request the request's header, with our SPI in it
  /// @param accepted what it says
  /// @param certreq whose certificates we trust
  static Message answer(Header request, Accepted accepted, List<CertificateRequest> certreq) {
    List<Payload> payloads = new ArrayList<>();
    payloads.add(new SecurityAssociation(List.of(accepted.chosen())));
    payloads.add(accepted.ker());
    payloads.add(accepted.nr());
    payloads.addAll(certreq);
    payloads.addAll(accepted.notifies().all());
    return new Message(responseTo(request), payloads);
  }

  /// {@return the answer that wants something else, or nothing at all. It makes no state, so the
  /// responder's SPI in it is 0 (RFC 7296 §2.6)}
  static Message refuse(Header request, Notify notify) {
    Header header = responseTo(new Header(request.spiI(), 0, request.exchange(), 0, 0));
    return new Message(header, List.of(notify));
  }

  /// {@return INVALID_KE_PAYLOAD, with the group we chose}
  static Notify wantGroup(int group) {
    return Notify.of(NotifyType.INVALID_KE_PAYLOAD, Bytes.of((byte) (group >>> 8), (byte) group));
  }

  /// {@return the header of our response}
  ///
  /// @param request the request's header, with our SPI in it
  static Header responseTo(Header request) {
    return new Header(
        request.spiI(), request.spiR(), request.exchange(), Header.RESPONSE, request.messageId());
  }
}
