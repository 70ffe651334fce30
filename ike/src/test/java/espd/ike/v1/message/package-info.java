/// Tests of the wire format of IKEv1, and [espd.ike.v1.message.Recording], exchanges of another
/// implementation.
@NullMarked
package espd.ike.v1.message;

import org.jspecify.annotations.NullMarked;
