package espd.ike.exchange;

import espd.ike.Datagram;
import espd.ike.crypto.AdditionalKeyExchange;
import espd.ike.crypto.HashAlgorithm;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.IntAuth;
import espd.ike.crypto.KeyInputs;
import espd.ike.crypto.Role;
import espd.ike.crypto.SignedOctets;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The exchanges before IKE_AUTH as they went over the wire: what AUTH signs (RFC 7296 §2.15, RFC
/// 9242 §3.3).
///
/// An initiator signs its request as it sent it last. That need not be the one that the responder
/// has answered: a copy without a cookie may have come after the responder had asked for one, and
/// the request with the cookie never (RFC 7296 §2.6). The initiator cannot tell which it is, for
/// nothing in an answer depends on it. The responder can: it knows what it asks for, and so what
/// the initiator may have sent besides.
///
/// @param request RealMessage1
/// @param cookies that its initiator may have been asked for before it was answered: of us as
///   responder
/// @param response RealMessage2
/// @param ni the initiator's nonce
/// @param nr the responder's nonce
/// @param intAuth the IKE_INTERMEDIATE exchanges after it
/// @param resumed what the ticket says, where they were IKE_SESSION_RESUME (RFC 5723)
record InitMessages(
    Bytes request,
    List<Bytes> cookies,
    Bytes response,
    Bytes ni,
    Bytes nr,
    IntAuth intAuth,
    Optional<Resumed> resumed) {

  /// Copies the list.
  InitMessages {
    cookies = List.copyOf(cookies);
  }

  /// Before any IKE_INTERMEDIATE exchange.
  InitMessages(Bytes request, Bytes response, Bytes ni, Bytes nr) {
    this(request, List.of(), response, ni, nr, IntAuth.NONE, Optional.empty());
  }

  /// {@return these after one more IKE_INTERMEDIATE exchange}
  InitMessages with(IntAuth newIntAuth) {
    return new InitMessages(request, cookies, response, ni, nr, newIntAuth, resumed);
  }

  /// {@return these, whose initiator may have been asked for cookies}
  InitMessages with(List<Bytes> given) {
    return new InitMessages(request, given, response, ni, nr, intAuth, resumed);
  }

  /// {@return these, with a ticket}
  InitMessages with(Resumed ticket) {
    return new InitMessages(request, cookies, response, ni, nr, intAuth, Optional.of(ticket));
  }

  /// {@return what may have gone over the wire: these, and these with each request that the
  /// initiator may have sent instead}
  Stream<InitMessages> possible() {
    return Stream.concat(
        Stream.of(this),
        cookies.stream()
            .map(cookie -> IkeSaInit.withCookie(request, cookie))
            .map(other -> new InitMessages(other, List.of(), response, ni, nr, intAuth, resumed)));
  }

  /// {@return whether a datagram of the last request's message id is that request: of IKE_SA_INIT
  /// there may be others, with the same SPI and id}
  boolean isRepeatedBy(Datagram datagram) {
    Bytes octets = Bytes.of(datagram.payload());
    return intAuth.exchanges() > 0 || possible().anyMatch(each -> each.request.equals(octets));
  }

  /// {@return the additional key exchange that comes next, if any: there is one an exchange (RFC
  /// 9370 §2.2.2), and none where the keys come of a ticket (RFC 9370 §2.2.5)}
  ///
  /// @param suite what was negotiated
  Optional<AdditionalKeyExchange> next(IkeSuite suite) {
    return resumed.isPresent()
        ? Optional.empty()
        : suite.additional().stream().skip(intAuth.exchanges()).findFirst();
  }

  /// {@return what `signer` signs}
  ///
  /// @param restOfIdPayload its ID payload without generic header
  SignedOctets signed(Role signer, Bytes restOfIdPayload) {
    return signer == Role.INITIATOR
        ? new SignedOctets(request, nr, restOfIdPayload, intAuth)
        : new SignedOctets(response, ni, restOfIdPayload, intAuth);
  }

  /// {@return the octets that `signer` signs}
  ///
  /// @param keys of the IKE SA
  /// @param restOfIdPayload its ID payload without generic header
  Bytes octets(IkeKeys keys, Role signer, Bytes restOfIdPayload) {
    return Bytes.of(signed(signer, restOfIdPayload).octets(keys, signer));
  }

  /// {@return the hashes that an end takes in signatures (RFC 7427 §4), none when it says nothing}
  Set<HashAlgorithm> hashAlgorithms(Role of) {
    Set<HashAlgorithm> hashes = EnumSet.noneOf(HashAlgorithm.class);
    for (Notify notify : contents(of).notifies().all(NotifyType.SIGNATURE_HASH_ALGORITHMS)) {
      for (int i = 0; i + 1 < notify.data().length(); i += 2) {
        int id = notify.data().at(i) << 8 | notify.data().at(i + 1);
        HashAlgorithm.of(id).ifPresent(hashes::add);
      }
    }
    return hashes;
  }

  /// {@return the encodings of certificates that the responder asks for (RFC 7296 §3.7)}
  Set<Integer> wantedEncodings() {
    return contents(Role.RESPONDER).wantedEncodings();
  }

  private Contents contents(Role of) {
    Bytes message = of == Role.INITIATOR ? request : response;
    try {
      return new Contents("IKE_SA_INIT", Message.read(message.toArray()).payloads());
    } catch (MalformedException e) {
      throw new IllegalStateException("a message that was read before", e);
    }
  }

  /// {@return what the keys are derived from}
  KeyInputs inputs(long spiI, long spiR) {
    return new KeyInputs(ni, nr, spiI, spiR);
  }
}
