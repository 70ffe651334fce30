package espd.spd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Selectors in an order, arranged so that the first one that selects a packet is found without
/// asking all of them (RFC 4301 §4.4.1). Immutable; another one with some more or fewer shares with
/// it what they leave as it is.
///
/// Selectors whose two address ranges are prefixes of the same two lengths form a [Group]: the
/// packet's addresses, cut to these lengths, lead to the few of them that can select it. An SPD of
/// thousands of entries has a handful of groups; they are asked in the order of their first
/// selectors, until none that follows can hold an earlier one than was found. A selector with other
/// ranges is a group of its own.
///
/// @param <V> what a selector stands for
final class SelectorIndex<V> {

  /// A selector.
  ///
  /// @param order lower ones are asked first; those of different values are different
  /// @param value what it stands for
  record Item<V>(Selector selector, long order, V value) {

    private Shape shape() {
      int local = selector.local().commonBits();
      int remote = selector.remote().commonBits();
      return local < 0 || remote < 0
          ? new Shape(0, 0, List.of(selector.local(), selector.remote()))
          : new Shape(local, remote, List.of());
    }
  }

  /// What the selectors of a group have in common: the lengths of both prefixes, or the very ranges
  /// where these are no prefixes.
  private record Shape(int localBits, int remoteBits, List<AddressRange> ranges) {}

  private final Group<V>[] groups;

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of groups is made for nothing else
  private SelectorIndex(Collection<Group<V>> groups) {
    this.groups =
        groups.stream()
            .sorted(Comparator.comparingLong(group -> group.first))
            .toArray(Group[]::new);
  }

  /// {@return one without a selector}
  static <V> SelectorIndex<V> empty() {
    return new SelectorIndex<>(List.of());
  }

  /// {@return this one and some more}
  SelectorIndex<V> with(Collection<Item<V>> items) {
    Map<Shape, Group<V>> changed = byShape();
    group(items)
        .forEach(
            (shape, some) ->
                changed.compute(
                    shape,
                    (same, before) -> before == null ? Group.of(shape, some) : before.with(some)));
    return new SelectorIndex<>(changed.values());
  }

  /// {@return this one without some, which are in it}
  ///
  /// @param items of any order: each is known by its selector and its value
  SelectorIndex<V> without(Collection<Item<V>> items) {
    Map<Shape, Group<V>> changed = byShape();
    group(items)
        .forEach(
            (shape, some) ->
                changed.computeIfPresent(shape, (same, before) -> before.without(some)));
    changed.values().removeIf(group -> group.count == 0);
    return new SelectorIndex<>(changed.values());
  }

  private Map<Shape, Group<V>> byShape() {
    Map<Shape, Group<V>> byShape = new HashMap<>();
    for (Group<V> group : groups) {
      byShape.put(group.shape, group);
    }
    return byShape;
  }

  private static <V> Map<Shape, List<Item<V>>> group(Collection<Item<V>> items) {
    Map<Shape, List<Item<V>>> byShape = new LinkedHashMap<>();
    for (Item<V> item : items) {
      byShape.computeIfAbsent(item.shape(), shape -> new ArrayList<>()).add(item);
    }
    return byShape;
  }

  /// {@return the first one that selects the packet, or null when none does; allocates nothing}
  @Nullable Item<V> first(Flow packet) {
    Item<V> found = null;
    for (Group<V> group : groups) {
      if (found != null && group.first > found.order) {
        break;
      }
      Item<V> candidate = group.first(packet);
      if (candidate != null && (found == null || candidate.order < found.order)) {
        found = candidate;
      }
    }
    return found;
  }

  /// {@return whether there is none}
  boolean isEmpty() {
    return groups.length == 0;
  }

  /// Selectors of one shape in a hash table by their prefixes. Immutable once it is made.
  private static final class Group<V> {

    private static final long MIX = 0x9e37_79b9_7f4a_7c15L;

    private final Shape shape;
    private final Ipv6Address localMask;
    private final Ipv6Address remoteMask;
    private final int shift;

    /// In each slot those with the same two prefixes, in order; null where there is none. At most
    /// half full.
    private final Item<V>[] @Nullable [] slots;

    private int count;

    /// The order of the first.
    private long first = Long.MAX_VALUE;

