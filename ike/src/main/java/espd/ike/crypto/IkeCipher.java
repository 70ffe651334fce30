package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.ike.message.Encrypted;
import espd.ike.message.EncryptedFragment;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Payloads;
import espd.spd.KeyMaterial;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.gcm.BasicGCMMultiplier;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/// The Encrypted payload of what one end of an IKE SA sends (RFC 7296 §3.14; with an AEAD RFC 5282
/// §3, RFC 7634 §2), and the Encrypted Fragment payloads of what is too long for one (RFC 7383
/// §2.5).
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                     Initialization Vector                     |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                    Encrypted IKE Payloads                     ~
/// +               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |               |             Padding (0-255 octets)            |
/// +-+-+-+-+-+-+-+-+                               +-+-+-+-+-+-+-+-+
/// |                                               |  Pad Length   |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ~                    Integrity Checksum Data                    ~
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// Any thread. There is one for each pair of keys ([IkeKeys#cipher]), because an AEAD's IV counts
/// the messages under its key and must never repeat. A retransmission is the same octets, not
/// sealed again.
public final class IkeCipher {

  private final IkeSuite suite;
  private final KeyMaterial encryptionKey;
  private final KeyMaterial integrityKey;
  private final AtomicLong sealed = new AtomicLong();

  IkeCipher(IkeSuite suite, KeyMaterial encryptionKey, KeyMaterial integrityKey) {
    this.suite = suite;
    this.encryptionKey = encryptionKey;
    this.integrityKey = integrityKey;
  }

  /// {@return the octets of a message whose payloads are all inside an Encrypted payload}
  ///
  /// @param message header and the payloads to be encrypted
  /// @param random where an IV of CBC is drawn from
  /// @throws IllegalStateException when it is larger than a datagram
  public byte[] seal(Message message, SecureRandom random) {
    byte[] inner = Payloads.write(message.payloads());
    int first = Payloads.firstType(message.payloads());
    byte[] datagram =
        sealed(body -> Message.encryptedPrefix(message.header(), first, body), inner, random);
    Arrays.fill(inner, (byte) 0);
    return datagram;
  }

  /// {@return the octets of the fragments of a message, each sealed for itself (RFC 7383 §2.5)}
  ///
  /// @param message header and the payloads to be encrypted
  /// @param largest octets of a fragment; there are more only where it took more than
  ///   [OpenedFragment#MAX_TOTAL] fragments
  /// @param random where an IV of CBC is drawn from
  public List<byte[]> sealFragments(Message message, int largest, SecureRandom random) {
    byte[] inner = Payloads.write(message.payloads());
    int room = Math.max(room(largest), Math.ceilDiv(inner.length, OpenedFragment.MAX_TOTAL));
    int total = Math.max(1, Math.ceilDiv(inner.length, room));
    List<byte[]> fragments = new ArrayList<>();
    for (int number = 1; number <= total; number++) {
      int first = number == 1 ? Payloads.firstType(message.payloads()) : 0;
      var fragment = new EncryptedFragment(first, number, total, Bytes.EMPTY);
      int from = (number - 1) * room;
      byte[] part = Arrays.copyOfRange(inner, from, Math.min(from + room, inner.length));
      fragments.add(
          sealed(body -> Message.fragmentPrefix(message.header(), fragment, body), part, random));
      Arrays.fill(part, (byte) 0);
    }
    Arrays.fill(inner, (byte) 0);
    return fragments;
  }

  /// {@return how many octets of payloads go into a fragment of `largest`, at least one}
  private int room(int largest) {
    EncryptedFragment bare = new EncryptedFragment(0, 1, 1, Bytes.EMPTY);
    int prefix = Message.fragmentPrefix(new Header(0, 0, 0, 0, 0), bare, 0).length;
    int padded = largest - prefix - ivOctets() - icvOctets();
    return Math.max(1, padded / padTo() * padTo() - 1);
  }

