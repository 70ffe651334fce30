/// The wire format of IKEv1 (RFC 2408 §3, RFC 2407 §4.6, RFC 3947, RFC 3706): octets to messages
/// and back, one record a payload; the sibling of [espd.ike.message], whose readers, writers and
/// chain it shares.
///
/// ```
/// octets -> IsakmpDatagram -> IsakmpMessage
///                          -> EncryptedMessage -> (decrypted elsewhere) -> IsakmpMessage
/// ```
///
/// Whatever is reserved has to be zero and every length exact (RFC 2408 §5), so that a message that
/// was read is written as the same octets: what a HASH covers need not be kept beside it. Numbers
/// of registries are `int`. What can be read and not be agreed to (another DOI, an unknown
/// transform) is a value; [espd.ike.message.MalformedException] is for the rest.
@NullMarked
package espd.ike.v1.message;

import org.jspecify.annotations.NullMarked;
