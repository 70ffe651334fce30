package espd.ike.message;

/// A payload of a type we do not know, not critical when read: passed over (RFC 7296 §2.5).
///
/// @param payloadType its type
/// @param critical whether the receiver must know it, when written
/// @param body what follows the generic header
public record Unknown(int payloadType, boolean critical, Bytes body) implements Payload {

  @Override
  public void writeBody(Writer out) {
    out.bytes(body);
  }

  @Override
  public int flags() {
    return critical ? Payloads.CRITICAL : 0;
  }

  /// {@return the type in brackets}
  @Override
  public String label() {
    return "(" + payloadType + ")";
  }
}
