/// The Extensible Authentication Protocol (RFC 3748), by which an initiator proves itself in
/// IKE_AUTH (RFC 7296 §2.16): packets in, packets out, and at the end a key that both ends share.
///
/// ```
///   IKE_AUTH            either end          one method
///   EAP payload  ──►  EapPeer / EapServer  ──►  PeerMethod / ServerMethod
///                ◄──  EapTurn: next packet, succeeded with MSK, failed with reason
/// ```
///
/// | what stands there                                             | where                       |
/// |---------------------------------------------------------------|-----------------------------|
/// | packets, identity, refusals of a method (RFC 3748 §4, §5)     | [EapPacket], [EapPeer], [EapServer] |
/// | a password (RFC 2759, RFC 3079)                               | [MsChapV2]                  |
/// | certificates (RFC 5216, RFC 9190)                             | `espd.ike.eap.tls`          |
///
/// Nothing here knows IKE, a socket or a clock. A conversation changes as it goes and belongs to
/// one thread at a time: the exchange has its turns computed off the event loop. Its packets are
/// bounded in number and size, and only one method can be under way.
@NullMarked
package espd.ike.eap;

import org.jspecify.annotations.NullMarked;
