/// Tests of the wire format, and [espd.ike.message.Tshark], an independent reader of it.
@NullMarked
package espd.ike.message;

import org.jspecify.annotations.NullMarked;
