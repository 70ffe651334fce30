package espd.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Sadb;
import espd.spd.Selector;
import espd.spd.SpdEntry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// RFC 4301 §4.4.1: the first policy that selects a packet decides, and so does the first rule.
class FilterRulesTest {

  private static final int ADDRESSES = 24;

  private final Random random = new Random(4301);
  private final Sadb sadb = new Sadb(InstantSource.system(), random);
  private final FilterRules rules = new FilterRules(IpFamily.IPV6);
  private List<FilterRules.Rule> present = List.of();

  /// What the host has: the ranges of each set.
  private final Map<Integer, List<AddressRange>> sets = new HashMap<>();

  private Policy policy() {
    int local = random.nextInt(2);
    int first = random.nextInt(ADDRESSES);
    AddressRange remote =
        new AddressRange(new Ipv6Address(1, first), new Ipv6Address(1, first + random.nextInt(4)));
    Processing processing =
        random.nextInt(4) == 0 ? new Processing.Bypass() : new Processing.Discard();
    Selector selector = Selector.between(AddressRange.of(new Ipv6Address(2, local)), remote);
    return new Policy("net", Direction.INBOUND, selector, random.nextInt(4), processing);
  }

  /// {@return whether elements of sets were all that changed}
  private boolean follow() {
    Optional<List<FilterRules.Change>> changes = rules.follow(sadb.spd());
    if (changes.isEmpty()) {
      present = rules.renew();
      sets.clear();
      present.forEach(rule -> sets.put(rule.number(), new ArrayList<>(rule.sources().disjoint())));
      return false;
    }
    for (FilterRules.Change change : changes.get()) {
      List<AddressRange> set = set(change.rule());
      assertTrue(set.containsAll(change.sources().gone()));
      set.removeAll(change.sources().gone());
      set.addAll(change.sources().come());
    }
    return true;
  }

  private List<AddressRange> set(FilterRules.Rule rule) {
    return sets.computeIfAbsent(rule.number(), number -> new ArrayList<>());
  }

  private String verdict(Ipv6Address local, Ipv6Address remote) {
    return present.stream()
        .filter(rule -> rule.match().local().contains(local))
        .filter(rule -> set(rule).stream().anyMatch(set -> set.contains(remote)))
        .findFirst()
        .map(rule -> rule.passes() ? "accept" : "drop")
        .orElse("none");
  }

  private static String verdict(List<Policy> policies, Ipv6Address local, Ipv6Address remote) {
    return policies.stream()
        .filter(policy -> policy.selector().local().contains(local))
        .filter(policy -> policy.selector().remote().contains(remote))
        .findFirst()
        .map(policy -> policy.processing() instanceof Processing.Bypass ? "accept" : "drop")
        .orElse("none");
  }

  @Test
  void decideAsThePoliciesDoHoweverTheseComeAndGo() {
    int changedInPlace = 0;
    for (int i = 0; i < 3000; i++) {
      for (int change = random.nextInt(3); change >= 0; change--) {
        List<SpdEntry> entries = sadb.spd().entries();
        if (random.nextInt(16) < entries.size()) {
          sadb.remove(entries.get(random.nextInt(entries.size())));
        } else {
          sadb.add(policy());
        }
      }
      changedInPlace += follow() ? 1 : 0;
      List<Policy> policies = sadb.spd().inOrder(Direction.INBOUND).map(SpdEntry::policy).toList();
      for (int remote = 0; remote < ADDRESSES + 4; remote++) {
        for (int local = 0; local < 2; local++) {
          Ipv6Address here = new Ipv6Address(2, local);
          Ipv6Address there = new Ipv6Address(1, remote);
          assertEquals(verdict(policies, here, there), verdict(here, there));
        }
      }
    }
    assertTrue(changedInPlace > 1000 && changedInPlace < 2900, "in place: " + changedInPlace);
  }

  @Test
  void aPeerThatIsTheOnlyOneComesBackToItsRule() {
    Policy peer = policy();
    SpdEntry entry = sadb.add(peer);
    assertFalse(follow());
    sadb.remove(entry);
    assertTrue(follow());
    assertTrue(rules.isEmpty());
    sadb.add(peer);
    assertTrue(follow());
    assertEquals(1, present.size());
  }

  @Test
  void areMadeAnewWhenTheHostHasLostThem() {
    sadb.add(policy());
    assertFalse(follow());
    rules.forget();
    assertFalse(follow());
    assertTrue(follow());
  }
}
