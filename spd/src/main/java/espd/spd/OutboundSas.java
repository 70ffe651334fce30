package espd.spd;

import espd.spd.SelectorIndex.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The outbound SAs of one reqid, of which the newest that permits a packet has it (RFC 4301
/// §4.4.1.2). Immutable. A connection with one peer has one or, while it is rekeyed, two; that of a
/// gateway anybody may call has thousands, which an index tells apart by their selectors.
final class OutboundSas {

  /// So many are asked one after the other.
  private static final int FEW = 8;

  /// There is none.
  static final OutboundSas NONE = new OutboundSas(new OutboundSa[0], SelectorIndex.empty(), 0);

  /// The newest first, while they are few.
  private final OutboundSa[] few;

  /// All of them, once they were more.
  private final SelectorIndex<OutboundSa> many;

  /// How many there have been.
  private final long installed;

  private OutboundSas(OutboundSa[] few, SelectorIndex<OutboundSa> many, long installed) {
    this.few = few;
    this.many = many;
    this.installed = installed;
  }

  /// {@return these and a newer one}
  OutboundSas with(OutboundSa sa) {
    List<Item<OutboundSa>> newest = items(sa, -1 - installed);
    if (!many.isEmpty()) {
      return new OutboundSas(few, many.with(newest), installed + 1);
    }
    if (few.length < FEW) {
      OutboundSa[] more = Stream.concat(Stream.of(sa), Stream.of(few)).toArray(OutboundSa[]::new);
      return new OutboundSas(more, many, installed + 1);
    }
    List<Item<OutboundSa>> all = new ArrayList<>(newest);
    for (int older = 0; older < few.length; older++) {
      all.addAll(items(few[older], older - installed));
    }
    return new OutboundSas(new OutboundSa[0], many.with(all), installed + 1);
  }

  /// {@return these without one of them}
  OutboundSas without(OutboundSa sa) {
    OutboundSa[] rest = Stream.of(few).filter(each -> each != sa).toArray(OutboundSa[]::new);
    return new OutboundSas(rest, many.isEmpty() ? many : many.without(items(sa, 0)), installed);
  }

  /// Several selectors of an SA are at one place in the order.
  private static List<Item<OutboundSa>> items(OutboundSa sa, long order) {
    return sa.parameters().selectors().stream()
        .map(selector -> new Item<>(selector, order, sa))
        .toList();
  }

  /// {@return whether there is none}
  boolean isEmpty() {
    return few.length == 0 && many.isEmpty();
  }

  /// {@return the newest whose selectors permit the packet, or null when there is none; allocates
  /// nothing}
  @Nullable OutboundSa first(Flow packet) {
    for (OutboundSa sa : few) {
      if (sa.parameters().selects(packet)) {
        return sa;
      }
    }
    Item<OutboundSa> first = many.first(packet);
    return first == null ? null : first.value();
  }

  /// {@return an SA to the same peer, if there is one: of many, the newest for the same traffic}
  @Nullable OutboundSa toPeerOf(OutboundSa sa) {
    Ipv6Address peer = sa.parameters().remote();
    for (OutboundSa each : few) {
      if (each.parameters().remote().equals(peer)) {
        return each;
      }
    }
    Item<OutboundSa> first = many.first(Flow.of(sa.parameters().selectors().getFirst()));
    return first == null || !first.value().parameters().remote().equals(peer)
        ? null
        : first.value();
  }
}
