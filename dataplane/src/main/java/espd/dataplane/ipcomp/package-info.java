/// IP payload compression with DEFLATE (RFC 3173, RFC 2394): its header, its two machines, and when
/// it is not worth a try.
///
/// Compression pays where the path is slower than a processor: deflating takes about thirty times
/// as long as AES-GCM needs for the same packet, inflating about five times. Short packets are not
/// tried (RFC 2394 §3), and of a flow that does not become shorter fewer and fewer are
/// ([BackOff], RFC 3173 §2.2).
///
/// Each packet is compressed by itself (RFC 3173 §2). So one [Compressor] serves all SAs of a
/// worker thread, and one [Decompressor] all of a direction; they hold native memory and come into
/// being when an SA first needs them.
@NullMarked
package espd.dataplane.ipcomp;

import org.jspecify.annotations.NullMarked;
