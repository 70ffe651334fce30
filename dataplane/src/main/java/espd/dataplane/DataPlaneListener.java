package espd.dataplane;

import espd.spd.InboundSa;
import espd.spd.Ipv6Address;
import espd.spd.UdpEncapsulation;

/// Is told what the data plane meets and does not decide itself. Calls come from its threads, must
/// return at once and must not throw.
public interface DataPlaneListener {

  /// An IKE message came to the port of ESP in UDP (RFC 3948 §2.2). From the inbound reader.
  ///
  /// @param path where it came from and to
  /// @param message the message without the non-ESP marker; the receiver's to keep
  void ikeMessage(UdpPath path, byte[] message);

  /// The newest packet of an SA in UDP came, and proved authentic, from another address or port
  /// than the SA's: the peer's NAT has moved it (RFC 7296 §2.23). Said at each such packet until
  /// the SA is moved, as [espd.spd.Sadb#move] does. From the inbound writer.
  void peerMoved(InboundSa sa, Ipv6Address remote, UdpEncapsulation ports);

  /// A thread of the data plane has ended for a reason that was not foreseen; all of it is going
  /// down, and nothing passes any more. Once, from a thread of its own.
  void failed(Throwable failure);
}
