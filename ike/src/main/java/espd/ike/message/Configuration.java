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
/// @param cfgType [#REQUEST], [#REPLY], [#SET], [#ACK], or one we do not know
/// @param attributes in the order of the wire
public record Configuration(int cfgType, List<Attribute> attributes) implements Payload {

  /// CFG_REQUEST.
  public static final int REQUEST = 1;

  /// CFG_REPLY.
  public static final int REPLY = 2;

  /// CFG_SET.
  public static final int SET = 3;

  /// CFG_ACK.
  public static final int ACK = 4;

  /// One attribute (RFC 7296 §3.15.1).
  ///
  /// @param type 15 bits
  /// @param value as the type says, empty in a request for anything
  public record Attribute(int type, Bytes value) {

    /// INTERNAL_IP4_ADDRESS: an address.
    public static final int IP4_ADDRESS = 1;

    /// INTERNAL_IP4_DNS: an address.
    public static final int IP4_DNS = 3;

    /// APPLICATION_VERSION: a text.
    public static final int APPLICATION_VERSION = 7;

    /// INTERNAL_IP6_ADDRESS: an address and the length of its prefix.
    public static final int IP6_ADDRESS = 8;

    /// INTERNAL_IP6_DNS: an address.
    public static final int IP6_DNS = 10;

    /// {@return how long a value is that is not empty; 0 for any length}
    private static int octets(int type) {
      return switch (type) {
        case IP4_ADDRESS, IP4_DNS -> 4;
        case IP6_ADDRESS -> 17;
        case IP6_DNS -> 16;
        default -> 0;
      };
    }

    private static Attribute read(Reader in) throws MalformedException {
      int type = in.u16() & TYPE_MASK;
      Bytes value = in.bytes(in.u16());
      int octets = octets(type);
      if (octets != 0 && value.length() != 0 && value.length() != octets) {
        throw new MalformedException(
            "configuration attribute %d of %d octets, not %d"
                .formatted(type, value.length(), octets));
      }
      return new Attribute(type, value);
    }
  }

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
      attributes.add(Attribute.read(in));
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
      case REQUEST -> "CPRQ";
      case REPLY -> "CPRP";
      case SET -> "CPS";
      case ACK -> "CPA";
      default -> "CP";
    };
  }
}
