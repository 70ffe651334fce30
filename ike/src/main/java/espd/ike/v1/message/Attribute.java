package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;
import java.util.OptionalLong;

/// A data attribute of a transform (RFC 2408 §3.3).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |A|       Attribute Type        |    AF=0  Attribute Length     |
/// |F|                             |    AF=1  Attribute Value      |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// .                   AF=0  Attribute Value                       .
/// .                   AF=1  Not Transmitted                       .
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param type 0 to 32767, as [PhaseOneAttribute] or [PhaseTwoAttribute] has them
/// @param basic whether it is of the short form (AF=1), whose value has two octets
/// @param value the value
public record Attribute(int type, boolean basic, Bytes value) {

  private static final int FORMAT = 0x8000;
  private static final int BASIC_OCTETS = 2;
  private static final int MAX_BASIC = 0xffff;

  /// @throws IllegalArgumentException when a short one has not two octets
  public Attribute {
    if (basic && value.length() != BASIC_OCTETS) {
      throw new IllegalArgumentException("a basic attribute of " + value.length() + " octets");
    }
  }

  /// {@return the attribute of a number: the short form where it fits, else four octets}
  ///
  /// @param value 0 to 2^32 - 1
  public static Attribute of(int type, long value) {
    return value <= MAX_BASIC
        ? new Attribute(type, true, Bytes.of((byte) (value >>> 8), (byte) value))
        : new Attribute(type, false, Bytes.ofInt((int) value));
  }

  /// {@return the number that it is, in either form; nothing when it is larger than a `long`}
  public OptionalLong number() {
    long number = 0;
    for (int i = 0; i < value.length(); i++) {
      if (number > Long.MAX_VALUE >>> Byte.SIZE) {
        return OptionalLong.empty();
      }
      number = number << Byte.SIZE | value.at(i);
    }
    return value.length() == 0 ? OptionalLong.empty() : OptionalLong.of(number);
  }

  static Attribute read(Reader in) throws MalformedException {
    int type = in.u16();
    return (type & FORMAT) != 0
        ? new Attribute(type ^ FORMAT, true, in.bytes(BASIC_OCTETS))
        : new Attribute(type, false, in.bytes(in.u16()));
  }

  void write(Writer out) {
    if (basic) {
      out.u16(type | FORMAT).bytes(value);
    } else {
      out.u16(type).u16(value.length()).bytes(value);
    }
  }
}
