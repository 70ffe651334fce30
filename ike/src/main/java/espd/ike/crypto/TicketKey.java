package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/// A key that a responder seals its tickets with, by AES-256-GCM, and keeps to itself (RFC 5723
/// §6.1):
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                     Id of the key (8 octets)                  |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                     Number of the ticket                      |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                  Content, sealed, and its tag                 ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// The first two are the nonce, which no two tickets share: a key numbers its tickets.
public final class TicketKey implements AutoCloseable {

  private static final int KEY_OCTETS = 32;
  private static final int NONCE_OCTETS = Long.BYTES + Integer.BYTES;
  private static final int TAG_OCTETS = 16;

  private final long id;
  private final KeyMaterial key;

  /// @param random where the key and its id are drawn from
  public TicketKey(SecureRandom random) {
    byte[] octets = new byte[KEY_OCTETS];
    random.nextBytes(octets);
    this.id = random.nextLong();
    this.key = KeyMaterial.copyOf(octets);
    Arrays.fill(octets, (byte) 0);
  }

  /// By which key a ticket is sealed, and which of its tickets it is; not proven yet.
  public record Serial(long key, int number) {

    /// {@return what a ticket says; nothing when it is too short for any}
    public static Optional<Serial> of(Bytes ticket) {
      if (ticket.length() < NONCE_OCTETS + TAG_OCTETS) {
        return Optional.empty();
      }
      ByteBuffer octets = ByteBuffer.wrap(ticket.toArray());
      return Optional.of(new Serial(octets.getLong(), octets.getInt()));
    }
  }

  /// {@return what tickets name it by}
  public long id() {
    return id;
  }

  /// {@return a ticket}
  ///
  /// @param number which no ticket of this key has had
  /// @param content of it, the caller's to wipe
  public Bytes seal(int number, byte[] content) {
    byte[] nonce = ByteBuffer.allocate(NONCE_OCTETS).putLong(id).putInt(number).array();
    byte[] ticket = Arrays.copyOf(nonce, NONCE_OCTETS + content.length + TAG_OCTETS);
    try {
      AEADCipher cipher = cipher(true, nonce);
      int at = cipher.processBytes(content, 0, content.length, ticket, NONCE_OCTETS);
      cipher.doFinal(ticket, NONCE_OCTETS + at);
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException("sealing fails only when opening", e);
    }
    return Bytes.of(ticket);
  }

  /// {@return the content of a ticket, the caller's to wipe; nothing when it is not this key's}
  ///
  /// @param ticket that has a [Serial] of this key
  public Optional<byte[]> open(Bytes ticket) {
    byte[] octets = ticket.toArray();
    int sealed = octets.length - NONCE_OCTETS;
    byte[] content = new byte[sealed - TAG_OCTETS];
    try {
      AEADCipher cipher = cipher(false, Arrays.copyOf(octets, NONCE_OCTETS));
      int at = cipher.processBytes(octets, NONCE_OCTETS, sealed, content, 0);
      cipher.doFinal(content, at);
      return Optional.of(content);
    } catch (InvalidCipherTextException e) {
      Arrays.fill(content, (byte) 0);
      return Optional.empty();
    }
  }

  private AEADCipher cipher(boolean seals, byte[] nonce) {
    AEADCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
    key.use(
        octets -> {
          cipher.init(seals, new AEADParameters(new KeyParameter(octets), 8 * TAG_OCTETS, nonce));
          return cipher;
        });
    return cipher;
  }

  /// Wipes the key: its tickets are worth nothing any more.
  @Override
  public void close() {
    key.close();
  }
}
