package espd.ike.message;

import java.util.List;
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

  /// Additional key exchanges: ADDKE1 to ADDKE7, in the order in which they take place (RFC 9370
  /// §2.2.1). Their ids are those of [#DH].
  public static final List<Integer> ADDKE = List.of(6, 7, 8, 9, 10, 11, 12);

  /// The transform id of "none" in every type where that is allowed, and of "no ESN".
  public static final int NONE = 0;

  /// Stands for the id of a transform that came with an attribute we do not know: it goes with
  /// nothing (RFC 7296 §3.3.6).
  public static final int UNKNOWN_ATTRIBUTE = -1;

  /// The octets before a transform's type.
  static final int HEADER_OCTETS = 4;

  static final int LAST = 0;
  static final int MORE = 3;

  /// The bit of an attribute whose value takes the place of its length (RFC 7296 §3.3.5).
  private static final int FORMAT = 0x8000;

  private static final int KEY_LENGTH = FORMAT | 14;

  /// {@return a transform without a Key Length}
  public static Transform of(int type, int id) {
    return new Transform(type, id, OptionalInt.empty());
  }

  /// {@return an encryption transform with a Key Length}
  public static Transform encr(int id, int keyBits) {
    return new Transform(ENCR, id, OptionalInt.of(keyBits));
  }

  /// {@return the transform of an additional key exchange}
  ///
  /// @param number 1 for ADDKE1, up to 7
  /// @param id the method
  public static Transform additional(int number, int id) {
    return of(ADDKE.get(number - 1), id);
  }

  /// {@return 1 for ADDKE1, up to 7; 0 for any other type}
  public static int additionalNumber(int type) {
    return ADDKE.indexOf(type) + 1;
  }

  /// {@return whether transforms of this type are key exchange methods}
  public static boolean isKeyExchange(int type) {
    return type == DH || ADDKE.contains(type);
  }

  static Transform read(Reader in) throws MalformedException {
    int type = in.u8();
    in.skip(1);
    int id = in.u16();
    OptionalInt keyBits = OptionalInt.empty();
    while (in.hasMore()) {
      int attribute = in.u16();
      int valueOrLength = in.u16();
      if (attribute == KEY_LENGTH) {
        keyBits = OptionalInt.of(valueOrLength);
        continue;
      }
      id = UNKNOWN_ATTRIBUTE;
      if ((attribute & FORMAT) == 0) {
        in.skip(valueOrLength);
      }
    }
    return new Transform(type, id, keyBits);
  }

  void writeBody(Writer out) {
    out.u8(type).u8(0).u16(id);
    keyBits.ifPresent(bits -> out.u16(KEY_LENGTH).u16(bits));
  }
}
