package espd.ike.eap;

import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.MD4Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.engines.DESEngine;
import org.bouncycastle.crypto.params.KeyParameter;

/// The formulas of MS-CHAPv2 (RFC 2759 §8) and of the keys that come of it (RFC 3079 §3.4), with
/// the RFCs' names. All of it stands and falls with the password: whoever sees an exchange may
/// guess on, which is why it runs only inside an IKE SA whose responder has proven itself.
public final class MsChapV2 {

  /// The octets of a challenge.
  static final int CHALLENGE = 16;

  /// The octets of an NT-Response.
  static final int NT_RESPONSE = 24;

  private static final int HASH = 16;
  private static final int MSK = 64;
  private static final byte[] SIGNING = ascii("Magic server to client signing constant");
  private static final byte[] MORE = ascii("Pad to make it do more than one iteration");
  private static final byte[] MASTER = ascii("This is the MPPE Master Key");
  private static final byte[] PEER_SENDS =
      ascii("On the client side, this is the send key; on the server side, it is the receive key.");
  private static final byte[] SERVER_SENDS =
      ascii("On the client side, this is the receive key; on the server side, it is the send key.");

  private MsChapV2() {}

  /// What one exchange is about: both challenges and who answers.
  ///
  /// @param authenticator the server's challenge
  /// @param peer the peer's challenge
  /// @param userName without domain
  record Exchange(Bytes authenticator, Bytes peer, Bytes userName) {

    /// `ChallengeHash`: the first 8 octets of `SHA1(PeerChallenge | AuthenticatorChallenge |
    /// UserName)` (RFC 2759 §8.2).
    Bytes challenge() {
      byte[] hash = sha1(peer.toArray(), authenticator.toArray(), userName.toArray());
      return Bytes.of(hash, 0, 8);
    }
  }

  /// `NtPasswordHash`: MD4 of the password in UTF-16, low octet first (RFC 2759 §8.3).
  ///
  /// @param password in UTF-8, the caller's to wipe
  public static KeyMaterial ntPasswordHash(byte[] password) {
    CharBuffer characters = CharBuffer.allocate(password.length);
    var _ =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .decode(ByteBuffer.wrap(password), characters, true);
    characters.flip();
    ByteBuffer encoded = ByteBuffer.allocate(2 * characters.limit());
    var _ = StandardCharsets.UTF_16LE.newEncoder().encode(characters, encoded, true);
    Arrays.fill(characters.array(), '\0');
    byte[] hash = hash(new MD4Digest(), encoded.array());
    Arrays.fill(encoded.array(), (byte) 0);
    KeyMaterial key = KeyMaterial.copyOf(hash);
    Arrays.fill(hash, (byte) 0);
    return key;
  }

  /// `GenerateNTResponse`: the challenge enciphered with three keys of DES out of the password's
  /// hash (RFC 2759 §8.1, §8.5).
  static Bytes ntResponse(KeyMaterial passwordHash, Exchange exchange) {
    byte[] challenge = exchange.challenge().toArray();
    return passwordHash.use(
        hash -> {
          byte[] keys = Arrays.copyOf(hash, 21);
          byte[] response = new byte[NT_RESPONSE];
          for (int i = 0; i < 3; i++) {
            byte[] key = desKey(keys, 7 * i);
            DESEngine des = new DESEngine();
            des.init(true, new KeyParameter(key));
            des.processBlock(challenge, 0, response, 8 * i);
            Arrays.fill(key, (byte) 0);
          }
          Arrays.fill(keys, (byte) 0);
          return Bytes.of(response);
        });
  }

  /// The 56 bits at `at`, seven to an octet; DES ignores the lowest bit of each (RFC 2759 §8.6).
  static byte[] desKey(byte[] octets, int at) {
    byte[] key = new byte[8];
    long bits = 0;
    for (int i = 0; i < 7; i++) {
      bits = (bits << 8) | (octets[at + i] & 0xff);
    }
    for (int i = 0; i < 8; i++) {
      key[i] = (byte) ((bits >>> (49 - 7 * i)) << 1);
    }
    return key;
  }

  /// `GenerateAuthenticatorResponse`: that the server knows the password too, `S=` and 40
  /// hexadecimal digits (RFC 2759 §8.7).
  static String authenticatorResponse(
      KeyMaterial passwordHash, Bytes ntResponse, Exchange exchange) {
    byte[] hashHash = passwordHash.use(hash -> hash(new MD4Digest(), hash));
    byte[] digest = sha1(hashHash, ntResponse.toArray(), SIGNING);
    Arrays.fill(hashHash, (byte) 0);
    return "S="
        + HexFormat.of()
            .withUpperCase()
            .formatHex(sha1(digest, exchange.challenge().toArray(), MORE));
  }

  /// `MSK = MasterReceiveKey | MasterSendKey | 32 octets 0`, the keys as the server names them (RFC
  /// 3079 §3.4, draft-kamath-pppext-eap-mschapv2 §2.6).
  static KeyMaterial msk(KeyMaterial passwordHash, Bytes ntResponse) {
    byte[] hashHash = passwordHash.use(hash -> hash(new MD4Digest(), hash));
    byte[] master = Arrays.copyOf(sha1(hashHash, ntResponse.toArray(), MASTER), HASH);
    byte[] receive = startKey(master, PEER_SENDS);
    byte[] send = startKey(master, SERVER_SENDS);
    byte[] msk = new byte[MSK];
    System.arraycopy(receive, 0, msk, 0, HASH);
    System.arraycopy(send, 0, msk, HASH, HASH);
    KeyMaterial key = KeyMaterial.copyOf(msk);
    for (byte[] secret : new byte[][] {hashHash, master, receive, send, msk}) {
      Arrays.fill(secret, (byte) 0);
    }
    return key;
  }

  /// `GetAsymmetricStartKey` (RFC 3079 §3.4) of 128 bits.
  private static byte[] startKey(byte[] master, byte[] direction) {
    byte[] pad1 = new byte[40];
    byte[] pad2 = new byte[40];
    Arrays.fill(pad2, (byte) 0xf2);
    byte[] digest = sha1(master, pad1, direction, pad2);
    byte[] key = Arrays.copyOf(digest, HASH);
    Arrays.fill(digest, (byte) 0);
    return key;
  }

  /// {@return whether two are the same, in a time that does not tell where they differ}
  static boolean matches(byte[] expected, byte[] received) {
    return MessageDigest.isEqual(expected, received);
  }

  /// {@return `name` without the domain before its backslash (RFC 2759 §4)}
  static Bytes withoutDomain(Bytes name) {
    byte[] octets = name.toArray();
    int from = 0;
    for (int i = 0; i < octets.length; i++) {
      from = octets[i] == '\\' ? i + 1 : from;
    }
    return Bytes.of(octets, from, octets.length - from);
  }

  private static byte[] sha1(byte[]... parts) {
    return hash(new SHA1Digest(), parts);
  }

  private static byte[] hash(Digest digest, byte[]... parts) {
    for (byte[] part : parts) {
      digest.update(part, 0, part.length);
    }
    byte[] hash = new byte[digest.getDigestSize()];
    digest.doFinal(hash, 0);
    return hash;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
