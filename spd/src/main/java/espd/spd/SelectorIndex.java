package espd.spd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Selectors in their order, arranged so that the first one that selects a packet is found without
/// asking all of them (RFC 4301 §4.4.1). Immutable.
///
/// Selectors whose two address ranges are prefixes of the same two lengths form a [Group]: the
/// packet's addresses, cut to these lengths, lead to the few of them that can select it. An SPD of
/// thousands of entries has a handful of groups; they are asked in the order of their first
/// selectors, until none that follows can hold an earlier one than was found. A selector with other
/// ranges is a group of its own.
final class SelectorIndex {

  /// Stands for no selector.
  static final int NONE = Integer.MAX_VALUE;

  private final Selector[] selectors;
  private final Group[] groups;

  /// @param selectors in the order they are to be asked
  SelectorIndex(List<Selector> selectors) {
    this.selectors = selectors.toArray(Selector[]::new);
    Map<Integer, List<Integer>> ranksByLengths = new LinkedHashMap<>();
    for (int rank = 0; rank < this.selectors.length; rank++) {
      ranksByLengths.computeIfAbsent(lengths(rank), lengths -> new ArrayList<>()).add(rank);
    }
    this.groups = ranksByLengths.values().stream().map(Group::new).toArray(Group[]::new);
  }

  /// A number of its own for each two lengths, and for each selector whose ranges are no prefixes.
  private int lengths(int rank) {
    int local = selectors[rank].local().commonBits();
    int remote = selectors[rank].remote().commonBits();
    return local < 0 || remote < 0 ? -1 - rank : (local << 8) | remote;
  }

  /// {@return the rank of the first selector that selects the packet, from 0, or [#NONE]; allocates
  /// nothing}
  int first(Flow packet) {
    int found = NONE;
    for (Group group : groups) {
      if (group.first >= found) {
        break;
      }
      found = Math.min(found, group.first(packet));
    }
    return found;
  }

  /// Selectors with the same lengths of both prefixes in a hash table by their prefixes.
  private final class Group {

    private static final int[] FREE = {};
    private static final long MIX = 0x9e37_79b9_7f4a_7c15L;

    private final int first;
    private final Ipv6Address localMask;
    private final Ipv6Address remoteMask;
    private final int shift;

    /// In each slot the ranks of those with the same two prefixes, in order. At most half full.
    private final int[][] slots;

    Group(List<Integer> ranks) {
      this.first = ranks.getFirst();
      this.localMask = mask(selectors[first].local());
      this.remoteMask = mask(selectors[first].remote());
      this.slots = new int[Integer.highestOneBit(ranks.size()) << 2][];
      this.shift = Long.SIZE - Integer.numberOfTrailingZeros(slots.length);
      Arrays.fill(slots, FREE);
      ranks.forEach(this::put);
    }

    private static Ipv6Address mask(AddressRange range) {
      return AddressRange.prefix(AddressRange.ANY.last(), Math.max(0, range.commonBits())).first();
    }

    private void put(int rank) {
      Ipv6Address local = selectors[rank].local().first();
      Ipv6Address remote = selectors[rank].remote().first();
      int slot = slot(local.high(), local.low(), remote.high(), remote.low());
      int[] before = slots[slot];
      slots[slot] = Arrays.copyOf(before, before.length + 1);
      slots[slot][before.length] = rank;
    }

    int first(Flow packet) {
      int slot = slot(packet.localHigh, packet.localLow, packet.remoteHigh, packet.remoteLow);
      for (int rank : slots[slot]) {
        if (selectors[rank].matches(packet)) {
          return rank;
        }
      }
      return NONE;
    }

    /// The slot of the prefixes that these addresses are in, or the free one where it would stand.
    private int slot(long localHigh, long localLow, long remoteHigh, long remoteLow) {
      long hash = localHigh & localMask.high();
      hash = hash * MIX + (localLow & localMask.low());
      hash = hash * MIX + (remoteHigh & remoteMask.high());
      hash = hash * MIX + (remoteLow & remoteMask.low());
      int slot = (int) ((hash * MIX) >>> shift);
      while (slots[slot].length > 0
          && !(selectors[slots[slot][0]].local().contains(localHigh, localLow)
              && selectors[slots[slot][0]].remote().contains(remoteHigh, remoteLow))) {
        slot = (slot + 1) & (slots.length - 1);
      }
      return slot;
    }
  }
}
