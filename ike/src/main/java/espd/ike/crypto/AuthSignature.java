package espd.ike.crypto;

import espd.ike.message.Authentication;
import espd.ike.message.Bytes;
import java.security.Key;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The Authentication Data of the methods that sign. Method 14 says how (RFC 7427 §3):
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | ASN.1 Length  | AlgorithmIdentifier ASN.1 object              |
/// +-+-+-+-+-+-+-+-+                                               |
/// ~        AlgorithmIdentifier ASN.1 object continuing            ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                         Signature Value                       ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param schemes it may be of: only method 1 leaves the hash open
/// @param value the signature
public record AuthSignature(List<SignatureScheme> schemes, Bytes value) {

  private static final List<SignatureScheme> METHOD_1 =
      List.of(
          SignatureScheme.RSA_EMSA_PKCS1_SHA1,
          SignatureScheme.RSA_EMSA_PKCS1_SHA2_256,
          SignatureScheme.RSA_EMSA_PKCS1_SHA2_384,
          SignatureScheme.RSA_EMSA_PKCS1_SHA2_512);

  /// {@return the schemes we may use towards a peer, the most usual first}
  ///
  /// @param peer what it has announced; nothing asks for a method of the scheme's own (RFC 7427 §4)
  public static Stream<SignatureScheme> usable(Key key, Set<HashAlgorithm> peer) {
    if (peer.isEmpty()) {
      return Stream.of(
              SignatureScheme.RSA_EMSA_PKCS1_SHA1,
              SignatureScheme.ECDSA_256,
              SignatureScheme.ECDSA_384,
              SignatureScheme.ECDSA_521)
          .filter(scheme -> scheme.fits(key));
    }
    return SignatureScheme.of(key).stream().filter(scheme -> peer.contains(scheme.hash()));
  }

  /// {@return the payload of a signature}
  public static Authentication authentication(SignatureScheme scheme, Bytes signature) {
    if (scheme.identifier().length() == 0) {
      return new Authentication(method(scheme), signature);
    }
    Bytes length = Bytes.of((byte) scheme.identifier().length());
    return new Authentication(
        Authentication.DIGITAL_SIGNATURE,
        Bytes.of(KeyInputs.concatenated(length, scheme.identifier(), signature)));
  }

  private static int method(SignatureScheme scheme) {
    return switch (scheme.kind()) {
      case EC_256 -> Authentication.ECDSA_256;
      case EC_384 -> Authentication.ECDSA_384;
      case EC_521 -> Authentication.ECDSA_521;
      case RSA, PSS, EC, ED25519, ED448 -> Authentication.RSA;
    };
  }

  /// {@return the signature in a payload; nothing when its method signs not, or with an algorithm
  /// we do not know or have not announced}
  public static Optional<AuthSignature> in(Authentication auth) {
    return switch (auth.method()) {
      case Authentication.RSA -> Optional.of(new AuthSignature(METHOD_1, auth.data()));
      case Authentication.ECDSA_256 -> of(SignatureScheme.ECDSA_256, auth.data());
      case Authentication.ECDSA_384 -> of(SignatureScheme.ECDSA_384, auth.data());
      case Authentication.ECDSA_521 -> of(SignatureScheme.ECDSA_521, auth.data());
      case Authentication.DIGITAL_SIGNATURE -> named(auth.data());
      default -> Optional.empty();
    };
  }

  private static Optional<AuthSignature> of(SignatureScheme scheme, Bytes value) {
    return Optional.of(new AuthSignature(List.of(scheme), value));
  }

  private static Optional<AuthSignature> named(Bytes data) {
    int length = data.length() == 0 ? 0 : data.at(0);
    if (data.length() < 1 + length) {
      return Optional.empty();
    }
    byte[] octets = data.toArray();
    Bytes value = Bytes.of(octets, 1 + length, octets.length - 1 - length);
    return SignatureScheme.named(Bytes.of(octets, 1, length)).flatMap(s -> of(s, value));
  }
}
