/// EAP-TLS (RFC 5216, and RFC 9190 for TLS 1.3): both ends show certificates, and the key that
/// comes of the handshake proves to IKE that it was they.
///
/// | what stands there                                          | where                         |
/// |------------------------------------------------------------|-------------------------------|
/// | the two ends as methods of EAP (RFC 5216 §2.1)             | [EapTlsPeer], [EapTlsServer]  |
/// | packets and fragments (RFC 5216 §2.1.5, §3)                | EapTlsPacket, Fragments       |
/// | the handshake and its key (RFC 5216 §2.3, RFC 9190 §2.3)   | TlsConversation, Handshake    |
/// | which certificates and whose (RFC 5216 §5.2, §5.3)         | [TlsParty]                    |
///
/// Whether certificates are revoked (RFC 5216 §5.4) is asked when the handshake is over and before
/// its key counts, by IKE: an inquiry stands beside the key ([espd.ike.eap.EapTurn.Proof]).
///
/// TLS itself is Bouncy Castle's, without sockets: octets in, octets out. It is 1.3 or 1.2, with
/// ECDHE and AEAD only; no session is resumed and no ticket given.
@NullMarked
package espd.ike.eap.tls;

import org.jspecify.annotations.NullMarked;
