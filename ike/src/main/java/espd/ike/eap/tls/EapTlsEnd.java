package espd.ike.eap.tls;

import espd.ike.EapType;
import espd.ike.eap.EapMethod;
import espd.ike.pki.Inquiry;
import java.util.List;
import java.util.Optional;

/// Either end of EAP-TLS (RFC 5216 §2.1): a conversation of TLS, cut into packets of EAP.
abstract sealed class EapTlsEnd implements EapMethod permits EapTlsPeer, EapTlsServer {

  final TlsConversation tls;
  final Fragments fragments = new Fragments();

  EapTlsEnd(TlsConversation tls) {
    this.tls = tls;
  }

  @Override
  public final EapType type() {
    return EapType.TLS;
  }

  @Override
  public final List<String> lines() {
    return tls.lines();
  }

  @Override
  public final Optional<Inquiry> inquiry() {
    return tls.inquiry();
  }

  @Override
  public final void close() {
    tls.close();
  }
}
