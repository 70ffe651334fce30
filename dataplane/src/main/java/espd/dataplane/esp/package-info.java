/// ESP on the wire and its ciphers (RFC 4303).
///
/// [EspHeader] and [EspTrailer] are static accessors over a packet's octets; [Encapsulation] and
/// [Decapsulation] put ESP around a packet and take it off, in place. A cipher knows nothing of
/// batches, slots or databases: an [EspEngine] makes an [EspCipher] for one SA and one thread, and
/// the cipher takes an [EspRun], the packets of that SA within a batch. Another engine is another
/// implementation of these two interfaces.
@NullMarked
package espd.dataplane.esp;

import org.jspecify.annotations.NullMarked;
