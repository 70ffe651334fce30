package espd.ike.message;

import java.util.ArrayList;
import java.util.List;

/// A request for an internal address or the answer to it (RFC 7296 §3.15).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |   CFG Type    |                    RESERVED                   |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                   Configuration Attributes                    ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param cfgType 1 CFG_REQUEST, 2 CFG_REPLY, 3 CFG_SET, 4 CFG_ACK
/// @param attributes in the order of the wire
public record Configuration(int cfgType, List<Attribute> attributes) implements Payload {

  /// One attribute (RFC 7296 §3.15.1).
  ///
  /// @param type 15 bits
  /// @param value as the type says, empty in a request for anything
  public record Attribute(int type, Bytes value) {}

  /// The type of this payload.
  public static final int TYPE = 47;

  /// More attributes than this are refused.
  public static final int MAX_ATTRIBUTES = 256;

  private static final int TYPE_MASK = 0x7fff;

  /// Copies the list.
  public Configuration {
    attributes = List.copyOf(attributes);
  }

  static Configuration read(Reader in) throws MalformedException {
    int cfgType = in.u8();
    in.skip(3);
    List<Attribute> attributes = new ArrayList<>();
    while (in.hasMore()) {
      if (attributes.size() == MAX_ATTRIBUTES) {
        throw new MalformedException("more than " + MAX_ATTRIBUTES + " attributes");
      }
      int type = in.u16() & TYPE_MASK;
      attributes.add(new Attribute(type, in.bytes(in.u16())));
    }
    return new Configuration(cfgType, attributes);
  }

  @Override
  public void writeBody(Writer out) {
    out.u8(cfgType).u8(0).u16(0);
    for (Attribute attribute : attributes) {
      out.u16(attribute.type).u16(attribute.value.length()).bytes(attribute.value);
    }
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  @Override
  public String label() {
    return switch (cfgType) {
      case 1 -> "CPRQ";
      case 2 -> "CPRP";
      case 3 -> "CPS";
      case 4 -> "CPA";
      default -> "CP";
    };
  }
}
