package espd.tun;

import espd.tun.packet.PacketBatch;
import java.io.IOException;

/// A TUN device: packets that the host routes into it are read, packets written to it arrive at the
/// host. Every packet begins with its IPv6 header; there is no other framing (IFF_NO_PI).
///
/// One thread reads, one writes; [#close()] may come from any and ends a waiting read.
public interface TunDevice extends AutoCloseable {

  /// {@return the name of the interface}
  String name();

  /// Waits until there are packets, then reads as many as there are, at most
  /// [PacketBatch#CAPACITY]. Checksums of the upper layers are complete.
  ///
  /// @param batch overwritten
  /// @param timeoutMillis how long to wait; 0 does not wait, a negative number waits without end
  /// @return how many were read, 0 when none came in time, -1 when the device is closed
  /// @throws IOException when the host says anything else than "none yet"
  int read(PacketBatch batch, int timeoutMillis) throws IOException;

  /// Writes the packets of the batch whose length is not 0, in order. Packets of equal
  /// [PacketBatch#tag] that follow each other may reach the host as one (see
  /// [espd.tun.offload.Coalescing]); their octets in the batch mean nothing afterwards.
  ///
  /// @return how many the host took; it refuses packets that are malformed, or all while the device
  ///   is down
  /// @throws IOException when the device is gone
  int write(PacketBatch batch) throws IOException;

  /// Removes the device from the host.
  @Override
  void close();
}
