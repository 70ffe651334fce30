package espd.ike.v1.message;

import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Reader;

/// What arrives: a message whose payloads can be read, or one that is encrypted (RFC 2408 §3.1).
public sealed interface IsakmpDatagram permits IsakmpMessage, EncryptedMessage {

  /// {@return the header}
  Header header();

  /// Reads one message.
  ///
  /// @param datagram a whole message, without non-ESP marker
  /// @throws MalformedException when it is no message of ISAKMP 1.0
  static IsakmpDatagram read(byte[] datagram) throws MalformedException {
    if (datagram.length > Message.MAX_OCTETS) {
      throw new MalformedException("a message of " + datagram.length + " octets");
    }
    Reader in = new Reader(datagram);
    Header.Start start = Header.readAnyVersion(in);
    if (start.version() != Header.VERSION_1) {
      throw new MalformedException("version 0x%02x, not 1.0".formatted(start.version()));
    }
    start.expectOctets(datagram.length);
    if (start.header().isEncrypted()) {
      return new EncryptedMessage(start.header(), start.firstPayload(), in.rest());
    }
    IsakmpMessage message = IsakmpMessage.read(start.header(), start.firstPayload(), in);
    in.expectEnd("message");
    return message;
  }
}
