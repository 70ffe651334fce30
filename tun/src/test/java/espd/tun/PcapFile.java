package espd.tun;

import espd.tun.packet.PacketBatch;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/// A capture of IP packets without a link layer, as tcpdump and tshark read it (LINKTYPE_RAW).
final class PcapFile implements AutoCloseable {

  private static final int MAGIC = 0xa1b2_c3d4;
  private static final int LONGEST = 262_144;
  private static final int LINKTYPE_RAW = 101;
  private static final int MICROS = 1_000_000;

  private final OutputStream file;
  private final long start = System.nanoTime();

  PcapFile(Path path) throws IOException {
    this.file = new BufferedOutputStream(Files.newOutputStream(path));
    ByteBuffer header = ByteBuffer.allocate(24);
    header.putInt(MAGIC).putShort((short) 2).putShort((short) 4).putLong(0);
    file.write(header.putInt(LONGEST).putInt(LINKTYPE_RAW).array());
  }

  /// Adds the packets of a batch that were not dropped.
  void add(PacketBatch batch) throws IOException {
    for (int slot = 0; slot < batch.count(); slot++) {
      if (batch.length(slot) > 0) {
        add(Batches.packet(batch, slot));
      }
    }
  }

  private synchronized void add(byte[] packet) throws IOException {
    long micros = (System.nanoTime() - start) / 1000;
    ByteBuffer header = ByteBuffer.allocate(16);
    header.putInt((int) (micros / MICROS)).putInt((int) (micros % MICROS));
    file.write(header.putInt(packet.length).putInt(packet.length).array());
    file.write(packet);
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
