package espd.ike.driver;

import espd.ike.Datagram;
import espd.ike.crypto.IkeCipher;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.Role;
import espd.ike.crypto.UnauthenticException;
import espd.ike.message.Encrypted;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What two hosts say to each other, in the notation of RFC 7296, with the names of strongSwan's
/// log: it is lent the keys of both.
final class Transcript {

  /// An IKE SA, by its initiator's SPI: it gets a number when it is first heard of.
  private final List<Long> ikeSas = new ArrayList<>();

  private final Map<Long, List<IkeKeys>> keys = new HashMap<>();
  private final List<String> lines = new ArrayList<>();

  Transcript(Host... hosts) {
    for (Host host : hosts) {
      host.keys.follow(
          (spiI, spiR, lent) -> keys.computeIfAbsent(spiI, spi -> new ArrayList<>()).add(lent));
    }
  }

  /// {@return what is said, a line a message}
  String text() {
    return String.join("\n", lines);
  }

  /// Begins anew, but knows the keys and numbers of before.
  void clear() {
    lines.clear();
  }

  /// Notes a datagram.
  void note(String arrow, Datagram datagram) {
    lines.add(arrow + " " + open(datagram.payload()));
  }

  /// {@return whether it is a request of this exchange}
  static boolean isRequest(Datagram datagram) {
    try {
      return !Header.read(datagram.payload()).isResponse();
    } catch (MalformedException e) {
      return false;
    }
  }

  private String open(byte[] octets) {
    try {
      Header header = Header.read(octets);
      if (!ikeSas.contains(header.spiI())) {
        ikeSas.add(header.spiI());
      }
      String which = "[" + (ikeSas.indexOf(header.spiI()) + 1) + "] ";
      return which + message(header, octets).map(Message::toString).orElse(header + " [ ? ]");
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /// An end that deletes an IKE SA has wiped its keys when its answer goes; the other has them.
  private Optional<Message> message(Header header, byte[] octets) throws MalformedException {
    Message outer = Message.read(octets);
    if (outer.payloads().stream().noneMatch(Encrypted.class::isInstance)) {
      return Optional.of(outer);
    }
    Role sender = header.fromInitiator() ? Role.INITIATOR : Role.RESPONDER;
    for (IkeKeys lent : keys.getOrDefault(header.spiI(), List.of())) {
      try {
        IkeCipher cipher = lent.cipher(sender);
        return Optional.of(cipher.open(octets).read());
      } catch (IllegalStateException | UnauthenticException e) {
        // Wiped; the other end may have them still.
      }
    }
    return Optional.empty();
  }
}
