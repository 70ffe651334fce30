package espd.ike.message;

import java.util.OptionalInt;

/// One algorithm of a proposal (RFC 7296 §3.3.2).
///
/// ```
///                      1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | Last Substruc |   RESERVED    |        Transform Length       |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |Transform Type |   RESERVED    |          Transform ID         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                      Transform Attributes                     ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param type the transform type: [#ENCR], [#PRF], [#INTEG], [#DH], [#ESN], or one we do not know
/// @param id the number of IANA's registry for that type
/// @param keyBits the Key Length attribute, where there is one
public record Transform(int type, int id, OptionalInt keyBits) {

  /// Encryption algorithm.
  public static final int ENCR = 1;

  /// Pseudorandom function.
  public static final int PRF = 2;

  /// Integrity algorithm.
  public static final int INTEG = 3;

  /// Key exchange method (Diffie-Hellman group).
  public static final int DH = 4;

  /// Extended sequence numbers.
  public static final int ESN = 5;

  /// {@return a transform without a Key Length}
  public static Transform of(int type, int id) {
    return new Transform(type, id, OptionalInt.empty());
  }

  /// {@return an encryption transform with a Key Length}
  public static Transform encr(int id, int keyBits) {
    return new Transform(ENCR, id, OptionalInt.of(keyBits));
  }
}
