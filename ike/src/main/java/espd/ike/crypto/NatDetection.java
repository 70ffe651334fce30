package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.spd.Ipv6Address;

/// The data of NAT_DETECTION_SOURCE_IP and NAT_DETECTION_DESTINATION_IP (RFC 7296 §2.23).
public final class NatDetection {

  private NatDetection() {}

  /// {@return `SHA1 (SPIi | SPIr | address | port)`}
  ///
  /// @param spiI the initiator's SPI, as in the header of the message
  /// @param spiR the responder's SPI, as in the header of the message
  /// @param address of one end
  /// @param port of that end, 0 to 65535
  public static Bytes hash(long spiI, long spiR, Ipv6Address address, int port) {
    return Bytes.of(Prf.HMAC_SHA1.hash(covered(spiI, spiR, address, port)));
  }

  /// {@return `SPIi | SPIr | address | port`, which IKEv1 hashes too, with cookies for SPIs and the
  /// negotiated hash (RFC 3947 §3.2)}
  public static byte[] covered(long spiI, long spiR, Ipv6Address address, int port) {
    return KeyInputs.concatenated(
        Bytes.ofLong(spiI),
        Bytes.ofLong(spiR),
        Bytes.of(address.octets()),
        Bytes.of((byte) (port >>> 8), (byte) port));
  }
}
