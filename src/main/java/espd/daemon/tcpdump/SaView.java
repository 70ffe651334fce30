package espd.daemon.tcpdump;

import espd.daemon.control.ListedSa;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The SAs of a daemon as they were when it was asked last, and those that were there not long ago.
/// It is asked about once a second while there are questions, and at once about an SPI that is not
/// known, but not more often than some times a second. For one thread.
final class SaView {

  /// An SA that is or was there.
  ///
  /// @param sa as it was listed last
  /// @param listed when that was
  /// @param stands whether it is there
  record Known(ListedSa sa, Instant listed, boolean stands) {}

  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final Duration REMEMBERED = Duration.ofMinutes(10);
  private static final int MOST = 16_384;

  /// Questions out of turn: so many at once, and one more for each of these spans.
  private static final int BURST = 10;

  private static final Duration EACH = Duration.ofMillis(200);

  private record Key(int spi, Direction direction, Ipv6Address source, Ipv6Address destination) {}

  private record Entry(ListedSa sa, Instant listed) {}

  private final SaSource source;
  private final InstantSource clock;
  private final Map<Key, Entry> entries = new LinkedHashMap<>();
  private final Map<Integer, List<Entry>> bySpi = new HashMap<>();
  private Instant asked = Instant.MIN;
  private Instant answered = Instant.MIN;
  private Instant allowed = Instant.MIN;

  /// @param source is asked
  /// @param clock tells how old an answer is
  SaView(SaSource source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  /// Asks the daemon.
  ///
  /// @throws IOException when it does not answer; what is known stays
  void ask() throws IOException {
    Instant now = clock.instant();
    asked = now;
    List<ListedSa> standing = source.list();
    answered = now;
    for (ListedSa sa : standing) {
      Key key = new Key(sa.spi(), sa.direction(), sa.source(), sa.destination());
      entries.remove(key); // so that it moves to the end: the latest
      entries.put(key, new Entry(sa, now));
    }
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext()) {
      Entry entry = oldest.next();
      if (entries.size() <= MOST && entry.listed().isAfter(now.minus(REMEMBERED))) {
        break;
      }
      oldest.remove();
    }
    bySpi.clear();
    for (Entry entry : entries.values()) {
      bySpi.computeIfAbsent(entry.sa().spi(), spi -> new ArrayList<>()).add(entry);
    }
  }

  /// {@return the SA of an ESP packet, or nothing when the daemon knows none}
  ///
  /// @throws IOException when the daemon does not answer; the next call goes on with what is known
  Optional<Known> find(EspLine line) throws IOException {
    Instant now = clock.instant();
    if (!now.isBefore(asked.plus(FRESH))) {
      ask();
    }
    Optional<Known> known = known(line);
    if (known.isEmpty() && asked.isBefore(now) && mayAskOutOfTurn(now)) {
      ask();
      known = known(line);
    }
    return known;
  }

  private boolean mayAskOutOfTurn(Instant now) {
    Instant earliest = now.minus(EACH.multipliedBy(BURST));
    allowed = (allowed.isBefore(earliest) ? earliest : allowed).plus(EACH);
    if (allowed.isAfter(now)) {
      allowed = allowed.minus(EACH);
      return false;
    }
    return true;
  }

  /// {@return the SAs of now that a TCP segment may carry packets of}
  ///
  /// @throws IOException when the daemon does not answer; the next call goes on with what is known
  List<ListedSa> carriedBy(TcpLine line) throws IOException {
    if (!clock.instant().isBefore(asked.plus(FRESH))) {
      ask();
    }
    return entries.values().stream()
        .filter(entry -> entry.listed().equals(answered))
        .map(Entry::sa)
        .filter(line::mayCarry)
        .toList();
  }

  /// {@return whether there is or was an SA of this SPI, as far as is known without asking}
  boolean knows(int spi) {
    return bySpi.containsKey(spi);
  }

  /// {@return the SA of an ESP packet as far as it is known without asking}
  Optional<Known> known(EspLine line) {
    List<Entry> candidates = bySpi.getOrDefault(line.spi(), List.of());
    return candidates.reversed().stream()
        .filter(entry -> line.source().map(entry.sa().source()::equals).orElse(true))
        .filter(entry -> line.destination().map(entry.sa().destination()::equals).orElse(true))
        .findFirst()
        .map(entry -> new Known(entry.sa(), entry.listed(), entry.listed().equals(answered)));
  }
}
