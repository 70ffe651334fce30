package espd.spd;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
    Map<Integer, InboundSa> inbound = new HashMap<>();
    Map<Integer, OutboundSa[]> outbound = new HashMap<>();
    for (Sa sa : all) {
      switch (sa) {
        case InboundSa in -> inbound.put(in.spi(), in);
        case OutboundSa out ->
            outbound.merge(out.parameters().reqid(), new OutboundSa[] {out}, Sad::newerFirst);
      }
    }
    this(List.copyOf(all), new IntTable<>(inbound), new IntTable<>(outbound));
  }

  private Sad(List<Sa> all, IntTable<InboundSa> bySpi, IntTable<OutboundSa[]> byReqid) {
    this.all = all;
    this.bySpi = bySpi;
    this.byReqid = byReqid;
  }

  /// {@return this SAD with `sa` as its newest; an inbound SA of its SPI must have left before}
  Sad with(Sa sa) {
    List<Sa> longer = new ArrayList<>(all.size() + 1);
    longer.addAll(all);
    longer.add(sa);
    return switch (sa) {
      case InboundSa in -> new Sad(longer, bySpi.with(in.spi(), in), byReqid);
      case OutboundSa out -> {
        int reqid = out.parameters().reqid();
        OutboundSa[] newest = {out};
        OutboundSa[] older = byReqid.get(reqid);
        yield new Sad(
            longer, bySpi, byReqid.with(reqid, older == null ? newest : newerFirst(older, newest)));
      }
    };
  }

  /// {@return this SAD without `sa`, which is in it}
  Sad without(Sa sa) {
    List<Sa> shorter = new ArrayList<>(all);
    shorter.remove(sa);
    return switch (sa) {
      case InboundSa in -> new Sad(shorter, bySpi.without(in.spi()), byReqid);
      case OutboundSa out -> {
        int reqid = out.parameters().reqid();
        OutboundSa[] before = byReqid.get(reqid);
        OutboundSa[] rest =
            Stream.of(before == null ? NONE : before)
                .filter(other -> other != out)
                .toArray(OutboundSa[]::new);
        yield new Sad(
            shorter, bySpi, rest.length == 0 ? byReqid.without(reqid) : byReqid.with(reqid, rest));
      }
    };
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
      if (sa.parameters().selects(packet)) {
        return sa;
      }
    }
    return null;
  }

  /// {@return the SA of a packet that left, as an ICMPv6 error quotes it (RFC 4301 §8.2.1): by SPI
  /// and the peer's address, or null when there is none}; looks at every SA, for errors only
  ///
  /// @param spi in its ESP header
  /// @param remoteHigh its destination's first 64 bits
  /// @param remoteLow its destination's last 64 bits
  public @Nullable OutboundSa outbound(int spi, long remoteHigh, long remoteLow) {
    for (Sa sa : all) {
      if (sa instanceof OutboundSa out && out.spi() == spi) {
        Ipv6Address remote = out.parameters().remote();
        if (remote.high() == remoteHigh && remote.low() == remoteLow) {
          return out;
        }
      }
    }
    return null;
  }

  /// {@return the newest SA of this reqid to this peer, or null when there is none}
  @Nullable OutboundSa outbound(int reqid, Ipv6Address remote) {
    OutboundSa[] candidates = byReqid.get(reqid);
    for (OutboundSa sa : candidates == null ? NONE : candidates) {
      if (sa.parameters().remote().equals(remote)) {
        return sa;
      }
    }
    return null;
  }

  /// {@return whether `sa` itself is in it}
  boolean contains(Sa sa) {
    return switch (sa) {
      case InboundSa in -> inbound(in.spi()) == in;
      case OutboundSa out -> {
        OutboundSa[] candidates = byReqid.get(out.parameters().reqid());
        yield candidates != null && List.of(candidates).contains(out);
      }
    };
  }

  /// {@return every SA, newest first}
  public List<Sa> all() {
    return Collections.unmodifiableList(all).reversed();
  }
}
