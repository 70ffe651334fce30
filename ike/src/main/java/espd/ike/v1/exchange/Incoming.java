package espd.ike.v1.exchange;

import espd.ike.Datagram;
import espd.ike.v1.message.EncryptedMessage;

/// An encrypted message as it came.
///
/// @param datagram that carried it
/// @param message read as far as it can be without keys
record Incoming(Datagram datagram, EncryptedMessage message) {

  /// {@return what tells it from others of its exchange}
  Taken taken() {
    return Taken.of(datagram.payload());
  }
}
