/// The wire format of IKEv2 (RFC 7296 §3): octets to [Message] and back, one record a payload.
///
/// [Message#read] checks the header and walks the chain of payloads ([Payloads]); what is encrypted
/// stays one closed [Encrypted] payload, whose inside [Payloads#read] reads once it is decrypted.
/// [Reader] is the only way to octets of the network and [MalformedException] its only failure;
/// whatever is read is immutable and holds no octet of the datagram. Numbers of open registries are
/// `int`, so that what we do not know is not an error: a [Transform], a [Notify] or an [Unknown]
/// payload carries it on to whoever decides.
@NullMarked
package espd.ike.message;

import org.jspecify.annotations.NullMarked;
