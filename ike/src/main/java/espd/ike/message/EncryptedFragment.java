package espd.ike.message;

import java.util.Optional;

/// A piece of an encrypted message (RFC 7383 §2.5), closed.
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |        Fragment Number        |        Total Fragments        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~              IV, encrypted content, padding, ICV              ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// @param firstInner the type of the first payload inside, in the first fragment, else 0
/// @param number 1 to `total`
/// @param total how many fragments make up the message
/// @param body IV, ciphertext and ICV
public record EncryptedFragment(int firstInner, int number, int total, Bytes body)
    implements Payload {

  /// The type of this payload.
  public static final int TYPE = 53;

  static final int NUMBERS_OCTETS = 4;

  /// {@return the fragment that a message as it came is, if it is one}
  public static Optional<EncryptedFragment> in(Message message) {
    return !message.payloads().isEmpty()
            && message.payloads().getLast() instanceof EncryptedFragment fragment
        ? Optional.of(fragment)
        : Optional.empty();
  }

  static EncryptedFragment read(int firstInner, Reader in) throws MalformedException {
    int number = in.u16();
    int total = in.u16();
    if (number == 0 || number > total) {
      throw new MalformedException("fragment " + number + " of " + total);
    }
    return new EncryptedFragment(firstInner, number, total, in.rest());
  }

  @Override
  public void writeBody(Writer out) {
    out.u16(number).u16(total).bytes(body);
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  /// {@return `EF(2/3)`}
  @Override
  public String label() {
    return "EF(" + number + "/" + total + ")";
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
