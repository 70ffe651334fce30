package espd.ike.exchange;

import espd.ike.crypto.KeyInputs;
import espd.ike.crypto.Role;
import espd.ike.crypto.SignedOctets;
import espd.ike.message.Bytes;

/// The IKE_SA_INIT exchange as it went over the wire: what AUTH signs (RFC 7296 §2.15).
///
/// @param request RealMessage1
/// @param response RealMessage2
/// @param ni the initiator's nonce
/// @param nr the responder's nonce
record InitMessages(Bytes request, Bytes response, Bytes ni, Bytes nr) {

  /// {@return what `signer` signs}
  ///
  /// @param restOfIdPayload its ID payload without generic header
  SignedOctets signed(Role signer, Bytes restOfIdPayload) {
    return signer == Role.INITIATOR
        ? new SignedOctets(request, nr, restOfIdPayload)
        : new SignedOctets(response, ni, restOfIdPayload);
  }

  /// {@return what the keys are derived from}
  KeyInputs inputs(long spiI, long spiR) {
    return new KeyInputs(ni, nr, spiI, spiR);
  }
}
