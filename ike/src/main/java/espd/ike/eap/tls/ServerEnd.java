package espd.ike.eap.tls;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/// The server of TLS and of EAP. TLS 1.3 or 1.2, as the library's usual server has it.
final class ServerEnd extends AbstractTlsServer {

  private static final byte[] NO_REQUEST = {};
  private static final byte[] COMMITMENT = {0};
  private static final short[] CERTIFICATE_TYPES = {
    ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign
  };
  private static final int[] GROUPS = {
    NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.secp384r1, NamedGroup.x448
  };

  private final Handshake handshake;
  private final TlsServerProtocol protocol;

  ServerEnd(Handshake handshake, TlsServerProtocol protocol) {
    super(handshake.crypto());
    this.handshake = handshake;
    this.protocol = protocol;
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return handshake.suitesOfOurKey();
  }

  @Override
  public int[] getSupportedGroups() {
    return GROUPS.clone();
  }

  @Override
  protected int selectECDH(int minimumCurveBits) {
    int[] offered = context.getSecurityParametersHandshake().getClientSupportedGroups();
    return Arrays.stream(GROUPS)
        .filter(group -> offered == null || Arrays.stream(offered).anyMatch(o -> o == group))
        .findFirst()
        .orElse(-1);
  }

  /// Whether the algorithms of certificates will do, [espd.ike.pki.Trust] judges.
  @Override
  public boolean shouldCheckSigAlgOfPeerCerts() {
    return false;
  }

  /// Nobody negotiates anew here, so that nobody need say how (RFC 5746 §4.1): strongSwan does not.
  @Override
  public void notifySecureRenegotiation(boolean secureRenegotiation) {}

  @Override
  public TlsCredentials getCredentials() throws IOException {
    Vector<?> taken = context.getSecurityParametersHandshake().getClientSigAlgs();
    if (taken == null) {
      throw new TlsFatalAlert(AlertDescription.missing_extension);
    }
    return handshake.signer(context, NO_REQUEST, taken);
  }

  /// Both ends show certificates (RFC 5216 §2.1.1).
  @Override
  public CertificateRequest getCertificateRequest() throws IOException {
    return TlsUtils.isTLSv13(context)
        ? new CertificateRequest(NO_REQUEST, TlsSignature.all(), null, null)
        : new CertificateRequest(CERTIFICATE_TYPES.clone(), TlsSignature.all(), null);
  }

  @Override
  public void notifyClientCertificate(Certificate certificate) throws IOException {
    handshake.judge(certificate);
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    handshake.complete(context);
    if (TlsUtils.isTLSv13(context)) {
      protocol.writeApplicationData(COMMITMENT, 0, COMMITMENT.length);
    }
  }

  @Override
  public void notifyAlertRaised(
      short level, short description, @Nullable String message, @Nullable Throwable cause) {
    handshake.raised(level, description, Optional.ofNullable(cause));
  }
}
