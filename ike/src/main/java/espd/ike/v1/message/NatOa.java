package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;

/// An address as its own host has it, before any NAT (RFC 3947 §5.2): of transport mode.
///
/// ```
/// +---------------+---------------+---------------+---------------+
/// |    ID Type    |  RESERVED     |            RESERVED           |
/// +---------------+---------------+---------------+---------------+
/// |           IPv4 (4 octets) or IPv6 address (16 octets)         |
/// +---------------+---------------+---------------+---------------+
/// ```
///
/// @param type [IdType#IPV4_ADDR] or [IdType#IPV6_ADDR]
/// @param address its 4 or 16 octets
public record NatOa(int type, Bytes address) implements IsakmpPayload {

  /// The type of this payload.
  public static final int TYPE = 21;

  static NatOa read(Reader in) throws MalformedException {
    int type = in.u8();
    Reserved.expectZero(in.u8(), "NAT-OA");
    Reserved.expectZero(in.u16(), "NAT-OA");
    if (type != IdType.IPV4_ADDR && type != IdType.IPV6_ADDR) {
      throw new MalformedException("an ID of type " + type + " in NAT-OA");
    }
    IdType.expectOctets(type, in.remaining());
    return new NatOa(type, in.rest());
  }

  @Override
  public void writeBody(Writer out) {
    out.u8(type).u8(0).u16(0).bytes(address);
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  @Override
  public String label() {
    return "NAT-OA";
  }
}
