package espd.tun;

import espd.spd.UdpEncapsulation;
import java.nio.ByteBuffer;

/// ESP through TCP streams (RFC 9329), which are somebody else's: what [LinuxUnderlay] sends by the
/// local ports from [#FIRST] on.
@FunctionalInterface
public interface Streams {

  /// Local ports from here on, which no UDP socket can have, are numbers of streams.
  int FIRST = UdpEncapsulation.FIRST_STREAM;

  /// Sends a packet, or drops it. Returns at once. From the thread that sends batches.
  ///
  /// @param number of the stream, from [#FIRST] on
  /// @param packet from its ESP header on, read before this returns
  /// @return whether the stream has taken it
  boolean send(int number, ByteBuffer packet);
}
