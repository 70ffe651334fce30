/// One packet of the host for many of the network: a TUN device with offload gives and takes
/// packets of up to 64 KiB, which [espd.tun.offload.Segmentation] cuts into those of the path and
/// [espd.tun.offload.Coalescing] joins again.
///
/// The host's own stack is spared what it would do for each packet, and so is the call into the
/// kernel; that boundary costs more than the cipher. Neither changes what the other end of a
/// connection receives: a segment is cut as the host would cut it, and only what the host would
/// have cut so is joined.
@NullMarked
package espd.tun.offload;

import org.jspecify.annotations.NullMarked;
