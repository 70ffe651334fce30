package espd.dataplane.esp;

import espd.spd.EspSuite;
import espd.spd.SaParameters;

/// The ciphers of the JDK itself (its provider SunJCE), over `byte[]`: they are there everywhere
/// and measured faster so than over direct buffers.
///
/// They allocate, whatever the caller does: a GCM or ChaCha20 packet needs a new parameter object
/// and an `init` (some 976 octets of garbage for AES-GCM), an HMAC the array of its digest (40
/// octets for SHA-1), and a wrong ICV an exception. What this package adds to that is the parameter
/// object alone.
public final class SunJce implements EspEngine {

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
        ? AeadCipher.sealing(sa)
        : new CbcHmacCipher.Sealing(sa);
  }

  @Override
  public EspCipher opening(SaParameters sa) {
    return sa.suite().encryption().isAead()
        ? AeadCipher.opening(sa)
        : new CbcHmacCipher.Opening(sa);
  }
}
