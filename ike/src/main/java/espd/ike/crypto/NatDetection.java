package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.spd.Ipv6Address;
import org.bouncycastle.crypto.digests.SHA1Digest;

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
    byte[] data =
        KeyInputs.concatenated(
            Bytes.ofLong(spiI),
            Bytes.ofLong(spiR),
            Bytes.of(address.octets()),
            Bytes.of((byte) (port >>> 8), (byte) port));
    SHA1Digest sha1 = new SHA1Digest();
    sha1.update(data, 0, data.length);
    byte[] hash = new byte[sha1.getDigestSize()];
    sha1.doFinal(hash, 0);
    return Bytes.of(hash);
  }
}
