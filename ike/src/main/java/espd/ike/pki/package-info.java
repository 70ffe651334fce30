/// Certificates of X.509 (RFC 5280) as IKE uses them (RFC 4945): whether a peer's is to be trusted,
/// and whether it is of the one the peer says it is. Nothing here opens a file or a connection.
///
/// ```
///   Trust ──► Trusted, Distrusted: at once, on any thread
///     └─────► Unsettled: the path is verified, and an Inquiry asks whether it is revoked
///                           Revocations ──► Fetcher (whoever speaks HTTP)
/// ```
@NullMarked
package espd.ike.pki;

import org.jspecify.annotations.NullMarked;
