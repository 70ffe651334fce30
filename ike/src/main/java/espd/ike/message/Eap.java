package espd.ike.message;

/// A message of the Extensible Authentication Protocol (RFC 7296 §3.16), not looked into.
///
/// @param data the EAP message
public record Eap(Bytes data) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 48;

  static Eap read(Reader in) throws MalformedException {
    Bytes data = in.rest();
    return new Eap(data);
  }

  @Override
  public void writeBody(Writer out) {
    out.bytes(data);
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  @Override
  public String label() {
    return "EAP";
  }
}
