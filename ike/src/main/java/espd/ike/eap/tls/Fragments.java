package espd.ike.eap.tls;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/// The two directions of EAP-TLS, in which a message of TLS may take several packets (RFC 5216
/// §2.1.5): each but the last is acknowledged before the next is sent.
final class Fragments {

  /// More octets than this no message of ours or of a peer's has.
  static final int MOST_OCTETS = 65_536;

  /// What goes into one packet: IKE messages with it need no fragments of their own.
  static final int FRAGMENT_OCTETS = 1024;

  private static final EapTlsPacket ACKNOWLEDGEMENT =
      new EapTlsPacket(false, false, Optional.empty(), Bytes.EMPTY);

  private final ByteArrayOutputStream incoming = new ByteArrayOutputStream();
  private long announced;
  private byte[] outgoing = {};
  private int sent;

  /// What a packet of the other end leads to.
  sealed interface Arrival {}

  /// This is to be sent: the next fragment, or an acknowledgement.
  record Answer(EapTlsPacket packet) implements Arrival {}

  /// A message is whole; an acknowledgement of our last fragment is an empty one.
  record Whole(Bytes message) implements Arrival {}

  /// {@return what `packet` leads to}
  ///
  /// @throws MalformedException when it does not fit what came and went before
  Arrival received(EapTlsPacket packet) throws MalformedException {
    if (sent < outgoing.length) {
      if (!packet.isAcknowledgement()) {
        throw new MalformedException("EAP-TLS fragment that is not acknowledged");
      }
      return new Answer(next());
    }
    add(packet);
    if (packet.more()) {
      return new Answer(ACKNOWLEDGEMENT);
    }
    Bytes message = Bytes.of(incoming.toByteArray());
    if (announced > 0 && message.length() != announced) {
      throw new MalformedException(
          "EAP-TLS message of %d octets, announced %d".formatted(message.length(), announced));
    }
    incoming.reset();
    announced = 0;
    return new Whole(message);
  }

  private void add(EapTlsPacket packet) throws MalformedException {
    if (incoming.size() == 0) {
      announced = packet.whole().orElse(0L);
      if (packet.more() && announced == 0) {
        throw new MalformedException("first fragment of EAP-TLS without a length");
      }
      if (announced > MOST_OCTETS) {
        throw new MalformedException("EAP-TLS message of " + announced + " octets");
      }
    } else if (packet.whole().isPresent() && packet.whole().get() != announced) {
      throw new MalformedException("EAP-TLS fragment of another length");
    }
    if (packet.more() && packet.data().length() == 0) {
      throw new MalformedException("EAP-TLS fragment without data");
    }
    incoming.writeBytes(packet.data().toArray());
    if (announced > 0 && incoming.size() > announced) {
      throw new MalformedException("EAP-TLS fragments longer than announced");
    }
  }

  /// {@return the first packet of a message of ours, perhaps an empty one}
  ///
  /// @throws IllegalStateException when the one before has not gone yet
  EapTlsPacket send(Bytes message) {
    if (sent < outgoing.length) {
      throw new IllegalStateException("a message of EAP-TLS amid another");
    }
    outgoing = message.toArray();
    sent = 0;
    return next();
  }

  private EapTlsPacket next() {
    int from = sent;
    sent = Math.min(from + FRAGMENT_OCTETS, outgoing.length);
    boolean more = sent < outgoing.length;
    Optional<Long> whole =
        from == 0 && more ? Optional.of((long) outgoing.length) : Optional.empty();
    return new EapTlsPacket(false, more, whole, Bytes.of(outgoing, from, sent - from));
  }
}
