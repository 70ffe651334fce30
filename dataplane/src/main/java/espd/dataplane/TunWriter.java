package espd.dataplane;

import espd.tun.TunDevice;
import espd.tun.packet.PacketBatch;
import java.io.IOException;

/// The writing end of the TUN device for the two threads that have something to say to the host,
/// one at a time: what arrived, and Packet Too Big.
final class TunWriter {

  private final TunDevice tun;

  TunWriter(TunDevice tun) {
    this.tun = tun;
  }

  /// Writes the packets of the batch whose length is not 0.
  ///
  /// @return how many the host took
  synchronized int write(PacketBatch batch) throws IOException {
    return tun.write(batch);
  }
}
