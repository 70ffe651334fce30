package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/// The Authentication Data of the method Shared Key Message Integrity Code (RFC 7296 §2.15).
public final class AuthData {

  private static final String KEY_PAD = "Key Pad for IKEv2";

  private AuthData() {}

  /// `AUTH = prf( prf(Shared Secret, "Key Pad for IKEv2"), <SignedOctets>)`.
  ///
  /// @param secret what both ends share
  /// @param keys of the IKE SA
  /// @param signer who proves itself
  /// @param signed what it signs
  public static Bytes ofSharedKey(
      KeyMaterial secret, IkeKeys keys, Role signer, SignedOctets signed) {
    Prf prf = keys.suite().prf();
    byte[] key = prf.apply(secret, KEY_PAD.getBytes(StandardCharsets.US_ASCII));
    Bytes auth = Bytes.of(prf.apply(key, signed.octets(keys, signer)));
    Arrays.fill(key, (byte) 0);
    return auth;
  }

  /// `AUTH = prf(SK_px, <SignedOctets>)`: of an end that has been proven by a ticket's key (RFC
  /// 5723 §4.3.3).
  ///
  /// @param keys of the IKE SA that is resumed
  /// @param signer who proves itself
  /// @param signed what it signs
  public static Bytes ofTicket(IkeKeys keys, Role signer, SignedOctets signed) {
    return Bytes.of(keys.suite().prf().apply(keys.skP(signer), signed.octets(keys, signer)));
  }

  /// {@return whether two are the same, in a time that does not tell where they differ}
  public static boolean matches(Bytes expected, Bytes received) {
    return MessageDigest.isEqual(expected.toArray(), received.toArray());
  }
}
