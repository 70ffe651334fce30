package espd.ike.eap.tls;

import espd.ike.eap.EapFailedException;
import espd.ike.eap.ServerMethod;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import java.util.Optional;

/// The server of EAP-TLS (RFC 5216 §2.1), and of TLS.
public final class EapTlsServer extends EapTlsEnd implements ServerMethod {

  private boolean opened;

  /// @param party us, and the peer we want
  public EapTlsServer(TlsParty party) {
    super(TlsConversation.server(party));
  }

  @Override
  public Bytes begin() {
    return EapTlsPacket.START.write();
  }

  @Override
  public Verdict received(Bytes response) throws MalformedException, EapFailedException {
    EapTlsPacket packet = EapTlsPacket.read(response);
    if (packet.start()) {
      throw new MalformedException("EAP-TLS Start from the peer");
    }
    return switch (fragments.received(packet)) {
      case Fragments.Answer(EapTlsPacket answer) -> new Ask(answer.write());
      case Fragments.Whole(Bytes message) -> verdict(message);
    };
  }

  private Verdict verdict(Bytes message) throws MalformedException, EapFailedException {
    if (tls.failure().isPresent()) {
      throw new EapFailedException(tls.failure().get()); // Whatever it says to our alert.
    }
    if (message.length() == 0) {
      if (!tls.isDone()) {
        throw new MalformedException("EAP-TLS response without TLS");
      }
      return new Accept(tls.takeMsk());
    }
    if (!opened) {
      opened = true;
      Bytes _ = tls.begin(); // A server has nothing to say yet.
    }
    Bytes answer = tls.received(message);
    if (answer.length() > 0) {
      return new Ask(fragments.send(answer).write());
    }
    throw new EapFailedException(tls.failure().orElse("TLS of which more should have come"));
  }

  @Override
  public Optional<String> complaint() {
    return tls.failure();
  }
}
