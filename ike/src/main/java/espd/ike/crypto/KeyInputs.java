package espd.ike.crypto;

import espd.ike.message.Bytes;

/// What the keys of an IKE SA are derived from, besides secrets (RFC 7296 §2.14).
///
/// @param ni the initiator's Nonce Data
/// @param nr the responder's Nonce Data
/// @param spiI the initiator's SPI
/// @param spiR the responder's SPI
public record KeyInputs(Bytes ni, Bytes nr, long spiI, long spiR) {

  /// {@return `Ni | Nr`}
  public byte[] nonces() {
    return concatenated(ni, nr);
  }

  /// {@return `Ni | Nr | SPIi | SPIr`}
  byte[] noncesAndSpis() {
    return concatenated(ni, nr, Bytes.ofLong(spiI), Bytes.ofLong(spiR));
  }

  static byte[] concatenated(Bytes... parts) {
    int length = 0;
    for (Bytes part : parts) {
      length += part.length();
    }
    byte[] all = new byte[length];
    int at = 0;
    for (Bytes part : parts) {
      System.arraycopy(part.toArray(), 0, all, at, part.length());
      at += part.length();
    }
    return all;
  }
}
