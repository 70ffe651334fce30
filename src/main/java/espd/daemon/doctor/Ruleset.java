package espd.daemon.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The chains of nftables that IPv6 packets meet, as `nft list ruleset` shows them; without espd's
/// own.
///
/// @param chains in their order
record Ruleset(List<Chain> chains) {

  private static final Pattern TABLE = Pattern.compile("table (ip6|inet) (\\S+) \\{");
  private static final Pattern CHAIN = Pattern.compile("chain (\\S+) \\{");
  private static final Pattern ESP =
      Pattern.compile("\\besp\\b|(l4proto|nexthdr) (\\{[^}]*)?\\b50\\b");

  Ruleset {
    chains = List.copyOf(chains);
  }

  /// A chain.
  ///
  /// @param table its family and table, as `inet filter`
  /// @param name its own
  /// @param rules its lines, the hook's first where it has one
  record Chain(String table, String name, List<String> rules) {

    boolean hooks(String hook) {
      return rules.stream().anyMatch(rule -> rule.contains(" hook " + hook + " "));
    }

    boolean dropsTheRest() {
      return rules.stream().anyMatch(rule -> rule.contains("policy drop;"))
          || (!rules.isEmpty() && rules.getLast().matches("(counter \\S+.* )?(drop|reject.*)"));
    }

    boolean setsMarks() {
      return rules.stream().anyMatch(rule -> rule.contains("meta mark set"));
    }

    boolean asksForReversePath() {
      return rules.stream().anyMatch(rule -> rule.contains("fib saddr") && rule.contains("drop"));
    }

    /// {@return as `nft` wants it named}
    @Override
    public String toString() {
      return table + " " + name;
    }
  }

  /// {@return the chains in what `nft list ruleset` printed}
  static Ruleset read(String text) {
    List<Chain> chains = new ArrayList<>();
    String table = "";
    List<String> rules = new ArrayList<>();
    for (String line : text.lines().map(String::strip).toList()) {
      Matcher tableBegins = TABLE.matcher(line);
      Matcher chainBegins = CHAIN.matcher(line);
      if (line.startsWith("table ")) {
        boolean seen = tableBegins.matches() && !tableBegins.group(2).startsWith("espd_");
        table = seen ? tableBegins.group(1) + " " + tableBegins.group(2) : "";
      } else if (chainBegins.matches()) {
        rules = new ArrayList<>();
        if (!table.isEmpty()) {
          chains.add(new Chain(table, chainBegins.group(1), rules));
        }
      } else if (!line.equals("}") && !line.isEmpty()) {
        rules.add(line);
      }
    }
    return new Ruleset(chains);
  }

  /// {@return whether a rule of the chain's table, which it may jump to, names ESP to accept it}
  boolean letsEspIn(Chain chain) {
    return chains.stream()
        .filter(each -> each.table().equals(chain.table()))
        .flatMap(each -> each.rules().stream())
        .anyMatch(rule -> ESP.matcher(rule).find() && rule.contains("accept"));
  }
}
