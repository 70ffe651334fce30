package espd.ike.v1.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.v1.message.EncryptedMessage;
import espd.ike.v1.message.Hash;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.Nonce;
import espd.spd.Encryption;
import espd.spd.KeyMaterial;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 2409 appendix B; what another implementation encrypted is in [RecordedExchangesTest].
class PhaseOneCipherTest {

  private static final Header HEADER = new Header(1, 2, Header.QUICK_MODE, 0, 3);

  @ParameterizedTest
  @CsvSource({"TRIPLE_DES_CBC, 24, 8", "AES_CBC, 16, 16", "AES_CBC, 24, 16", "AES_CBC, 32, 16"})
  void theLastBlockIsTheNextIv(Encryption encryption, int keyOctets, int block)
      throws MalformedException {
    PhaseOneCipher cipher = cipher(encryption, keyOctets);
    Iv iv = new Iv(Bytes.of(new byte[block]));
    IsakmpMessage message = message(20);
    PhaseOneCipher.Sealed first = cipher.seal(message, iv);
    Bytes ciphertext = first.message().ciphertext();
    assertEquals(0, ciphertext.length() % block);
    assertEquals(
        Bytes.of(ciphertext.toArray(), ciphertext.length() - block, block), first.next().octets());
    PhaseOneCipher.Sealed second = cipher.seal(message, first.next());
    assertNotEquals(first.message().ciphertext(), second.message().ciphertext());
    assertEquals(Header.ENCRYPTION, first.message().header().flags());

    PhaseOneCipher.Opened opened = cipher.open(first.message(), iv);
    assertEquals(message.payloads(), opened.message().payloads());
    assertEquals(first.next(), opened.next());
    assertEquals(
        message.payloads(), cipher.open(second.message(), opened.next()).message().payloads());
  }

  @Test
  void anotherKeyOrIvGivesNoPayloads() {
    Iv iv = new Iv(Bytes.of(new byte[16]));
    EncryptedMessage sealed = cipher(Encryption.AES_CBC, 16).seal(message(20), iv).message();
    PhaseOneCipher other = cipher(Encryption.AES_CBC, 32);
    assertThrows(MalformedException.class, () -> other.open(sealed, iv));
    byte[] octets = new byte[16];
    octets[1] = 1;
    Iv wrong = new Iv(Bytes.of(octets));
    PhaseOneCipher same = cipher(Encryption.AES_CBC, 16);
    assertThrows(MalformedException.class, () -> same.open(sealed, wrong));
  }

  @ParameterizedTest
  @CsvSource({"0", "8", "15", "17", "40"})
  void refusesWhatIsNotOfWholeBlocks(int length) {
    EncryptedMessage message = new EncryptedMessage(HEADER, Hash.TYPE, Bytes.of(new byte[length]));
    PhaseOneCipher cipher = cipher(Encryption.AES_CBC, 16);
    Iv iv = new Iv(Bytes.of(new byte[16]));
    assertThrows(MalformedException.class, () -> cipher.open(message, iv));
  }

  private static PhaseOneCipher cipher(Encryption encryption, int keyOctets) {
    byte[] key = new byte[keyOctets];
    for (int i = 0; i < keyOctets; i++) {
      key[i] = (byte) (i * keyOctets);
    }
    return new PhaseOneCipher(encryption, KeyMaterial.copyOf(key));
  }

  private static IsakmpMessage message(int hashOctets) {
    return new IsakmpMessage(
        HEADER,
        List.of(new Hash(Bytes.of(new byte[hashOctets])), new Nonce(Bytes.of(new byte[16]))));
  }
}
