package espd.tun;

import espd.spd.Policy;
import espd.spd.Processing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Policies of one family as rules of a packet filter. Neighbors in the SPD that do the same form a
/// stretch, within which their order does not matter; those of a stretch that differ only in the
/// source address share a rule with a set of source addresses. So thousands of peers cost a packet
/// one lookup, and a peer that comes or goes changes an element of a set. Not for several threads
/// at once.
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
  private record Stretch(int place, boolean passes, Map<FilterMatch, Rule> rules) {}

  private final List<Stretch> stretches = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();

  /// In the order they are asked, and the stretch of each.
  private List<Policy> policies;

  private List<Stretch> places = new ArrayList<>();

  /// @param policies in the order they are asked
  /// @param firstNumber of a set
  FilterRules(List<Policy> policies, int firstNumber) {
    this.policies = List.copyOf(policies);
    for (Policy policy : this.policies) {
      Stretch stretch = lastStretch(passes(policy));
      places.add(stretch);
      stretch
          .rules
          .computeIfAbsent(
              FilterMatch.of(policy.selector()),
              match -> rule(firstNumber + rules.size(), stretch, match))
          .sources
          .add(policy.selector().remote());
    }
    rules.forEach(rule -> rule.sources.change());
  }

  private Stretch lastStretch(boolean passes) {
    if (stretches.isEmpty() || stretches.getLast().passes != passes) {
      stretches.add(new Stretch(stretches.size(), passes, new HashMap<>()));
    }
    return stretches.getLast();
  }

  private Rule rule(int number, Stretch stretch, FilterMatch match) {
    Rule rule = new Rule(number, stretch.passes, match, new RangeUnion());
    rules.add(rule);
    return rule;
  }

  private static boolean passes(Policy policy) {
    return switch (policy.processing()) {
      case Processing.Bypass bypass -> true;
      case Processing.Discard discard -> false;
      case Processing.Protect protect -> false;
    };
  }

  /// {@return all rules in the order they are asked}
  List<Rule> rules() {
    return List.copyOf(rules);
  }

  /// Becomes the rules of other policies, where no other rules are needed for it.
  ///
  /// @param now in the order they are asked; those that were there before, as the same objects
  /// @return what changes; nothing when other rules are needed, and this object is of no use then
  Optional<List<Change>> follow(List<Policy> now) {
    List<Stretch> nowPlaces = new ArrayList<>(now.size());
    SortedMap<Integer, Rule> touched = new TreeMap<>();
    int before = 0;
    for (Policy policy : now) {
      // Where they differ, either those have left that stood before it, or it has come.
      while (before < policies.size()
          && policies.get(before) != policy
          && policies.get(before).priority() <= policy.priority()) {
        leave(before++, touched);
      }
      if (before < policies.size() && policies.get(before) == policy) {
        nowPlaces.add(places.get(before++));
        continue;
      }
      Optional<Stretch> place = between(policy, nowPlaces, before);
      if (place.isEmpty()) {
        return Optional.empty();
      }
      nowPlaces.add(place.get());
      Rule rule = place.get().rules.get(FilterMatch.of(policy.selector()));
      rule.sources.add(policy.selector().remote());
      touched.put(rule.number, rule);
    }
    while (before < policies.size()) {
      leave(before++, touched);
    }
    policies = List.copyOf(now);
    places = nowPlaces;
    return Optional.of(
        touched.values().stream()
            .map(rule -> new Change(rule, rule.sources.change()))
            .filter(change -> !change.sources.isEmpty())
            .toList());
  }

  private void leave(int place, SortedMap<Integer, Rule> touched) {
    Policy policy = policies.get(place);
    Rule rule = places.get(place).rules.get(FilterMatch.of(policy.selector()));
    rule.sources.remove(policy.selector().remote());
    touched.put(rule.number, rule);
  }

  /// A stretch with the policy's rule, after that of the policy before it and no later than that of
  /// the one behind it.
  private Optional<Stretch> between(Policy policy, List<Stretch> earlier, int behind) {
    int from = earlier.isEmpty() ? 0 : earlier.getLast().place;
    int to = behind < places.size() ? places.get(behind).place : stretches.size() - 1;
    FilterMatch match = FilterMatch.of(policy.selector());
    return stretches.subList(from, Math.max(from, to + 1)).stream()
        .filter(stretch -> stretch.passes == passes(policy) && stretch.rules.containsKey(match))
        .findFirst();
  }
}
