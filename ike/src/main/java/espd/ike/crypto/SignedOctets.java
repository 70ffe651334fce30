package espd.ike.crypto;

import espd.ike.message.Bytes;

/// What one end signs in AUTH (RFC 7296 §2.15): `InitiatorSignedOctets = RealMessage1 | NonceRData
/// | MACedIDForI [| IntAuth]`, `ResponderSignedOctets = RealMessage2 | NonceIData | MACedIDForR [|
/// IntAuth]` (RFC 9242 §3.3.1).
///
/// @param realMessage the signer's IKE_SA_INIT message as it was sent, without non-ESP marker; of
///   several requests the one that was answered
/// @param otherNonce the Nonce Data of the other end
/// @param restOfIdPayload the signer's ID payload without generic header
/// @param intAuth the IKE_INTERMEDIATE exchanges
public record SignedOctets(
    Bytes realMessage, Bytes otherNonce, Bytes restOfIdPayload, IntAuth intAuth) {

  /// Without IKE_INTERMEDIATE exchanges.
  public SignedOctets(Bytes realMessage, Bytes otherNonce, Bytes restOfIdPayload) {
    this(realMessage, otherNonce, restOfIdPayload, IntAuth.NONE);
  }

  /// {@return the octets, with `MACedIDFor… = prf(SK_p…, RestOf…IDPayload)`}
  ///
  /// @param keys of the IKE SA
  /// @param signer whose octets these are
  public byte[] octets(IkeKeys keys, Role signer) {
    byte[] macedId = keys.suite().prf().apply(keys.skP(signer), restOfIdPayload.toArray());
    return KeyInputs.concatenated(realMessage, otherNonce, Bytes.of(macedId), intAuth.octets());
  }
}
