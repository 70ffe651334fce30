package espd.dataplane.esp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import espd.spd.Encryption;
import espd.spd.SaParameters;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-GCM (RFC 4106) and ChaCha20-Poly1305 (RFC 7634) of the JDK.
///
/// ```
///  nonce = salt (4) | IV (8)                            RFC 4106 §4, RFC 7634 §2
///  AAD   = SPI | sequence, with ESN SPI | high | low    RFC 4106 §5, RFC 7634 §2.1
/// ```
///
/// The IV is the packet's whole sequence number: it never repeats under a key, whichever thread
/// seals (RFC 4106 §3.1).
final class SunJceAead implements EspCipher {

  private static final int IV_OCTETS = 8;
  private static final int ICV_OCTETS = 16;
  private static final int SALT_OCTETS = 4;
  private static final int NONCE_OCTETS = SALT_OCTETS + IV_OCTETS;
  private static final int BODY = EspHeader.OCTETS + IV_OCTETS;

  private final int mode;
  private final boolean esn;
  private final Encryption encryption;
  private final Cipher cipher;
  private final SecretKeySpec key;
  private final byte[] nonce = new byte[NONCE_OCTETS];
  private final byte[] lastNonce = new byte[NONCE_OCTETS];
  private final ByteBuffer iv = ByteBuffer.wrap(nonce, SALT_OCTETS, IV_OCTETS).slice();
  private final ByteBuffer aad;

  private final Scratch.OfThread scratches;

  /// @param sa whose packets
  /// @param mode of [Cipher]
  /// @param scratches where octets are copied to and from
  SunJceAead(SaParameters sa, int mode, Scratch.OfThread scratches) {
    this.scratches = scratches;
    this.mode = mode;
    this.esn = sa.esn();
    this.encryption = sa.suite().encryption();
    this.aad = ByteBuffer.allocate(esn ? 12 : 8);
    int keyOctets = sa.suite().keyBits() / 8;
    boolean aes = encryption == Encryption.AES_GCM_16;
    this.key =
        sa.encryptionKey()
            .use(
                octets -> {
                  System.arraycopy(octets, keyOctets, nonce, 0, SALT_OCTETS);
                  return new SecretKeySpec(octets, 0, keyOctets, aes ? "AES" : "ChaCha20");
                });
    try {
      this.cipher = Cipher.getInstance(aes ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305", "SunJCE");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks " + encryption, e);
    }
  }

  @Override
  public void process(EspRun run) {
    Scratch scratch = scratches.fitting(run);
    try {
      for (int i = 0; i < run.count; i++) {
        if (mode == Cipher.ENCRYPT_MODE) {
          seal(run, i, scratch);
        } else {
          run.authentic[i] = open(run, i, scratch);
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(encryption + " refused its own parameters", e);
    }
  }

  private void seal(EspRun run, int i, Scratch scratch) throws GeneralSecurityException {
    MemorySegment memory = run.memory();
    int body = run.at[i] + BODY;
    int octets = run.octets[i] - BODY - ICV_OCTETS;
    iv.putLong(0, run.number[i]);
    MemorySegment.copy(nonce, SALT_OCTETS, memory, JAVA_BYTE, body - IV_OCTETS, IV_OCTETS);
    MemorySegment.copy(memory, JAVA_BYTE, body, scratch.input, 0, octets);
    start(run, i);
    cipher.doFinal(scratch.input, 0, octets, scratch.output, 0);
    MemorySegment.copy(scratch.output, 0, memory, JAVA_BYTE, body, octets + ICV_OCTETS);
  }

  private boolean open(EspRun run, int i, Scratch scratch) throws GeneralSecurityException {
    MemorySegment memory = run.memory();
    int body = run.at[i] + BODY;
    int octets = run.octets[i] - BODY;
    MemorySegment.copy(memory, JAVA_BYTE, body - IV_OCTETS, nonce, SALT_OCTETS, IV_OCTETS);
    MemorySegment.copy(memory, JAVA_BYTE, body, scratch.input, 0, octets);
    forgetEqualNonce();
    start(run, i);
    try {
      cipher.doFinal(scratch.input, 0, octets, scratch.output, 0);
    } catch (AEADBadTagException e) {
      return false;
    }
    MemorySegment.copy(scratch.output, 0, memory, JAVA_BYTE, body, octets - ICV_OCTETS);
    return true;
  }

  private void start(EspRun run, int i) throws GeneralSecurityException {
    cipher.init(mode, key, parameters(nonce));
    MemorySegment memory = run.memory();
    aad.putInt(0, EspHeader.spi(memory, run.at[i]));
    if (esn) {
      aad.putLong(4, run.number[i]);
    } else {
      aad.putInt(4, (int) run.number[i]);
    }
    cipher.updateAAD(aad.array(), 0, aad.capacity());
  }

  /// SunJCE's ChaCha20 refuses the nonce of the call before even when it opens; a forger who copies
  /// the IV of a packet could so suppress the genuine one.
  private void forgetEqualNonce() throws GeneralSecurityException {
    if (encryption == Encryption.CHACHA20_POLY1305 && Arrays.equals(nonce, lastNonce)) {
      lastNonce[NONCE_OCTETS - 1] ^= 1;
      cipher.init(mode, key, parameters(lastNonce));
    }
    System.arraycopy(nonce, 0, lastNonce, 0, NONCE_OCTETS);
  }

  private AlgorithmParameterSpec parameters(byte[] nonce) {
    return encryption == Encryption.AES_GCM_16
        ? new GCMParameterSpec(8 * ICV_OCTETS, nonce)
        : new IvParameterSpec(nonce);
  }

  @Override
  public void close() {
    Arrays.fill(nonce, (byte) 0);
  }
}
