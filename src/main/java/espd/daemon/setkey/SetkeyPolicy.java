package espd.daemon.setkey;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A policy as setkey's language has it.
///
/// @param selector which packets
/// @param priority lower ones are asked first, as unsigned numbers
/// @param action what is done with them
/// @param rules how, in the order in which they are applied; empty but for [Action#IPSEC]
public record SetkeyPolicy(PolicySelector selector, int priority, Action action, List<Rule> rules) {

  /// `prio def`: the priority of a policy that names none.
  public static final int DEFAULT_PRIORITY = 0x8000_0000;

  /// Copies the list.
  public SetkeyPolicy {
    rules = List.copyOf(rules);
  }

  /// {@return the rule of ESP, where there is one}
  public Optional<Rule> esp() {
    return rules.stream().filter(rule -> rule.protocol() == Protocol.ESP).findFirst();
  }

  /// {@return the policy in setkey's language, from its addresses to before the `;`}
  @Override
  public String toString() {
    int raised = DEFAULT_PRIORITY - priority;
    String prio =
        raised == 0 ? "" : raised > 0 ? "prio " + raised + " " : "prio - " + -raised + " ";
    return "%s -P %s %s%s%s"
        .formatted(
            selector,
            selector.way(),
            prio,
            action,
            rules.stream().map(rule -> " " + rule).collect(Collectors.joining()));
  }
}
