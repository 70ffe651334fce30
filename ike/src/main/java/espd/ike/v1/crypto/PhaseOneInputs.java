package espd.ike.v1.crypto;

import espd.ike.crypto.KeyInputs;
import espd.ike.crypto.Role;
import espd.ike.message.Bytes;

/// What the keys and proofs of phase 1 are derived from, besides secrets (RFC 2409 §5).
///
/// @param exchanged nonces and, as SPIs, the cookies
/// @param gXi the initiator's public value
/// @param gXr the responder's public value
public record PhaseOneInputs(KeyInputs exchanged, Bytes gXi, Bytes gXr) {

  /// {@return g^xi or g^xr}
  byte[] publicValue(Role of) {
    return (of == Role.INITIATOR ? gXi : gXr).toArray();
  }

  /// {@return CKY-I or CKY-R}
  byte[] cookie(Role of) {
    long cookie = of == Role.INITIATOR ? exchanged.spiI() : exchanged.spiR();
    return Bytes.ofLong(cookie).toArray();
  }
}
