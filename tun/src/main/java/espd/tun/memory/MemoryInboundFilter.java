package espd.tun.memory;

import espd.spd.Direction;
import espd.spd.Policy;
import espd.spd.Spd;
import espd.spd.SpdEntry;
import espd.tun.InboundFilter;
import java.io.IOException;
import java.util.List;

/// A packet filter that only remembers. Any thread.
public final class MemoryInboundFilter implements InboundFilter {

  private List<Policy> policies = List.of();
  private long dropped;
  private boolean gone;
  private boolean refusing;

  /// {@return the policies as they are in force, none once closed}
  public synchronized List<Policy> policies() {
    return policies;
  }

  /// Drops as many packets.
  public synchronized void drop(long packets) {
    dropped += packets;
  }

  /// Loses everything, as when another program empties the host's filter.
  public synchronized void vanish() {
    policies = List.of();
    gone = true;
  }

  /// Has it refuse all that is asked of it from now on.
  public synchronized void refuse() {
    refusing = true;
  }

  @Override
  public synchronized void follow(Spd spd) throws IOException {
    answer();
    policies = spd.inOrder(Direction.INBOUND).map(SpdEntry::policy).toList();
    gone = false;
  }

  @Override
  public synchronized long dropped() throws IOException {
    answer();
    if (gone) {
      throw new IOException("the filter is not there");
    }
    return dropped;
  }

  private void answer() throws IOException {
    if (refusing) {
      throw new IOException("the host refuses");
    }
  }

  @Override
  public String place() {
    return "memory";
  }

  @Override
  public synchronized void close() {
    policies = List.of();
    refusing = true;
  }
}
