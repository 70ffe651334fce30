package espd.ike.message;

/// Payloads that are encrypted and authenticated (RFC 7296 §3.14), closed: to be opened with the
/// keys of the IKE SA. Always the last payload.
///
/// @param firstInner the type of the first payload inside, 0 for none
/// @param body IV, ciphertext and ICV
public record Encrypted(int firstInner, Bytes body) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 46;

  static Encrypted read(int firstInner, Reader in) throws MalformedException {
    return new Encrypted(firstInner, in.rest());
  }

  @Override
  public void writeBody(Writer out) {
    out.bytes(body);
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  @Override
  public String label() {
    return "SK";
  }

  /// {@return true: what it announces is inside of it (RFC 7296 §3.14)}
  @Override
  public boolean endsChain() {
    return true;
  }

  @Override
  public int nextType(int following) {
    return firstInner;
  }
}
