package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The order of the SPD (RFC 4301 §4.4.1).
class SpdTest {

  private static final Selector EVERYTHING = Selector.between(AddressRange.ANY, AddressRange.ANY);
  private static final Flow PACKET = Packets.tcp("2001:db8:1:1::1", 1024, "2001:db8:2:2::2", 80);

  private final Sadb sadb = new Sadb(InstantSource.fixed(Instant.EPOCH), new Random(1));

  @Test
  void letsTheFirstEntryThatSelectsDecide() {
    SpdEntry other = sadb.add(policy(Direction.OUTBOUND, selector("2001:db8:3::/48"), 0));
    SpdEntry first = sadb.add(policy(Direction.OUTBOUND, selector("2001:db8:2::/48"), 0));
    SpdEntry second = sadb.add(policy(Direction.OUTBOUND, EVERYTHING, 0));
    assertSame(first, sadb.spd().lookup(Direction.OUTBOUND, PACKET));
    assertEquals(List.of(other, first, second), sadb.spd().inOrder(Direction.OUTBOUND).toList());
  }

  @Test
  void asksLowerPrioritiesFirstAndEqualOnesInTheOrderTheyWereAdded() {
    SpdEntry late = sadb.add(policy(Direction.OUTBOUND, EVERYTHING, 10));
    SpdEntry zero = sadb.add(policy(Direction.OUTBOUND, EVERYTHING, 0));
    SpdEntry alsoZero = sadb.add(policy(Direction.OUTBOUND, EVERYTHING, 0));
    SpdEntry last = sadb.add(policy(Direction.OUTBOUND, EVERYTHING, 0x8000_0000));
    assertEquals(
        List.of(zero, alsoZero, late, last), sadb.spd().inOrder(Direction.OUTBOUND).toList());
    assertSame(zero, sadb.spd().lookup(Direction.OUTBOUND, PACKET));
  }

  /// A peer chooses between which addresses its selectors lie (RFC 7296 §3.13.1), also IPv4-mapped
  /// ones.
  @Test
  void forgetsAnEntryWhicheverItsAddressesAre() {
    for (boolean begins : new boolean[] {true, false}) {
      Ipv6Address ipv4 = Ipv6Address.parseIpv4("10.0.0.1");
      AddressRange range =
          begins
              ? new AddressRange(ipv4, Ipv6Address.parse("2001:db8:ffff::"))
              : new AddressRange(Ipv6Address.parse("::1"), ipv4);
      SpdEntry entry =
          sadb.add(policy(Direction.OUTBOUND, Selector.between(AddressRange.ANY, range), 0));
      assertEquals(begins, sadb.spd().lookup(Direction.OUTBOUND, PACKET).equals(entry));
      assertTrue(sadb.remove(entry));
      assertEquals(0, sadb.spd().size());
    }
  }

  @Test
  void keepsTheDirectionsApart() {
    SpdEntry inbound = sadb.add(policy(Direction.INBOUND, EVERYTHING, 0));
    SpdEntry outbound = sadb.add(policy(Direction.OUTBOUND, EVERYTHING, 0));
    assertSame(inbound, sadb.spd().lookup(Direction.INBOUND, PACKET));
    assertSame(outbound, sadb.spd().lookup(Direction.OUTBOUND, PACKET));
    assertEquals(List.of(inbound), sadb.spd().inOrder(Direction.INBOUND).toList());
  }

  @Test
  void letsWhatNoEntrySelectsPassUnprotected() {
    sadb.add(policy(Direction.OUTBOUND, selector("2001:db8:3::/48"), 0));
    SpdEntry otherwise = sadb.spd().lookup(Direction.OUTBOUND, PACKET);
    assertInstanceOf(Processing.Bypass.class, otherwise.policy().processing());
    assertEquals(0, otherwise.id());
    assertSame(otherwise, sadb.spd().lookup(Direction.INBOUND, PACKET));
  }

  @Test
  void addsManyPoliciesInTheirOrder() {
    Policy policy = policy(Direction.OUTBOUND, EVERYTHING, 0);
    List<SpdEntry> added = sadb.addAll(List.of(policy, policy, policy));
    assertEquals(added, sadb.spd().inOrder(Direction.OUTBOUND).toList());
    assertEquals(List.of(1, 2, 3), added.stream().map(SpdEntry::id).toList());
  }

  @Test
  void listsTheNewestEntryFirst() {
    SpdEntry one = sadb.add(policy(Direction.OUTBOUND, EVERYTHING, 5));
    SpdEntry two = sadb.add(policy(Direction.INBOUND, EVERYTHING, 9));
    assertEquals(List.of(two, one), sadb.spd().entries());
  }

  @Test
  void forgetsAnEntryTakenAwayAndOnlyThatOne() {
    SpdEntry one = sadb.add(policy(Direction.OUTBOUND, EVERYTHING, 0));
    SpdEntry same = sadb.add(policy(Direction.OUTBOUND, EVERYTHING, 0));
    Spd before = sadb.spd();
    assertTrue(sadb.remove(one));
    assertFalse(sadb.remove(one));
    assertSame(same, sadb.spd().lookup(Direction.OUTBOUND, PACKET));
    assertSame(one, before.lookup(Direction.OUTBOUND, PACKET), "a snapshot does not change");
  }

  @Test
  void tellsWhatBecameOfItsEntries() {
    Random random = new Random(4301);
    for (int step = 0; step < 500; step++) {
      Spd earlier = sadb.spd();
      for (int change = random.nextInt(5); change > 0; change--) {
        List<SpdEntry> entries = sadb.spd().entries();
        if (random.nextInt(20) < entries.size()) {
          sadb.removeAll(List.of(entries.getFirst(), entries.get(random.nextInt(entries.size()))));
        } else {
          Policy policy = policy(Direction.INBOUND, EVERYTHING, random.nextInt(4));
          sadb.addAll(List.of(policy, policy(Direction.OUTBOUND, EVERYTHING, 0), policy));
        }
      }
      List<SpdEntry> left = new ArrayList<>(earlier.inOrder(Direction.INBOUND).toList());
      List<SpdEntry> came = new ArrayList<>(sadb.spd().inOrder(Direction.INBOUND).toList());
      List<SpdEntry> both = left.stream().filter(came::contains).toList();
      left.removeAll(both);
      came.removeAll(both);
      assertEquals(new Spd.Difference(left, came), sadb.spd().since(earlier, Direction.INBOUND));
    }
  }

  private static Selector selector(String remote) {
    return Selector.between(AddressRange.ANY, AddressRange.parse(remote));
  }

  private static Policy policy(Direction direction, Selector selector, int priority) {
    return new Policy("test", direction, selector, priority, new Processing.Discard());
  }
}
