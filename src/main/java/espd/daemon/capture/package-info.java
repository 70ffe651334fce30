/// Packets that the data plane copies, as a capture file: pcapng with two interfaces, the cleartext
/// and the ESP of each packet, for Wireshark, tshark and tcpdump.
///
/// The daemon makes the octets ([espd.daemon.capture.CaptureStream]), the command line writes them
/// to a file with its user's rights ([espd.daemon.capture.CaptureFile]).
@NullMarked
package espd.daemon.capture;

import org.jspecify.annotations.NullMarked;
