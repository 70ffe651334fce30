package espd.ike.crypto;

import espd.spd.Encryption;
import espd.spd.KeyMaterial;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.engines.DESedeEngine;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/// A block cipher in CBC mode, as IKE encrypts payloads (RFC 7296 §3.14, RFC 2409 appendix B). Not
/// for more than one thread.
public final class Cbc {

  private final BlockCipher cipher;

  private Cbc(BlockCipher cipher) {
    this.cipher = cipher;
  }

  /// {@return the cipher that encrypts}
  ///
  /// @param iv one block
  public static Cbc encrypting(Encryption encryption, KeyMaterial key, byte[] iv) {
    return keyed(true, encryption, key, iv);
  }

  /// {@return the cipher that decrypts}
  ///
  /// @param iv one block
  public static Cbc decrypting(Encryption encryption, KeyMaterial key, byte[] iv) {
    return keyed(false, encryption, key, iv);
  }

  private static Cbc keyed(boolean encrypt, Encryption encryption, KeyMaterial key, byte[] iv) {
    BlockCipher block =
        switch (encryption) {
          case TRIPLE_DES_CBC -> new DESedeEngine();
          case AES_CBC -> AESEngine.newInstance();
          case NULL, AES_GCM_16, CHACHA20_POLY1305 ->
              throw new IllegalStateException(encryption + " has no CBC");
        };
    BlockCipher cbc = CBCBlockCipher.newInstance(block);
    cbc.init(encrypt, new ParametersWithIV(key.use(KeyParameter::new), iv));
    return new Cbc(cbc);
  }

  /// {@return the octets encrypted or decrypted, the caller's to wipe}
  ///
  /// @param blocks whole ones
  public byte[] process(byte[] blocks) {
    byte[] processed = new byte[blocks.length];
    for (int i = 0; i < blocks.length; i += cipher.getBlockSize()) {
      cipher.processBlock(blocks, i, processed, i);
    }
    return processed;
  }
}
