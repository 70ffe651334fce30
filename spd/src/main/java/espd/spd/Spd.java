package espd.spd;

import espd.spd.SelectorIndex.Item;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The Security Policy Database (RFC 4301 §4.4.1): an ordered list for each direction; the first
/// entry that selects a packet decides. Immutable; the [Sadb] publishes a new one at each change,
/// which costs by what changes, and one copy of the lists.
public final class Spd {

  private final Ordered outbound;
  private final Ordered inbound;
  private final SpdEntry otherwise;

  private Spd(Ordered outbound, Ordered inbound, SpdEntry otherwise) {
    this.outbound = outbound;
    this.inbound = inbound;
    this.otherwise = otherwise;
  }

  /// {@return one without an entry}
  ///
  /// @param otherwise what decides where no entry selects the packet
  static Spd empty(SpdEntry otherwise) {
    Ordered none = new Ordered(new SpdEntry[0], SelectorIndex.empty());
    return new Spd(none, none, otherwise);
  }

  /// {@return this SPD and more entries}
  Spd with(Collection<SpdEntry> added) {
    return new Spd(
        outbound.with(of(Direction.OUTBOUND, added)),
        inbound.with(of(Direction.INBOUND, added)),
        otherwise);
  }

  /// {@return this SPD without some entries}
  ///
  /// @param those may be in it or not
  Spd without(Collection<SpdEntry> those) {
    return new Spd(
        outbound.without(of(Direction.OUTBOUND, those)),
        inbound.without(of(Direction.INBOUND, those)),
        otherwise);
  }

  private static List<SpdEntry> of(Direction direction, Collection<SpdEntry> entries) {
    return entries.stream()
        .filter(entry -> entry.policy().direction() == direction)
        .distinct()
        .sorted(Comparator.comparingLong(SpdEntry::order))
        .toList();
  }

  /// {@return the entry that decides about a packet: the first that selects it, or the one that
  /// stands for all others; allocates nothing}
  public SpdEntry lookup(Direction direction, Flow packet) {
    Item<SpdEntry> first = of(direction).index.first(packet);
    return first == null ? otherwise : first.value();
  }

  private Ordered of(Direction direction) {
    return direction == Direction.OUTBOUND ? outbound : inbound;
  }

  /// {@return every entry, newest first}
  public List<SpdEntry> entries() {
    return Stream.concat(Stream.of(outbound.entries), Stream.of(inbound.entries))
        .sorted(Comparator.comparingInt(SpdEntry::id).reversed())
        .toList();
  }

  /// {@return how many entries there are}
  public int size() {
    return outbound.entries.length + inbound.entries.length;
  }

  /// {@return the entries of a direction in the order they are asked}
  public Stream<SpdEntry> inOrder(Direction direction) {
    return Stream.of(of(direction).entries);
  }

  /// What one SPD has and another has not.
  ///
  /// @param left those that are there no more, in their order
  /// @param came those that were not there, in their order
  public record Difference(List<SpdEntry> left, List<SpdEntry> came) {}

  /// {@return what became of the entries of a direction since an earlier SPD of the same database}
  @SuppressWarnings("ReferenceEquality") // an entry is the one that was added, not one like it
  public Difference since(Spd earlier, Direction direction) {
    SpdEntry[] before = earlier.of(direction).entries;
    SpdEntry[] now = of(direction).entries;
    List<SpdEntry> left = new ArrayList<>();
    List<SpdEntry> came = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < before.length || j < now.length) {
      if (i < before.length && j < now.length && before[i] == now[j]) {
        i++;
        j++;
      } else if (j == now.length || (i < before.length && before[i].order() <= now[j].order())) {
        left.add(before[i++]);
      } else {
        came.add(now[j++]);
      }
    }
    return new Difference(left, came);
  }

  /// The entries of a direction in their order.
  @SuppressWarnings("ArrayRecordComponent") // never compared, and never changed once published
  private record Ordered(SpdEntry[] entries, SelectorIndex<SpdEntry> index) {

    /// @param added in order
    Ordered with(List<SpdEntry> added) {
      if (added.isEmpty()) {
        return this;
      }
      SpdEntry[] longer = new SpdEntry[entries.length + added.size()];
      int from = 0;
      int to = 0;
      for (SpdEntry entry : added) {
        int before = -1 - place(entry) - from;
        System.arraycopy(entries, from, longer, to, before);
        from += before;
        to += before;
        longer[to++] = entry;
      }
      System.arraycopy(entries, from, longer, to, entries.length - from);
      return new Ordered(longer, index.with(items(added)));
    }

    /// @param those in order
    Ordered without(List<SpdEntry> those) {
      List<SpdEntry> present = those.stream().filter(entry -> place(entry) >= 0).toList();
      if (present.isEmpty()) {
        return this;
      }
      SpdEntry[] shorter = new SpdEntry[entries.length - present.size()];
      int from = 0;
      int to = 0;
      for (SpdEntry entry : present) {
        int before = place(entry) - from;
        System.arraycopy(entries, from, shorter, to, before);
        from += before + 1;
        to += before;
      }
      System.arraycopy(entries, from, shorter, to, entries.length - from);
      return new Ordered(shorter, index.without(items(present)));
    }

    /// Where an entry stands, or, subtracted from -1, where it would.
    private int place(SpdEntry entry) {
      return Arrays.binarySearch(entries, entry, Comparator.comparingLong(SpdEntry::order));
    }

    private static List<Item<SpdEntry>> items(List<SpdEntry> entries) {
      List<Item<SpdEntry>> items = new ArrayList<>(entries.size());
      for (SpdEntry entry : entries) {
        items.add(new Item<>(entry.policy().selector(), entry.order(), entry));
      }
      return items;
    }
  }
}
