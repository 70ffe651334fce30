package espd.ike.v1.crypto;

import espd.ike.crypto.Cbc;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.PayloadChain;
import espd.ike.v1.message.EncryptedMessage;
import espd.ike.v1.message.IsakmpMessage;
import espd.spd.Encryption;
import espd.spd.KeyMaterial;
import java.util.Arrays;

/// Encrypts and decrypts messages under one phase 1 SA (RFC 2409 §5, appendix B): all behind the
/// header, in CBC mode, with the IV that the exchange has come to. It authenticates nothing; the
/// HASH inside does. Any thread.
public final class PhaseOneCipher {

  private final Encryption encryption;
  private final KeyMaterial key;

  /// @param key of the cipher's length; stays the caller's to wipe
  PhaseOneCipher(Encryption encryption, KeyMaterial key) {
    this.encryption = encryption;
    this.key = key;
  }

  /// A message encrypted.
  ///
  /// @param message as it is sent
  /// @param next of the exchange's next message, from either end
  public record Sealed(EncryptedMessage message, Iv next) {}

  /// A message decrypted.
  ///
  /// @param message with what was inside
  /// @param next of the exchange's next message, from either end
  public record Opened(IsakmpMessage message, Iv next) {}

  /// {@return the message encrypted, padded with zeros to whole blocks}
  ///
  /// @param message its header gets the flag of encryption
  /// @param iv of this message
  public Sealed seal(IsakmpMessage message, Iv iv) {
    byte[] payloads = PayloadChain.write(message.payloads());
    int block = encryption.blockOctets();
    byte[] padded = Arrays.copyOf(payloads, Math.ceilDiv(payloads.length, block) * block);
    byte[] ciphertext = Cbc.encrypting(encryption, key, iv.octets().toArray()).process(padded);
    Arrays.fill(payloads, (byte) 0);
    Arrays.fill(padded, (byte) 0);
    Header plain = message.header();
    Header header =
        new Header(
            plain.spiI(),
            plain.spiR(),
            plain.exchange(),
            plain.flags() | Header.ENCRYPTION,
            plain.messageId());
    int first = PayloadChain.firstType(message.payloads());
    EncryptedMessage sealed = new EncryptedMessage(header, first, Bytes.of(ciphertext));
    return new Sealed(sealed, next(sealed));
  }

  /// {@return the message decrypted}
  ///
  /// @param iv of this message
  /// @throws MalformedException when it is not of whole blocks, or what is inside is no chain of
  ///   payloads, as with a wrong key or IV: the exchange's IV then stays what it was
  public Opened open(EncryptedMessage message, Iv iv) throws MalformedException {
    byte[] ciphertext = message.ciphertext().toArray();
    if (ciphertext.length == 0 || ciphertext.length % encryption.blockOctets() != 0) {
      throw new MalformedException("ciphertext of " + ciphertext.length + " octets");
    }
    byte[] plaintext = Cbc.decrypting(encryption, key, iv.octets().toArray()).process(ciphertext);
    try {
      return new Opened(message.inside(plaintext), next(message));
    } finally {
      Arrays.fill(plaintext, (byte) 0);
    }
  }

  private Iv next(EncryptedMessage message) {
    byte[] ciphertext = message.ciphertext().toArray();
    int block = encryption.blockOctets();
    return new Iv(Bytes.of(ciphertext, ciphertext.length - block, block));
  }
}
