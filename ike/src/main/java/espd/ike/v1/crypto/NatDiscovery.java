package espd.ike.v1.crypto;

import espd.ike.crypto.NatDetection;
import espd.ike.crypto.Prf;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.v1.message.NatD;
import espd.spd.Ipv6Address;

/// How a NAT is found (RFC 3947 §3.2).
public final class NatDiscovery {

  private NatDiscovery() {}

  /// {@return the payload of one end: `HASH(CKY-I | CKY-R | IP | Port)`}
  ///
  /// @param hash the negotiated one
  /// @param header of the message, which has both cookies
  /// @param address of one end
  /// @param port of that end, 0 to 65535
  public static NatD hash(Prf hash, Header header, Ipv6Address address, int port) {
    byte[] covered = NatDetection.covered(header.spiI(), header.spiR(), address, port);
    return new NatD(Bytes.of(hash.hash(covered)));
  }
}
