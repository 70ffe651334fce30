/// The wire format of IKEv2 (RFC 7296 §3): octets to [Message] and back, one record a payload.
@NullMarked
package espd.ike.message;

import org.jspecify.annotations.NullMarked;
