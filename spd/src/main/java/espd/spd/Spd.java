package espd.spd;

import java.util.List;
import java.util.stream.Stream;

/// The Security Policy Database (RFC 4301 §4.4.1): an ordered list for each direction; the first
/// entry that selects a packet decides. Immutable; the [Sadb] publishes a new one at each change.
public final class Spd {

  private final List<SpdEntry> entries;
  private final SpdEntry[] outbound;
  private final SpdEntry[] inbound;
  private final SelectorIndex outboundIndex;
  private final SelectorIndex inboundIndex;
  private final SpdEntry otherwise;

  /// @param entries in the order they were added
  /// @param otherwise what decides where no entry selects the packet
  Spd(List<SpdEntry> entries, SpdEntry otherwise) {
    this.entries = List.copyOf(entries);
    this.outbound = ordered(Direction.OUTBOUND);
    this.inbound = ordered(Direction.INBOUND);
    this.outboundIndex = index(outbound);
    this.inboundIndex = index(inbound);
    this.otherwise = otherwise;
  }

  private SpdEntry[] ordered(Direction direction) {
    return entries.stream()
        .filter(entry -> entry.policy().direction() == direction)
        .sorted((a, b) -> Integer.compareUnsigned(a.policy().priority(), b.policy().priority()))
        .toArray(SpdEntry[]::new);
  }

  private static SelectorIndex index(SpdEntry[] ordered) {
    return new SelectorIndex(Stream.of(ordered).map(entry -> entry.policy().selector()).toList());
  }

  /// {@return the entry that decides about a packet: the first that selects it, or the one that
  /// stands for all others; allocates nothing}
  public SpdEntry lookup(Direction direction, Flow packet) {
    boolean leaves = direction == Direction.OUTBOUND;
    int rank = (leaves ? outboundIndex : inboundIndex).first(packet);
    if (rank == SelectorIndex.NONE) {
      return otherwise;
    }
    return (leaves ? outbound : inbound)[rank];
  }

  /// {@return every entry, newest first}
  public List<SpdEntry> entries() {
    return entries.reversed();
  }

  /// {@return the entries of a direction in the order they are asked}
  public Stream<SpdEntry> inOrder(Direction direction) {
    return Stream.of(direction == Direction.OUTBOUND ? outbound : inbound);
  }
}
