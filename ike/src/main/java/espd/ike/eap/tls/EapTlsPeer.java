package espd.ike.eap.tls;

import espd.ike.eap.EapFailedException;
import espd.ike.eap.PeerMethod;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.spd.KeyMaterial;

/// The peer of EAP-TLS (RFC 5216 §2.1): the client of TLS.
public final class EapTlsPeer extends EapTlsEnd implements PeerMethod {

  private boolean started;

  /// @param party us, and the server we want
  public EapTlsPeer(TlsParty party) {
    super(TlsConversation.client(party));
  }

  @Override
  public Bytes answer(Bytes request) throws MalformedException, EapFailedException {
    EapTlsPacket packet = EapTlsPacket.read(request);
    if (packet.start() == started) {
      throw new MalformedException("EAP-TLS Start out of turn");
    }
    if (packet.start()) {
      started = true;
      return fragments.send(tls.begin()).write();
    }
    return switch (fragments.received(packet)) {
      case Fragments.Answer(EapTlsPacket answer) -> answer.write();
      case Fragments.Whole(Bytes message) -> fragments.send(answerOf(message)).write();
    };
  }

  /// What TLS says, an alert too; what has nothing to say acknowledges (RFC 5216 §2.1.3).
  private Bytes answerOf(Bytes message) throws MalformedException, EapFailedException {
    if (tls.failure().isPresent()) {
      throw new EapFailedException(tls.failure().get());
    }
    if (message.length() == 0) {
      throw new MalformedException("EAP-TLS request without TLS");
    }
    return tls.received(message);
  }

  @Override
  public KeyMaterial msk() throws EapFailedException {
    if (!tls.isDone()) {
      throw new EapFailedException(tls.failure().orElse("EAP_SUCCESS before TLS has ended"));
    }
    return tls.takeMsk();
  }

  @Override
  public String complaint() {
    return tls.failure().orElseGet(PeerMethod.super::complaint);
  }
}
