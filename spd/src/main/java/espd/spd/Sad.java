package espd.spd;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The Security Association Database (RFC 4301 §4.4.2). Immutable; the [Sadb] publishes a new one
/// at each change. The SAs in it are live.
public final class Sad {

  private static final OutboundSa[] NONE = {};

  private final List<Sa> all;
  private final IntTable<InboundSa> bySpi;
  private final IntTable<OutboundSa[]> byReqid;

  /// @param all in the order they were installed
  public Sad(List<Sa> all) {
    this.all = List.copyOf(all);
    Map<Integer, InboundSa> inbound = new HashMap<>();
    Map<Integer, OutboundSa[]> outbound = new HashMap<>();
    for (Sa sa : this.all) {
      switch (sa) {
        case InboundSa in -> inbound.put(in.spi(), in);
        case OutboundSa out ->
            outbound.merge(out.parameters().reqid(), new OutboundSa[] {out}, Sad::newerFirst);
      }
    }
    this.bySpi = new IntTable<>(inbound);
    this.byReqid = new IntTable<>(outbound);
  }

  private static OutboundSa[] newerFirst(OutboundSa[] older, OutboundSa[] newer) {
    OutboundSa[] both = new OutboundSa[older.length + newer.length];
    System.arraycopy(newer, 0, both, 0, newer.length);
    System.arraycopy(older, 0, both, newer.length, older.length);
    return both;
  }

  /// {@return the SA of an arriving packet by its SPI alone (RFC 4303 §2.1, a unicast SA), or null
  /// when there is none; allocates nothing}
  public @Nullable InboundSa inbound(int spi) {
    return bySpi.get(spi);
  }

  /// {@return the newest SA of a policy whose selectors permit the packet, or null when there is
  /// none; allocates nothing}
  ///
  /// @param reqid of the policy that protects the packet
  /// @param packet its fields
  public @Nullable OutboundSa outbound(int reqid, Flow packet) {
    OutboundSa[] candidates = byReqid.get(reqid);
    for (OutboundSa sa : candidates == null ? NONE : candidates) {
      List<Selector> selectors = sa.parameters().selectors();
      for (int i = 0; i < selectors.size(); i++) {
        if (selectors.get(i).matches(packet)) {
          return sa;
        }
      }
    }
    return null;
  }

  /// {@return every SA, newest first}
  public List<Sa> all() {
    return all.reversed();
  }
}