    private Group(Shape shape, Item<V>[] @Nullable [] slots, int count) {
      this.shape = shape;
      this.localMask = mask(shape.localBits);
      this.remoteMask = mask(shape.remoteBits);
      this.slots = slots;
      this.shift = Long.SIZE - Integer.numberOfTrailingZeros(slots.length);
      this.count = count;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of items is made for nothing else
    static <V> Group<V> of(Shape shape, List<Item<V>> items) {
      Group<V> group = new Group<>(shape, new Item[roomFor(items.size())][], 0);
      items.forEach(group::put);
      return group;
    }

    private static int roomFor(int items) {
      return Integer.highestOneBit(Math.max(1, items)) << 2;
    }

    private static Ipv6Address mask(int bits) {
      return AddressRange.prefix(AddressRange.ANY.last(), bits).first();
    }

    Group<V> with(List<Item<V>> items) {
      if (roomFor(count + items.size()) > slots.length) {
        List<Item<V>> all = new ArrayList<>(items);
        forEach(all::add);
        return of(shape, all);
      }
      Group<V> group = new Group<>(shape, slots.clone(), count);
      group.first = first;
      items.forEach(group::put);
      return group;
    }

    Group<V> without(List<Item<V>> items) {
      Group<V> group = new Group<>(shape, slots.clone(), count);
      items.forEach(group::take);
      group.forEach(item -> group.first = Math.min(group.first, item.order));
      return group;
    }

    private void forEach(Consumer<Item<V>> user) {
      for (Item<V>[] slot : slots) {
        if (slot != null) {
          List.of(slot).forEach(user);
        }
      }
    }

    private int slot(Item<V> item) {
      Ipv6Address local = item.selector.local().first();
      Ipv6Address remote = item.selector.remote().first();
      return slot(local.high(), local.low(), remote.high(), remote.low());
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private void put(Item<V> item) {
      int slot = slot(item);
      Item<V>[] before = slots[slot];
      if (before == null) {
        slots[slot] = new Item[] {item};
      } else {
        Item<V>[] longer = Arrays.copyOf(before, before.length + 1);
        longer[before.length] = item;
        Arrays.sort(longer, Comparator.comparingLong(Item::order));
        slots[slot] = longer;
      }
      first = Math.min(first, item.order);
      count++;
    }

    // A value is known by its identity: two that are equal may be in for two reasons.
    @SuppressWarnings({"unchecked", "rawtypes", "ReferenceEquality"})
    private void take(Item<V> item) {
      int slot = slot(item);
      Item<V>[] before = Objects.requireNonNull(slots[slot], "an item that is there");
      Item<V>[] rest =
          Stream.of(before)
              .filter(each -> each.value != item.value || !each.selector.equals(item.selector))
              .toArray(Item[]::new);
      count -= before.length - rest.length;
      slots[slot] = rest;
      if (rest.length == 0) {
        free(slot);
      }
    }

    /// Frees a slot; what stands behind it is put anew, so that no search ends too soon.
    private void free(int freed) {
      slots[freed] = null;
      int at = (freed + 1) & (slots.length - 1);
      for (Item<V>[] displaced = slots[at]; displaced != null; displaced = slots[at]) {
        slots[at] = null;
        slots[slot(displaced[0])] = displaced;
        at = (at + 1) & (slots.length - 1);
      }
    }

    @Nullable Item<V> first(Flow packet) {
      Item<V>[] candidates =
          slots[slot(packet.localHigh, packet.localLow, packet.remoteHigh, packet.remoteLow)];
      if (candidates != null) {
        for (Item<V> item : candidates) {
          if (item.selector.matches(packet)) {
            return item;
          }
        }
      }
      return null;
    }

    /// The slot of the prefixes that these addresses are in, or the free one where it would stand.
    private int slot(long localHigh, long localLow, long remoteHigh, long remoteLow) {
      long hash = localHigh & localMask.high();
      hash = hash * MIX + (localLow & localMask.low());
      hash = hash * MIX + (remoteHigh & remoteMask.high());
      hash = hash * MIX + (remoteLow & remoteMask.low());
      int slot = (int) ((hash * MIX) >>> shift);
      for (Item<V>[] some = slots[slot]; some != null; some = slots[slot]) {
        Selector selector = some[0].selector;
        if (selector.local().contains(localHigh, localLow)
            && selector.remote().contains(remoteHigh, remoteLow)) {
          break;
        }
        slot = (slot + 1) & (slots.length - 1);
      }
      return slot;
    }
  }
}
