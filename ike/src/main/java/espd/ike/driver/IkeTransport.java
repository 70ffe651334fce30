package espd.ike.driver;

import espd.ike.Datagram;

/// Sends IKE's datagrams (RFC 7296 §2). Called from the event loop; returns at once.
@FunctionalInterface
public interface IkeTransport {

  /// Sends a datagram, or drops it: IKE sends again what matters.
  ///
  /// @param datagram from port 500, through a TCP stream, or from 4500, where the non-ESP marker
  ///   goes before it, unless it is a NAT-keepalive (RFC 3948 §2.2, §2.3)
  void send(Datagram datagram);

  /// An established IKE SA uses this TCP stream, which is to stay.
  ///
  /// @param localPort the number of the stream
  default void keepStream(int localPort) {}

  /// No IKE SA uses this TCP stream any more.
  ///
  /// @param localPort the number of the stream
  default void closeStream(int localPort) {}
}
