package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.SelectorIndex.Item;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The index finds what asking one after the other finds (RFC 4301 §4.4.1).
class SelectorIndexTest {

  private static final int NONE = Integer.MAX_VALUE;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 20, 100, 500})
  void findsTheFirstSelectorAsIfAllWereAsked(int size) {
    Random random = new Random(size);
    int found = 0;
    for (int round = 0; round < 100; round++) {
      List<Selector> selectors = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        selectors.add(selector(random));
      }
      SelectorIndex<Integer> index = SelectorIndex.<Integer>empty().with(items(selectors));
      for (int i = 0; i < 200; i++) {
        Flow packet = packet(random);
        int expected = first(selectors, packet);
        assertEquals(expected, rank(index, packet));
        found += expected == NONE ? 0 : 1;
      }
    }
    assertTrue(size == 0 || found > 100, "found: " + found);
  }

  /// One changed step by step finds the same, and what it was made of finds what it found before.
  @Test
  void findsTheSameHoweverSelectorsComeAndGo() {
    Random random = new Random(4301);
    SelectorIndex<Integer> index = SelectorIndex.empty();
    List<Item<Integer>> present = new ArrayList<>();
    int next = 0;
    for (int step = 0; step < 3000; step++) {
      SelectorIndex<Integer> before = index;
      List<Item<Integer>> presentBefore = List.copyOf(present);
      List<Item<Integer>> some = new ArrayList<>();
      boolean more = present.isEmpty() || random.nextInt(120) > present.size();
      for (int i = random.nextInt(4); i >= 0 && (more || !present.isEmpty()); i--) {
        some.add(
            more
                ? new Item<>(selector(random), random.nextInt() * 4096L + next, next++)
                : present.remove(random.nextInt(present.size())));
      }
      present.addAll(more ? some : List.of());
      index = more ? index.with(some) : index.without(some);
      for (int i = 0; i < 20; i++) {
        Flow packet = packet(random);
        assertEquals(first(packet, presentBefore), before.first(packet));
        assertEquals(first(packet, present), index.first(packet));
      }
      assertEquals(present.isEmpty(), index.isEmpty());
    }
  }

  private static @Nullable Item<Integer> first(Flow packet, List<Item<Integer>> items) {
    return items.stream()
        .filter(item -> item.selector().matches(packet))
        .min(Comparator.comparingLong(Item::order))
        .orElse(null);
  }

  private static List<Item<Integer>> items(List<Selector> selectors) {
    List<Item<Integer>> items = new ArrayList<>();
    for (Selector selector : selectors) {
      items.add(new Item<>(selector, items.size(), items.size()));
    }
    return items;
  }

  private static int rank(SelectorIndex<Integer> index, Flow packet) {
    Item<Integer> first = index.first(packet);
    return first == null ? NONE : first.value();
  }

  private static int first(List<Selector> selectors, Flow packet) {
    for (int rank = 0; rank < selectors.size(); rank++) {
      if (selectors.get(rank).matches(packet)) {
        return rank;
      }
    }
    return NONE;
  }

  private static Selector selector(Random random) {
    PortRange ports = random.nextInt(3) == 0 ? PortRange.of(random.nextInt(3)) : PortRange.ANY;
    return new Selector(range(random), range(random), random.nextInt(3), ports, PortRange.ANY);
  }

  /// Prefixes of all lengths, those of hosts and networks most, and ranges that are no prefixes.
  private static AddressRange range(Random random) {
    Ipv6Address address = address(random);
    return switch (random.nextInt(10)) {
      case 0 -> AddressRange.ANY;
      case 1 -> AddressRange.prefix(address, random.nextInt(129));
      case 2 -> new AddressRange(address, new Ipv6Address(address.high(), address.low() + 2));
      case 3, 4, 5 -> AddressRange.prefix(address, 64);
      case 6, 7 -> AddressRange.prefix(address, 126);
      default -> AddressRange.of(address);
    };
  }

  private static Flow packet(Random random) {
    Flow flow = new Flow();
    Ipv6Address local = address(random);
    Ipv6Address remote = address(random);
    flow.localHigh = local.high();
    flow.localLow = local.low();
    flow.remoteHigh = remote.high();
    flow.remoteLow = remote.low();
    flow.protocol = 1 + random.nextInt(2);
    flow.localPort = random.nextInt(3);
    return flow;
  }

  private static Ipv6Address address(Random random) {
    return new Ipv6Address(0x2001_0db8_0000_0000L | random.nextInt(6), random.nextInt(8));
  }

  @Test
  void findsEachOfManyNetworks() {
    List<Selector> selectors = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      Ipv6Address network = new Ipv6Address((long) i << 16, 0);
      selectors.add(Selector.between(AddressRange.ANY, AddressRange.prefix(network, 48)));
    }
    SelectorIndex<Integer> index = SelectorIndex.<Integer>empty().with(items(selectors));
    Flow packet = new Flow();
    for (int i = 0; i < 10_000; i++) {
      packet.remoteHigh = ((long) i << 16) | 7;
      assertEquals(i, rank(index, packet));
    }
    packet.remoteHigh = 10_000L << 16;
    assertEquals(NONE, rank(index, packet));
  }
}
