package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;

/// A message that is encrypted behind its header (RFC 2408 §3.1, RFC 2409 §5).
///
/// @param header with [Header#ENCRYPTION]
/// @param firstPayload the type of the first payload inside, 0 for none
/// @param ciphertext all that follows the header
public record EncryptedMessage(Header header, int firstPayload, Bytes ciphertext)
    implements IsakmpDatagram {

  /// {@return the message that was inside}
  ///
  /// @param plaintext the payloads, and behind them any padding (RFC 2409 appendix B), which stay
  ///   the caller's to wipe
  /// @throws MalformedException when it is no chain of payloads, as with a wrong key
  public IsakmpMessage inside(byte[] plaintext) throws MalformedException {
    return IsakmpMessage.read(header, firstPayload, new Reader(plaintext));
  }

  /// {@return the octets of the message}
  public byte[] write() {
    Writer out = new Writer();
    header.write(out, Header.VERSION_1, firstPayload, Header.OCTETS + ciphertext.length());
    return out.bytes(ciphertext).toArray();
  }
}
