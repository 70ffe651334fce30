package espd.ike.eap.tls;

import java.io.IOException;
import java.util.Optional;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateStatusRequest;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/// The client of TLS: the peer of EAP. TLS 1.3 or 1.2, as the library's usual client has it.
final class ClientEnd extends AbstractTlsClient {

  private static final byte[] NO_REQUEST = {};

  private final Handshake handshake;

  ClientEnd(Handshake handshake) {
    super(handshake.crypto());
    this.handshake = handshake;
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return TlsSuite.all();
  }

  @Override
  protected Vector<SignatureAndHashAlgorithm> getSupportedSignatureAlgorithms() {
    return TlsSignature.all();
  }

  /// Whether the server's certificate is revoked, [espd.ike.pki.Trust] finds out by its own means.
  @Override
  protected @Nullable CertificateStatusRequest getCertificateStatusRequest() {
    return null;
  }

  /// No box between the two sees this TLS.
  @Override
  public boolean shouldUseCompatibilityMode() {
    return false;
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
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate server) throws IOException {
        handshake.judge(server.getCertificate());
      }

      @Override
      public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
        byte[] name = request.getCertificateRequestContext();
        return handshake.signer(
            context, name == null ? NO_REQUEST : name, request.getSupportedSignatureAlgorithms());
      }
    };
  }

  @Override
  public void notifyHandshakeComplete() {
    handshake.complete(context);
    if (TlsUtils.isTLSv13(context)) {
      handshake.awaitCommitment();
    }
  }

  @Override
  public void notifyAlertRaised(
      short level, short description, @Nullable String message, @Nullable Throwable cause) {
    handshake.raised(level, description, Optional.ofNullable(cause));
  }
}
