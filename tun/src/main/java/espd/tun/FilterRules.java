package espd.tun;

import espd.spd.Direction;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Spd;
import espd.spd.SpdEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The inbound policies of one family as rules of a packet filter. Neighbors in the SPD that do the
/// same form a stretch, within which their order does not matter; those of a stretch that differ
/// only in the source address share a rule with a set of source addresses. So thousands of peers
/// cost a packet one lookup, and a peer that comes or goes changes an element of a set. Not for
/// several threads at once.
final class FilterRules {

  /// What policies share that differ only in the source address.
  ///
  /// @param number of its set, which no other rule ever had
  /// @param passes whether packets pass or are dropped
  /// @param match all but their source
  /// @param sources their sources
  record Rule(int number, boolean passes, FilterMatch match, RangeUnion sources) {}

  /// Elements of a set to change.
  record Change(Rule rule, RangeUnion.Change sources) {}

  /// Neighbors that do the same.
  ///
  /// @param place among all
  private record Stretch(int place, boolean passes, Map<FilterMatch, Rule> rules) {

    private Optional<Rule> rule(Policy policy) {
      return Optional.ofNullable(rules.get(FilterMatch.of(policy.selector())));
    }
  }

  private record Placed(Policy policy, Stretch stretch) {}

  private static final Stretch NOWHERE = new Stretch(-1, false, Map.of());

  private final IpFamily family;

  /// By their order.
  private final NavigableMap<Long, Placed> policies = new TreeMap<>();

  private Optional<Spd> followed = Optional.empty();
  private final List<Stretch> stretches = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();
  private int nextNumber;
  private boolean known;

  /// @param family whose policies are followed
  FilterRules(IpFamily family) {
    this.family = family;
  }

  /// {@return whether there is no policy}
  boolean isEmpty() {
    return policies.isEmpty();
  }

  /// Follows the SPD.
  ///
  /// @return what changes; nothing when other rules are needed: [#renew]
  Optional<List<Change>> follow(Spd spd) {
    Spd.Difference difference =
        followed
            .map(earlier -> spd.since(earlier, Direction.INBOUND))
            .orElseGet(
                () -> new Spd.Difference(List.of(), spd.inOrder(Direction.INBOUND).toList()));
    followed = Optional.of(spd);
    SortedMap<Integer, Rule> touched = new TreeMap<>();
    for (SpdEntry entry : ours(difference.left())) {
      leave(entry).ifPresent(rule -> touched.put(rule.number, rule));
    }
    for (SpdEntry entry : ours(difference.came())) {
      Optional<Rule> rule = come(entry);
      known &= rule.isPresent();
      rule.ifPresent(some -> touched.put(some.number, some));
    }
    return known ? Optional.of(changes(touched)) : Optional.empty();
  }

  private List<SpdEntry> ours(List<SpdEntry> entries) {
    return entries.stream()
        .filter(entry -> IpFamily.of(entry.policy().selector().remote().first()) == family)
        .toList();
  }

  private static List<Change> changes(SortedMap<Integer, Rule> touched) {
    return touched.values().stream()
        .map(rule -> new Change(rule, rule.sources.change()))
        .filter(change -> !change.sources.isEmpty())
        .toList();
  }

  private Optional<Rule> leave(SpdEntry entry) {
    Optional<Rule> rule =
        Optional.ofNullable(policies.remove(entry.order()))
            .flatMap(placed -> placed.stretch.rule(placed.policy));
    rule.ifPresent(some -> some.sources.remove(entry.policy().selector().remote()));
    return rule;
  }

  private Optional<Rule> come(SpdEntry entry) {
    Policy policy = entry.policy();
    Optional<Stretch> stretch = known ? between(entry.order(), policy) : Optional.empty();
    policies.put(entry.order(), new Placed(policy, stretch.orElse(NOWHERE)));
    Optional<Rule> rule = stretch.flatMap(some -> some.rule(policy));
    rule.ifPresent(some -> some.sources.add(policy.selector().remote()));
    return rule;
  }

  /// A stretch with the policy's rule, no earlier than that of the policy before it and no later
  /// than that of the one behind it.
  private Optional<Stretch> between(long order, Policy policy) {
    Map.Entry<Long, Placed> before = policies.lowerEntry(order);
    Map.Entry<Long, Placed> behind = policies.higherEntry(order);
    int from = before == null ? 0 : before.getValue().stretch.place;
    int to = behind == null ? stretches.size() - 1 : behind.getValue().stretch.place;
    return stretches.subList(from, Math.max(from, to + 1)).stream()
        .filter(stretch -> stretch.passes == passes(policy) && stretch.rule(policy).isPresent())
        .findFirst();
  }

  /// Makes the rules anew.
  ///
  /// @return all of them in the order they are asked
  List<Rule> renew() {
    stretches.clear();
    rules.clear();
    policies.replaceAll((order, placed) -> new Placed(placed.policy, place(placed.policy)));
    rules.forEach(rule -> rule.sources.change());
    known = true;
    return List.copyOf(rules);
  }

  private Stretch place(Policy policy) {
    if (stretches.isEmpty() || stretches.getLast().passes != passes(policy)) {
      stretches.add(new Stretch(stretches.size(), passes(policy), new HashMap<>()));
    }
    Stretch stretch = stretches.getLast();
    stretch
        .rules
        .computeIfAbsent(FilterMatch.of(policy.selector()), match -> rule(stretch, match))
        .sources
        .add(policy.selector().remote());
    return stretch;
  }

  private Rule rule(Stretch stretch, FilterMatch match) {
    rules.add(new Rule(nextNumber++, stretch.passes, match, new RangeUnion()));
    return rules.getLast();
  }

  /// The host does not have the rules: they are to be made anew.
  void forget() {
    known = false;
  }

  private static boolean passes(Policy policy) {
    return switch (policy.processing()) {
      case Processing.Bypass bypass -> true;
      case Processing.Discard discard -> false;
      case Processing.Protect protect -> false;
    };
  }
}
