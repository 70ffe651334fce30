package espd.tun;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/// Address ranges of one family, which may overlap and stand several times, and the same addresses
/// in ranges that do not overlap, as a set of nftables takes them. A range that comes or goes
/// changes only those it overlaps. Not for several threads at once.
final class RangeUnion {

  private static final Comparator<AddressRange> ORDER =
      Comparator.comparing(AddressRange::first).thenComparing(AddressRange::last);

  /// How often each range stands.
  private final NavigableMap<AddressRange, Integer> held = new TreeMap<>(ORDER);

  /// Those that do not overlap, by their first address.
  private final NavigableMap<Ipv6Address, AddressRange> disjoint = new TreeMap<>();

  private final Set<AddressRange> come = new LinkedHashSet<>();
  private final Set<AddressRange> gone = new LinkedHashSet<>();

  /// What became of the ranges that do not overlap.
  ///
  /// @param gone those that are there no more
  /// @param come those that are there from now on
  record Change(List<AddressRange> gone, List<AddressRange> come) {

    boolean isEmpty() {
      return gone.isEmpty() && come.isEmpty();
    }
  }

  void add(AddressRange range) {
    if (held.merge(range, 1, Integer::sum) > 1) {
      return;
    }
    AddressRange merged = range;
    Map.Entry<Ipv6Address, AddressRange> below = disjoint.floorEntry(range.last());
    while (below != null && below.getValue().last().compareTo(range.first()) >= 0) {
      if (below.getValue().contains(range)) {
        return;
      }
      take(below.getValue());
      merged = span(below.getValue(), merged);
      below = disjoint.floorEntry(range.last());
    }
    put(merged);
  }

  /// @param range that stands
  void remove(AddressRange range) {
    if (held.merge(range, -1, Integer::sum) > 0) {
      return;
    }
    held.remove(range);
    AddressRange whole = disjoint.floorEntry(range.first()).getValue();
    take(whole);
    List<AddressRange> rest =
        held.tailMap(AddressRange.of(whole.first())).keySet().stream()
            .takeWhile(each -> each.first().compareTo(whole.last()) <= 0)
            .toList();
    union(rest).forEach(this::put);
  }

  /// {@return sorted ranges without those that overlap}
  private static List<AddressRange> union(Collection<AddressRange> sorted) {
    List<AddressRange> union = new ArrayList<>();
    for (AddressRange range : sorted) {
      if (union.isEmpty() || union.getLast().last().compareTo(range.first()) < 0) {
        union.add(range);
      } else {
        union.add(span(union.removeLast(), range));
      }
    }
    return union;
  }

  private static AddressRange span(AddressRange a, AddressRange b) {
    return new AddressRange(
        a.first().compareTo(b.first()) < 0 ? a.first() : b.first(),
        a.last().compareTo(b.last()) > 0 ? a.last() : b.last());
  }

  private void put(AddressRange range) {
    disjoint.put(range.first(), range);
    if (!gone.remove(range)) {
      come.add(range);
    }
  }

  private void take(AddressRange range) {
    disjoint.remove(range.first());
    if (!come.remove(range)) {
      gone.add(range);
    }
  }

  /// {@return the ranges that do not overlap, in order}
  List<AddressRange> disjoint() {
    return List.copyOf(disjoint.values());
  }

  /// {@return what changed since the last call}
  Change change() {
    Change change = new Change(List.copyOf(gone), List.copyOf(come));
    gone.clear();
    come.clear();
    return change;
  }
}
