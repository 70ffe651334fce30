package espd.ike.v1.crypto;

import espd.ike.crypto.Role;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;

/// What the keys of a pair of SAs are derived from, besides secrets (RFC 2409 §5.5).
///
/// @param protocol of the SAs: [Proposal#ESP]
/// @param spiI the SPI that the initiator of quick mode receives with
/// @param spiR the SPI that its responder receives with
/// @param ni the initiator's nonce of quick mode
/// @param nr the responder's nonce of quick mode
public record PhaseTwoInputs(int protocol, int spiI, int spiR, Bytes ni, Bytes nr) {

  /// Of a pair of SAs of ESP.
  public PhaseTwoInputs(int spiI, int spiR, Bytes ni, Bytes nr) {
    this(Proposal.ESP, spiI, spiR, ni, nr);
  }

  /// {@return `protocol | SPI | Ni_b | Nr_b` of what `receiver` receives}
  byte[][] covered(Role receiver) {
    int spi = receiver == Role.INITIATOR ? spiI : spiR;
    return new byte[][] {{(byte) protocol}, Bytes.ofInt(spi).toArray(), ni.toArray(), nr.toArray()};
  }
}
