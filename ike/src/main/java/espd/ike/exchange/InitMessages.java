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
import java.util.Optional;
import java.util.Set;

/// The exchanges before IKE_AUTH as they went over the wire: what AUTH signs (RFC 7296 §2.15, RFC
/// 9242 §3.3).
///
/// @param request RealMessage1
/// @param response RealMessage2
/// @param ni the initiator's nonce
/// @param nr the responder's nonce
/// @param intAuth the IKE_INTERMEDIATE exchanges after it
record InitMessages(Bytes request, Bytes response, Bytes ni, Bytes nr, IntAuth intAuth) {

  /// Before any IKE_INTERMEDIATE exchange.
  InitMessages(Bytes request, Bytes response, Bytes ni, Bytes nr) {
    this(request, response, ni, nr, IntAuth.NONE);
  }

  /// {@return these after one more IKE_INTERMEDIATE exchange}
  InitMessages with(IntAuth newIntAuth) {
    return new InitMessages(request, response, ni, nr, newIntAuth);
  }

  /// {@return whether a datagram of the last request's message id is that request: of IKE_SA_INIT
  /// there may be others, with the same SPI and id}
  boolean isRepeatedBy(Datagram datagram) {
    return intAuth.exchanges() > 0 || Bytes.of(datagram.payload()).equals(request);
  }

  /// {@return these with the request as the initiator now has it, where a datagram is that request
  /// with a cookie that we asked for before we answered it without: it is the last that an
  /// initiator signs (RFC 7296 §2.6, §2.15)}
  ///
  /// @throws MalformedException when it is no message
  Optional<InitMessages> requestedWithCookie(Datagram datagram) throws MalformedException {
    return intAuth.exchanges() == 0 && gotCookie(request, datagram)
        ? Optional.of(new InitMessages(Bytes.of(datagram.payload()), response, ni, nr))
        : Optional.empty();
  }

  /// {@return whether a datagram is the same IKE_SA_INIT request, now with a cookie}
  ///
  /// @throws MalformedException when it is no message
  static boolean gotCookie(Bytes request, Datagram datagram) throws MalformedException {
    Message again = Message.read(datagram.payload());
    boolean hasCookie =
        new Contents("IKE_SA_INIT", again.payloads()).notifies().has(NotifyType.COOKIE);
    return hasCookie && IkeSaInit.differOnlyInCookie(Message.read(request.toArray()), again);
  }

  /// {@return the additional key exchange that comes next, if any: there is one an exchange (RFC
  /// 9370 §2.2.2)}
  ///
  /// @param suite what was negotiated
  Optional<AdditionalKeyExchange> next(IkeSuite suite) {
    return suite.additional().stream().skip(intAuth.exchanges()).findFirst();
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
