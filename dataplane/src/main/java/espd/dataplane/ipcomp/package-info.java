/// IP payload compression with DEFLATE (RFC 3173, RFC 2394): its header, its two machines, and when
/// it is not worth a try.
///
/// It pays where the path is slower than a processor. Measured with packets of 1400 octets, one
/// thread, sealing them with ipsec-mb's AES-GCM being 1 (libcrypto's is 3.6):
///
/// |                                             | time | octets left |
/// |---------------------------------------------|------|-------------|
/// | deflating program text, at the fastest level |   70 |        47 % |
/// | the same at zlib's usual level              |   98 |        46 % |
/// | inflating it                                |   23 |             |
/// | finding that noise does not become shorter  |  115 |       100 % |
///
/// So the fastest level is taken; short packets are not tried (RFC 2394 §3); and of a flow that
/// does not become shorter fewer and fewer are ([BackOff], RFC 3173 §2.2). The crypto threads
/// deflate. The inbound writer inflates, behind the replay window: nothing is expanded twice for
/// somebody who sends it again, and one thread inflates what three deflate.
///
/// Each packet is compressed by itself (RFC 3173 §2). So one [Compressor] serves all SAs of a
/// worker thread, and one [Decompressor] all of a direction; they hold native memory and come into
/// being when an SA first needs them.
@NullMarked
package espd.dataplane.ipcomp;

import org.jspecify.annotations.NullMarked;
