package espd.dataplane;

import espd.dataplane.fragment.Fragmentation;
import espd.dataplane.fragment.Identifications;
import espd.spd.OutboundSa;
import espd.tun.Underlay;
import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.security.SecureRandom;

/// Cuts raw ESP packets that the path does not take whole (RFC 4303 §3.3.4, RFC 8200 §4.5). In UDP
/// the host cuts datagrams itself. Only the outbound writer's thread uses it.
final class FragmentSender implements AutoCloseable {

  private final Underlay underlay;
  private final Fragmentation fragmentation =
      new Fragmentation(new Identifications(new SecureRandom()));
  private final PacketBatch fragments = new PacketBatch();

  /// @param underlay where they go
  FragmentSender(Underlay underlay) {
    this.underlay = underlay;
  }

  /// Takes the packets out of the batch that have to be cut, and sends their fragments.
  ///
  /// @return how many packets were sent so, all their fragments
  int cut(Slot slot, int pathMtuOctets) throws IOException {
    int packets = 0;
    for (int i = 0; i < slot.batch.count(); i++) {
      if (slot.batch.fragmentable[i] && slot.isLive(i) && slot.batch.localPort[i] == 0) {
        packets += isSent(slot, i, pathMtuOctets) ? 1 : 0;
        slot.batch.drop(i);
      }
    }
    return packets;
  }

  private boolean isSent(Slot slot, int i, int pathMtuOctets) throws IOException {
    PacketBatch batch = slot.batch;
    int path =
        slot.sa[i] instanceof OutboundSa sa ? Math.min(pathMtuOctets, sa.pathMtu()) : pathMtuOctets;
    int count = fragmentation.cut(batch.memory(), batch.offset(i), batch.length(i), path);
    int sent = 0;
    fragments.clear();
    for (int k = 0; k < count; k++) {
      int octets = fragmentation.octets(k);
      int at = fragments.add(octets);
      if (at == PacketBatch.FULL) {
        sent += underlay.send(fragments);
        fragments.clear();
        at = fragments.add(octets);
      }
      fragmentation.write(k, fragments.memory(), fragments.offset(at));
      fragments.localPort[at] = 0;
    }
    sent += underlay.send(fragments);
    return count > 0 && sent == count;
  }

  /// Gives the memory back; the thread has ended.
  @Override
  public void close() {
    fragments.close();
  }
}
