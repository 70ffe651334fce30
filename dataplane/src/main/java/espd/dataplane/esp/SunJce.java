package espd.dataplane.esp;

import espd.spd.EspSuite;
import espd.spd.SaParameters;
import javax.crypto.Cipher;

/// The ciphers of the JDK itself (its provider SunJCE), over `byte[]`: they are there everywhere
/// and measured faster so than over direct buffers.
///
/// They allocate, whatever the caller does: a GCM or ChaCha20 packet needs a new parameter object
/// and an `init` (some 976 octets of garbage for AES-GCM), an HMAC the array of its digest (40
/// octets for SHA-1), and a wrong ICV an exception. What this package adds to that is the parameter
/// object alone.
public final class SunJce implements EspEngine {

  private final Scratch.OfThread scratches = new Scratch.OfThread();

  @Override
  public String name() {
    return "SunJCE";
  }

  @Override
  public boolean supports(EspSuite suite) {
    return true;
  }

  @Override
  public EspCipher sealing(SaParameters sa) {
    return sa.suite().encryption().isAead()
        ? new SunJceAead(sa, Cipher.ENCRYPT_MODE, scratches)
        : new SunJceCbcHmac.Sealing(sa, scratches);
  }

  @Override
  public EspCipher opening(SaParameters sa) {
    return sa.suite().encryption().isAead()
        ? new SunJceAead(sa, Cipher.DECRYPT_MODE, scratches)
        : new SunJceCbcHmac.Opening(sa, scratches);
  }
}
