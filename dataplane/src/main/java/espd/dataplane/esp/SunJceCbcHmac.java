package espd.dataplane.esp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import espd.spd.SaParameters;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.NullCipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// CBC (RFC 3602; 3DES: RFC 2451), or no cipher at all (RFC 2410), with a truncated HMAC (RFC 2403,
/// RFC 2404, RFC 4868): encrypt, then authenticate.
///
/// The cipher object is initialised once, with an IV of zeros, and never again. It is given one
/// block before the payload, and the ciphertext of that block is the packet's IV:
///
/// ```
///  plain    │ secret (8) │ number (8) │ payload …                 secret: random, of this context
///  cipher   │           IV            │ payload …                 the IV is E(secret | number)
/// ```
///
/// A block of 8 octets has the number in the secret's place, xored with it. So each IV is an
/// encrypted block that was never encrypted before, which nobody can foretell (RFC 3602 §3; the
/// first method of NIST SP 800-38A, Appendix C); opening decrypts the same octets and ignores the
/// first block.
abstract sealed class SunJceCbcHmac implements EspCipher {

  private static final int ICV_INPUT_HIGH = 4;

  final Cipher cipher;
  private final Scratch.OfThread scratches;
  private final Mac mac;
  private final boolean esn;
  final int ivOctets;
  final int icvOctets;
  private final byte[] digest;
  private final byte[] icv;
  private final byte[] received;
  private final ByteBuffer high = ByteBuffer.allocate(ICV_INPUT_HIGH);

  SunJceCbcHmac(SaParameters sa, int mode, Scratch.OfThread scratches) {
    this.scratches = scratches;
    this.esn = sa.esn();
    this.ivOctets = sa.suite().encryption().ivOctets();
    this.icvOctets = sa.suite().icvOctets();
    try {
      cipher =
          switch (sa.suite().encryption()) {
            case TRIPLE_DES_CBC -> cbc("DESede", sa, mode);
            case AES_CBC -> cbc("AES", sa, mode);
            case NULL -> new NullCipher();
            case AES_GCM_16, CHACHA20_POLY1305 ->
                throw new IllegalArgumentException(sa.suite() + " has no HMAC");
          };
      String hmac = sa.suite().integrity().jcaName();
      mac = Mac.getInstance(hmac, "SunJCE");
      mac.init(sa.integrityKey().use(octets -> new SecretKeySpec(octets, hmac)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks " + sa.suite(), e);
    }
    this.digest = new byte[mac.getMacLength()];
    this.icv = new byte[icvOctets];
    this.received = new byte[icvOctets];
  }

  private static Cipher cbc(String algorithm, SaParameters sa, int mode)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(algorithm + "/CBC/NoPadding", "SunJCE");
    SecretKeySpec key = sa.encryptionKey().use(octets -> new SecretKeySpec(octets, algorithm));
    cipher.init(mode, key, new IvParameterSpec(new byte[cipher.getBlockSize()]));
    return cipher;
  }

  @Override
  public final void process(EspRun run) {
    Scratch scratch = scratches.fitting(run);
    try {
      for (int i = 0; i < run.count; i++) {
        process(run, i, scratch);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("CBC refused whole blocks", e);
    }
  }

  abstract void process(EspRun run, int i, Scratch scratch) throws GeneralSecurityException;

  /// Puts the ICV over `octets` of ESP header, IV and ciphertext into [#icv]; with ESN the high
  /// half of the number follows them, though it does not travel (RFC 4303 §2.2.1, §3.3.2.1).
  final byte[] icv(byte[] packet, int octets, long number) throws GeneralSecurityException {
    mac.update(packet, 0, octets);
    if (esn) {
      high.putInt(0, (int) (number >>> 32));
      mac.update(high.array(), 0, ICV_INPUT_HIGH);
    }
    mac.doFinal(digest, 0);
    System.arraycopy(digest, 0, icv, 0, icvOctets);
    return icv;
  }

  final boolean isRight(byte[] packet, int octets, long number) throws GeneralSecurityException {
    System.arraycopy(packet, octets, received, 0, icvOctets);
    return MessageDigest.isEqual(icv(packet, octets, number), received);
  }

  @Override
  public void close() {
    Arrays.fill(digest, (byte) 0);
    Arrays.fill(icv, (byte) 0);
  }

  static final class Sealing extends SunJceCbcHmac {

    private final byte[] secret = new byte[Long.BYTES];

    Sealing(SaParameters sa, Scratch.OfThread scratches) {
      super(sa, Cipher.ENCRYPT_MODE, scratches);
      new SecureRandom().nextBytes(secret);
    }

    @Override
    void process(EspRun run, int i, Scratch scratch) throws GeneralSecurityException {
      MemorySegment memory = run.memory();
      int at = run.at[i];
      int sealed = run.octets[i] - icvOctets;
      byte[] plain = scratch.input;
      MemorySegment.copy(memory, JAVA_BYTE, at, plain, 0, sealed);
      System.arraycopy(plain, 0, scratch.output, 0, EspHeader.OCTETS);
      if (ivOctets > 0) {
        layIv(plain, run.number[i]);
      }
      int body = sealed - EspHeader.OCTETS;
      cipher.doFinal(plain, EspHeader.OCTETS, body, scratch.output, EspHeader.OCTETS);
      byte[] icv = icv(scratch.output, sealed, run.number[i]);
      MemorySegment.copy(scratch.output, 0, memory, JAVA_BYTE, at, sealed);
      MemorySegment.copy(icv, 0, memory, JAVA_BYTE, at + sealed, icvOctets);
    }

    private void layIv(byte[] plain, long number) {
      System.arraycopy(secret, 0, plain, EspHeader.OCTETS, secret.length);
      int at = EspHeader.OCTETS + ivOctets - Long.BYTES;
      for (int k = 0; k < Long.BYTES; k++) {
        byte octet = (byte) (number >>> (56 - 8 * k));
        plain[at + k] = (byte) (ivOctets == Long.BYTES ? octet ^ secret[k] : octet);
      }
    }

    @Override
    public void close() {
      super.close();
      Arrays.fill(secret, (byte) 0);
    }
  }

  static final class Opening extends SunJceCbcHmac {

    Opening(SaParameters sa, Scratch.OfThread scratches) {
      super(sa, Cipher.DECRYPT_MODE, scratches);
    }

    @Override
    void process(EspRun run, int i, Scratch scratch) throws GeneralSecurityException {
      MemorySegment memory = run.memory();
      int at = run.at[i];
      int sealed = run.octets[i] - icvOctets;
      MemorySegment.copy(memory, JAVA_BYTE, at, scratch.input, 0, run.octets[i]);
      run.authentic[i] = isRight(scratch.input, sealed, run.number[i]);
      if (run.authentic[i]) {
        int body = sealed - EspHeader.OCTETS;
        cipher.doFinal(scratch.input, EspHeader.OCTETS, body, scratch.output, 0);
        int payloadAt = at + EspHeader.OCTETS + ivOctets;
        MemorySegment.copy(scratch.output, ivOctets, memory, JAVA_BYTE, payloadAt, body - ivOctets);
      }
    }
  }
}
