package espd.ike.v1.exchange;

import espd.ike.crypto.Role;
import espd.ike.exchange.Nat;
import espd.ike.exchange.Path;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.v1.crypto.Iv;
import espd.ike.v1.crypto.PhaseOneCipher;
import espd.ike.v1.crypto.PhaseOneKeys;
import espd.ike.v1.message.EncryptedMessage;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.IsakmpPayload;
import espd.spd.UdpEncapsulation;
import java.util.List;
import java.util.Optional;

/// What an ISAKMP SA needs to speak: cookies, keys and path (RFC 2408 §2.5.3, RFC 2409 §5).
///
/// @param role our end
/// @param serial the n of `NAME[n]`
/// @param spiI the initiator's cookie
/// @param spiR the responder's cookie
/// @param keys SKEYID and what is derived from it
/// @param iv what phase 1 has come to: of its next message, and of what phase 2 begins with
/// @param path where messages go
/// @param nat what stands between
/// @param encapsulates whether ESP goes in UDP
/// @param deadPeerDetection whether both ends have announced it (RFC 3706 §5.1)
record IsakmpSa(
    Role role,
    int serial,
    long spiI,
    long spiR,
    PhaseOneKeys keys,
    Iv iv,
    Path path,
    Nat nat,
    boolean encapsulates,
    boolean deadPeerDetection) {

  /// {@return this with the IV after a message of phase 1}
  IsakmpSa with(Iv next) {
    return new IsakmpSa(
        role, serial, spiI, spiR, keys, next, path, nat, encapsulates, deadPeerDetection);
  }

  /// {@return this with messages going elsewhere}
  IsakmpSa along(Path other) {
    return new IsakmpSa(
        role, serial, spiI, spiR, keys, iv, other, nat, encapsulates, deadPeerDetection);
  }

  /// {@return this with something between the ends}
  IsakmpSa through(Nat other, boolean encapsulating) {
    return new IsakmpSa(
        role, serial, spiI, spiR, keys, iv, path, other, encapsulating, deadPeerDetection);
  }

  /// {@return how ESP is to be wrapped (RFC 3948)}
  Optional<UdpEncapsulation> encapsulation() {
    return encapsulates
        ? Optional.of(new UdpEncapsulation(path.localPort(), path.remotePort()))
        : Optional.empty();
  }

  /// {@return the header of a message}
  Header header(int exchange, int messageId) {
    return new Header(spiI, spiR, exchange, 0, messageId);
  }

  /// {@return the IV of the first message of an exchange of phase 2}
  Iv firstIv(int messageId) {
    return keys.firstIv(iv, messageId);
  }

  /// {@return our message, encrypted}
  PhaseOneCipher.Sealed seal(Header header, List<? extends IsakmpPayload> payloads, Iv from) {
    return keys.cipher().seal(new IsakmpMessage(header, List.copyOf(payloads)), from);
  }

  /// {@return the peer's message, decrypted; what is in it proves itself by its HASH}
  ///
  /// @throws MalformedException when there is nothing that makes sense
  PhaseOneCipher.Opened open(EncryptedMessage message, Iv from) throws MalformedException {
    return keys.cipher().open(message, from);
  }
}
