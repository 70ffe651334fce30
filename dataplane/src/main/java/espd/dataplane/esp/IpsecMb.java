package espd.dataplane.esp;

import espd.spd.Direction;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.SaParameters;
import java.util.Optional;

/// The AES-GCM of Intel's multi-buffer library for IPsec (`libIPSec_MB.so`), where it is installed:
/// on processors with VAES several times as fast as [LibCrypto]. It has nothing else for ESP here.
public final class IpsecMb implements EspEngine {

  private IpsecMb() {}

  /// {@return the engine}
  ///
  /// @throws UnavailableEngineException when the library is not there, or has no AES-GCM for this
  ///   processor
  static IpsecMb open() throws UnavailableEngineException {
    Optional<String> lack = IpsecMbCalls.lack();
    if (lack.isPresent()) {
      throw new UnavailableEngineException(
          "ipsec-mb",
          lack.get(),
          "install version 1 of it (package libipsec-mb1 or intel-ipsec-mb)");
    }
    return new IpsecMb();
  }

  @Override
  public String name() {
    return "ipsec-mb";
  }

  @Override
  public boolean supports(EspSuite suite) {
    return suite.encryption() == Encryption.AES_GCM_16;
  }

  @Override
  public EspCipher sealing(SaParameters sa) {
    return new IpsecMbGcm(sa, Direction.OUTBOUND);
  }

  @Override
  public EspCipher opening(SaParameters sa) {
    return new IpsecMbGcm(sa, Direction.INBOUND);
  }
}
