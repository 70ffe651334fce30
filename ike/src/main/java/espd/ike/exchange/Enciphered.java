package espd.ike.exchange;

import espd.ike.Connection;

/// A state in which messages are encrypted (RFC 7296 §3.14): what the [Courier] has to know of it.
public interface Enciphered {

  /// {@return SPIs, keys and path}
  IkeSa ikeSa();

  /// {@return the message ids}
  MessageWindow window();

  /// {@return the connection, as far as it is known: a responder's may change with the peer's
  /// identity}
  Connection connection();
}
