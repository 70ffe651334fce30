package espd.spd;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The Security Association Database (RFC 4301 §4.4.2). Immutable; the [Sadb] publishes a new one
/// at each change, which costs by what changes. The SAs in it are live.
public final class Sad {

  private static final OutboundSa[] NONE = {};
  private static final Sad EMPTY =
      new Sad(
          SaList.EMPTY, SegmentedTable.empty(), SegmentedTable.empty(), SegmentedTable.empty(), 0);

  private final SaList all;
  private final SegmentedTable<InboundSa> bySpi;

  /// SPIs that peers chose, so that several may be the same.
  private final SegmentedTable<OutboundSa[]> byOutboundSpi;

  private final SegmentedTable<OutboundSas> byReqid;

  /// How many ask for dummy packets.
  private final int dummySenders;

  /// @param all in the order they were installed
  public Sad(List<Sa> all) {
    Sad sad = EMPTY;
    for (Sa sa : all) {
      sad = sad.with(sa);
    }
    this(sad.all, sad.bySpi, sad.byOutboundSpi, sad.byReqid, sad.dummySenders);
  }

  private Sad(
      SaList all,
      SegmentedTable<InboundSa> bySpi,
      SegmentedTable<OutboundSa[]> byOutboundSpi,
      SegmentedTable<OutboundSas> byReqid,
      int dummySenders) {
    this.all = all;
    this.bySpi = bySpi;
    this.byOutboundSpi = byOutboundSpi;
    this.byReqid = byReqid;
    this.dummySenders = dummySenders;
  }

  /// {@return this SAD with `sa` as its newest; an inbound SA of its SPI must have left before}
  Sad with(Sa sa) {
    return switch (sa) {
      case InboundSa in ->
          new Sad(all.with(in), bySpi.with(in.spi(), in), byOutboundSpi, byReqid, dummySenders);
      case OutboundSa out -> {
        int reqid = out.parameters().reqid();
        OutboundSas others = byReqid.get(reqid);
        OutboundSa[] same =
            Stream.concat(Stream.of(out), Stream.of(ofSpi(out.spi()))).toArray(OutboundSa[]::new);
        yield new Sad(
            all.with(out),
            bySpi,
            byOutboundSpi.with(out.spi(), same),
            byReqid.with(reqid, (others == null ? OutboundSas.NONE : others).with(out)),
            dummySenders + dummies(out));
      }
    };
  }

  /// {@return this SAD without `sa`, which is in it}
  Sad without(Sa sa) {
    return switch (sa) {
      case InboundSa in ->
          new Sad(all.without(in), bySpi.without(in.spi()), byOutboundSpi, byReqid, dummySenders);
      case OutboundSa out -> {
        int reqid = out.parameters().reqid();
        OutboundSas before = byReqid.get(reqid);
        OutboundSas rest = (before == null ? OutboundSas.NONE : before).without(out);
        OutboundSa[] same =
            Stream.of(ofSpi(out.spi())).filter(each -> each != out).toArray(OutboundSa[]::new);
        yield new Sad(
            all.without(out),
            bySpi,
            same.length == 0
                ? byOutboundSpi.without(out.spi())
                : byOutboundSpi.with(out.spi(), same),
            rest.isEmpty() ? byReqid.without(reqid) : byReqid.with(reqid, rest),
            dummySenders - dummies(out));
      }
    };
  }

  private static int dummies(OutboundSa sa) {
    return sa.parameters().outerTraffic().dummiesPerSecond() > 0 ? 1 : 0;
  }

  private OutboundSa[] ofSpi(int spi) {
    OutboundSa[] same = byOutboundSpi.get(spi);
    return same == null ? NONE : same;
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
    OutboundSas candidates = byReqid.get(reqid);
    return candidates == null ? null : candidates.first(packet);
  }

  /// {@return the newest SA of a packet that left, as an ICMPv6 error quotes it (RFC 4301 §8.2.1):
  /// by SPI and the peer's address, or null when there is none; allocates nothing}
  ///
  /// @param spi in its ESP header
  /// @param remoteHigh its destination's first 64 bits
  /// @param remoteLow its destination's last 64 bits
  public @Nullable OutboundSa outbound(int spi, long remoteHigh, long remoteLow) {
    for (OutboundSa out : ofSpi(spi)) {
      Ipv6Address remote = out.parameters().remote();
      if (remote.high() == remoteHigh && remote.low() == remoteLow) {
        return out;
      }
    }
    return null;
  }

  /// {@return every outbound SA to a peer's address}
  public List<OutboundSa> towards(Ipv6Address remote) {
    return all().stream()
        .filter(OutboundSa.class::isInstance)
        .map(OutboundSa.class::cast)
        .filter(out -> out.parameters().remote().equals(remote))
        .toList();
  }

  /// {@return an SA of the same reqid to the same peer as `sa`, or null when there is none}
  @Nullable OutboundSa older(OutboundSa sa) {
    OutboundSas candidates = byReqid.get(sa.parameters().reqid());
    return candidates == null ? null : candidates.toPeerOf(sa);
  }

  /// {@return whether `sa` itself is in it}
  public boolean contains(Sa sa) {
    return switch (sa) {
      case InboundSa in -> inbound(in.spi()) == in;
      case OutboundSa out -> Stream.of(ofSpi(out.spi())).anyMatch(each -> each == out);
    };
  }

  /// {@return whether an SA asks for dummy packets (RFC 4303 §2.6)}
  public boolean sendsDummies() {
    return dummySenders > 0;
  }

  /// {@return how many SAs there are}
  public int size() {
    return all.size();
  }

  /// {@return every SA, newest first}
  public List<Sa> all() {
    return all.newestFirst();
  }
}
