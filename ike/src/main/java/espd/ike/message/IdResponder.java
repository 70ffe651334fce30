package espd.ike.message;

/// Who the responder says it is (RFC 7296 §3.5).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |   ID Type     |                 RESERVED                      |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                   Identification Data                         ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param idType the ID type: 5 ID_IPV6_ADDR, 2 ID_FQDN, …
/// @param data the Identification Data
public record IdResponder(int idType, Bytes data) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 36;

  static IdResponder read(Reader in) throws MalformedException {
    int idType = in.u8();
    in.skip(3);
    Bytes data = in.rest();
    return new IdResponder(idType, data);
  }

  /// {@return the payload without its generic header: `RestOfRespIDPayload` of RFC 7296 §2.15}
  public Bytes body() {
    Writer out = new Writer();
    writeBody(out);
    return Bytes.of(out.toArray());
  }

  @Override
  public void writeBody(Writer out) {
    out.u8(idType);
    out.u8(0).u16(0);
    out.bytes(data);
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  @Override
  public String label() {
    return "IDr";
  }
}
