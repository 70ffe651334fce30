package espd.ike.eap.tls;

import espd.ike.message.Bytes;
import espd.ike.pki.Inquiry;
import espd.spd.KeyMaterial;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsProtocol;
import org.bouncycastle.tls.TlsServerProtocol;

/// One end of a handshake of TLS without a socket: octets of the other end in, ours out.
final class TlsConversation implements AutoCloseable {

  private final TlsProtocol protocol;
  private final Handshake handshake;
  private final Act opening;
  private Optional<String> failure = Optional.empty();

  /// What may fail.
  private interface Act {
    void run() throws IOException;
  }

  private TlsConversation(TlsProtocol protocol, Handshake handshake, Act opening) {
    this.protocol = protocol;
    this.handshake = handshake;
    this.opening = opening;
  }

  static TlsConversation client(TlsParty party) {
    Handshake handshake = new Handshake(party);
    TlsClientProtocol protocol = new TlsClientProtocol();
    return new TlsConversation(
        protocol, handshake, () -> protocol.connect(new ClientEnd(handshake)));
  }

  static TlsConversation server(TlsParty party) {
    Handshake handshake = new Handshake(party);
    TlsServerProtocol protocol = new TlsServerProtocol();
    return new TlsConversation(
        protocol, handshake, () -> protocol.accept(new ServerEnd(handshake, protocol)));
  }

  /// {@return what there is to say before the other end has said anything}
  Bytes begin() {
    return spoken(opening);
  }

  /// {@return what there is to say now: after a failure an alert, or nothing to one of the other
  /// end's}
  ///
  /// @param octets of the other end
  Bytes received(Bytes octets) {
    return spoken(
        () -> {
          protocol.offerInput(octets.toArray());
          byte[] data = new byte[protocol.getAvailableInputBytes()];
          if (data.length > 0) {
            protocol.readInput(data, 0, data.length);
            handshake.applicationData(data);
          }
        });
  }

  private Bytes spoken(Act act) {
    try {
      act.run();
    } catch (TlsFatalAlertReceived e) {
      failure =
          Optional.of(
              "received fatal TLS alert '%s'".formatted(Handshake.name(e.getAlertDescription())));
    } catch (IOException e) {
      failure = handshake.objection().or(() -> Optional.of(String.valueOf(e.getMessage())));
    }
    byte[] out = new byte[protocol.getAvailableOutputBytes()];
    protocol.readOutput(out, 0, out.length);
    return Bytes.of(out);
  }

  /// {@return why there will be no key}
  Optional<String> failure() {
    return failure;
  }

  /// {@return whether the handshake is over and well}
  boolean isDone() {
    return failure.isEmpty() && handshake.isDone();
  }

  /// {@return the key, whose owner the caller is now}
  ///
  /// @throws IllegalStateException unless [#isDone]
  KeyMaterial takeMsk() {
    return handshake.takeMsk();
  }

  /// {@return for people, what was agreed and whom we trusted}
  List<String> lines() {
    return handshake.lines();
  }

  /// {@return what is to be asked about the certificates of the other end}
  Optional<Inquiry> inquiry() {
    return handshake.inquiry();
  }

  @Override
  public void close() {
    handshake.close();
  }
}
