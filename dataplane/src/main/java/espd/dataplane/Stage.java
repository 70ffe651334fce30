package espd.dataplane;

/// A part of a packet's way whose time is measured.
public enum Stage {
  /// What the reader does. Outbound: flow, policy, SA and sequence number; inbound: SA by SPI and
  /// the first look at the replay window.
  CLASSIFY,
  /// Lying in the ring, before a worker takes the batch and before the writer does. Next to nothing
  /// where one thread does it all.
  WAIT,
  /// What a worker does: ESP around the packets and encryption, or authentication and decryption.
  CRYPTO,
  /// What the writer does. Outbound: handing packets to the outer network; inbound: the replay
  /// window, the selectors, and handing packets to the TUN device.
  SEND
}
