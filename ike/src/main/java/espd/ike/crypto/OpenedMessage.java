package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Payloads;
import java.util.Arrays;

/// What was inside the Encrypted payload of an authentic message (RFC 7296 §3.14).
///
/// Authentic and well formed are two things: a failure of [#read()] is the peer's own doing and is
/// answered (RFC 7296 §2.21.3), a failure before it is not.
public final class OpenedMessage {

  private final Header header;
  private final int firstInner;
  private final byte[] octets;

  OpenedMessage(Header header, int firstInner, byte[] octets) {
    this.header = header;
    this.firstInner = firstInner;
    this.octets = octets;
  }

  /// {@return the header of the message}
  public Header header() {
    return header;
  }

  /// {@return what AUTH covers of it when it is an IKE_INTERMEDIATE message (RFC 9242 §3.3.2); to
  /// be asked for before [#read()]}
  public Bytes covered() {
    return IntAuth.covered(header, firstInner, octets);
  }

  /// Reads the payloads, once, and wipes the octets they were in.
  ///
  /// @return the message with the payloads from inside
  /// @throws espd.ike.message.UnsupportedCriticalPayloadException when a payload we do not know is
  ///   critical
  /// @throws MalformedException when they are no chain of payloads
  public Message read() throws MalformedException {
    try {
      return new Message(header, Payloads.read(firstInner, octets));
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }
}