  /// @param prefix all octets before the IV, of so many after it
  private byte[] sealed(IntFunction<byte[]> prefix, byte[] inner, SecureRandom random) {
    byte[] padded = padded(inner);
    int bodyOctets = ivOctets() + padded.length + icvOctets();
    byte[] before = prefix.apply(bodyOctets);
    byte[] datagram = Arrays.copyOf(before, before.length + bodyOctets);
    System.arraycopy(iv(random), 0, datagram, before.length, ivOctets());
    if (suite.encryption().isAead()) {
      sealAead(datagram, before.length, padded);
    } else {
      sealCbc(datagram, before.length, padded);
    }
    Arrays.fill(padded, (byte) 0);
    return datagram;
  }

  /// Authenticates and decrypts a message, in that order.
  ///
  /// @param datagram a whole message, without non-ESP marker
  /// @throws UnauthenticException when the ICV is wrong
  /// @throws MalformedException when it is no message, its last payload is not an Encrypted one, or
  ///   its lengths fit no cipher of ours
  public OpenedMessage open(byte[] datagram) throws MalformedException, UnauthenticException {
    Message outer = Message.read(datagram);
    if (outer.payloads().isEmpty() || !(outer.payloads().getLast() instanceof Encrypted sk)) {
      throw new MalformedException("not encrypted: " + outer);
    }
    return new OpenedMessage(outer.header(), sk.firstInner(), opened(datagram, sk.body()));
  }

  /// Authenticates and decrypts a fragment of a message, in that order (RFC 7383 §2.6).
  ///
  /// @param datagram a whole fragment, without non-ESP marker
  /// @throws UnauthenticException when the ICV is wrong
  /// @throws MalformedException when it is no message, its last payload is not an Encrypted
  ///   Fragment, or its lengths fit no cipher of ours
  public OpenedFragment openFragment(byte[] datagram)
      throws MalformedException, UnauthenticException {
    Message outer = Message.read(datagram);
    EncryptedFragment skf =
        EncryptedFragment.in(outer)
            .orElseThrow(() -> new MalformedException("no fragment: " + outer));
    byte[] part = opened(datagram, skf.body());
    OpenedFragment opened =
        new OpenedFragment(
            outer.header(), skf.firstInner(), skf.number(), skf.total(), Bytes.of(part));
    Arrays.fill(part, (byte) 0);
    return opened;
  }

  /// @param body all that follows the prefix of `datagram`
  private byte[] opened(byte[] datagram, Bytes body)
      throws MalformedException, UnauthenticException {
    int prefixOctets = datagram.length - body.length();
    int ciphertext = body.length() - ivOctets() - icvOctets();
    if (ciphertext < 1 || ciphertext % padTo() != 0) {
      throw new MalformedException("an Encrypted payload of " + body.length() + " octets");
    }
    return unpadded(
        suite.encryption().isAead()
            ? openAead(datagram, prefixOctets)
            : openCbc(datagram, prefixOctets));
  }

  private void sealAead(byte[] datagram, int prefixOctets, byte[] padded) {
    int at = prefixOctets + ivOctets();
    AEADCipher aead = aead(datagram, prefixOctets, true);
    try {
      int written = aead.processBytes(padded, 0, padded.length, datagram, at);
      aead.doFinal(datagram, at + written);
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] openAead(byte[] datagram, int prefixOctets) throws UnauthenticException {
    int at = prefixOctets + ivOctets();
    byte[] padded = new byte[datagram.length - at - icvOctets()];
    AEADCipher aead = aead(datagram, prefixOctets, false);
    try {
      int written = aead.processBytes(datagram, at, datagram.length - at, padded, 0);
      aead.doFinal(padded, written);
    } catch (InvalidCipherTextException e) {
      Arrays.fill(padded, (byte) 0);
      throw new UnauthenticException();
    }
    return padded;
  }

  /// The cipher with nonce `salt | IV` and all octets before the IV as associated data (RFC 5282
  /// §4, §5.1).
  private AEADCipher aead(byte[] datagram, int prefixOctets, boolean encrypt) {
    AEADCipher aead =
        switch (suite.encryption()) {
          // Without the tables of a key that is used for one short message.
          case AES_GCM_16 ->
              GCMBlockCipher.newInstance(AESEngine.newInstance(), new BasicGCMMultiplier());
          case CHACHA20_POLY1305 -> new ChaCha20Poly1305();
          case TRIPLE_DES_CBC, NULL, AES_CBC ->
              throw new IllegalStateException(suite.encryption() + " is no AEAD");
        };
    int keyOctets = suite.keyBits() / 8;
    int saltOctets = suite.encryption().saltOctets();
    byte[] nonce = new byte[saltOctets + ivOctets()];
    System.arraycopy(datagram, prefixOctets, nonce, saltOctets, ivOctets());
    KeyParameter key =
        encryptionKey.use(
            octets -> {
              System.arraycopy(octets, keyOctets, nonce, 0, saltOctets);
              return new KeyParameter(octets, 0, keyOctets);
            });
    byte[] associated = Arrays.copyOf(datagram, prefixOctets);
    aead.init(encrypt, new AEADParameters(key, 8 * icvOctets(), nonce, associated));
    return aead;
  }

  private void sealCbc(byte[] datagram, int prefixOctets, byte[] padded) {
    int at = prefixOctets + ivOctets();
    byte[] iv = Arrays.copyOfRange(datagram, prefixOctets, at);
    byte[] encrypted = Cbc.encrypting(suite.encryption(), encryptionKey, iv).process(padded);
    System.arraycopy(encrypted, 0, datagram, at, encrypted.length);
    byte[] icv = icv(datagram);
    System.arraycopy(icv, 0, datagram, datagram.length - icv.length, icv.length);
  }

  private byte[] openCbc(byte[] datagram, int prefixOctets) throws UnauthenticException {
    int end = datagram.length - icvOctets();
    byte[] received = Arrays.copyOfRange(datagram, end, datagram.length);
    if (!MessageDigest.isEqual(icv(datagram), received)) {
      throw new UnauthenticException();
    }
    int at = prefixOctets + ivOctets();
    byte[] iv = Arrays.copyOfRange(datagram, prefixOctets, at);
    byte[] encrypted = Arrays.copyOfRange(datagram, at, end);
    return Cbc.decrypting(suite.encryption(), encryptionKey, iv).process(encrypted);
  }

  /// The ICV over everything before it (RFC 7296 §3.14).
  private byte[] icv(byte[] datagram) {
    Prf hmac =
        switch (suite.integrity()) {
          case HMAC_MD5_96 -> Prf.HMAC_MD5;
          case HMAC_SHA1_96 -> Prf.HMAC_SHA1;
          case HMAC_SHA2_256_128 -> Prf.HMAC_SHA2_256;
          case HMAC_SHA2_384_192 -> Prf.HMAC_SHA2_384;
          case HMAC_SHA2_512_256 -> Prf.HMAC_SHA2_512;
          case NONE -> throw new IllegalStateException(suite + " has no ICV of its own");
        };
    byte[] covered = Arrays.copyOf(datagram, datagram.length - icvOctets());
    return Arrays.copyOf(hmac.apply(integrityKey, covered), icvOctets());
  }

  private byte[] iv(SecureRandom random) {
    if (suite.encryption().isAead()) {
      return ByteBuffer.allocate(ivOctets()).putLong(sealed.incrementAndGet()).array();
    }
    byte[] iv = new byte[ivOctets()];
    random.nextBytes(iv);
    return iv;
  }

  private byte[] padded(byte[] inner) {
    int blocks = (inner.length + padTo()) / padTo();
    byte[] padded = Arrays.copyOf(inner, blocks * padTo());
    padded[padded.length - 1] = (byte) (padded.length - 1 - inner.length);
    return padded;
  }

  private static byte[] unpadded(byte[] padded) throws MalformedException {
    int padOctets = padded[padded.length - 1] & 0xff;
    int length = padded.length - 1 - padOctets;
    if (length < 0) {
      throw new MalformedException(padOctets + " octets of padding in " + padded.length);
    }
    byte[] inner = Arrays.copyOf(padded, length);
    Arrays.fill(padded, (byte) 0);
    return inner;
  }

  /// An AEAD needs no alignment (RFC 5282 §3).
  private int padTo() {
    return suite.encryption().isAead() ? 1 : suite.encryption().blockOctets();
  }

  private int ivOctets() {
    return suite.encryption().ivOctets();
  }

  private int icvOctets() {
    return suite.encryption().isAead()
        ? suite.encryption().icvOctets()
        : suite.integrity().icvOctets();
  }
}
