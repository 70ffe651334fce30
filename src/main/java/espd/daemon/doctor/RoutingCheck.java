package espd.daemon.doctor;

import espd.tun.HostRouting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether the host takes our rule, and none of its own leads past ours: marked packets must go the
/// usual way, all others through our table.
///
/// @param trial of a rule under numbers nobody uses
/// @param numbers of the daemon
/// @param rules as `ip -6 -N rule` shows them
/// @param routes in the daemon's table
/// @param daemonRuns whether a daemon answers
record RoutingCheck(
    Tried<Tried.Nothing> trial,
    HostRouting numbers,
    List<String> rules,
    List<String> routes,
    boolean daemonRuns)
    implements Check {

  private static final String SUBJECT = "routing";

  /// The kernel's table of the host's own addresses.
  private static final String LOCAL = "255";

  private static final Pattern RULE =
      Pattern.compile("(\\d+):\\s+(?<what>.*?)\\s+lookup (?<table>\\d+)(?<rest>.*)");
  private static final Pattern MARK = Pattern.compile("fwmark 0x([0-9a-f]+)(/0x[0-9a-f]+)?");

  RoutingCheck {
    rules = List.copyOf(rules);
    routes = List.copyOf(routes);
  }

  @Override
  public List<Finding> findings() {
    if (trial instanceof Tried.Refused<Tried.Nothing>(var why)) {
      return List.of(Finding.refused(Finding.Level.FAIL, SUBJECT, why));
    }
    List<Finding> findings = new ArrayList<>();
    rules.forEach(rule -> foreign(rule).ifPresent(findings::add));
    findings.addAll(daemonRuns ? ofDaemon() : leftBehind());
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              SUBJECT,
              daemonRuns
                  ? "the daemon's rule stands, routes: " + routes.size() + "; none leads past it"
                  : "a rule with a mark is taken; none leads past table " + numbers.table()));
    }
    return findings;
  }

  private String command() {
    return "pref %d not fwmark %d lookup %d"
        .formatted(numbers.preference(), numbers.mark(), numbers.table());
  }

  private boolean isOurs(String rule) {
    return rule.startsWith(numbers.preference() + ":")
        && rule.strip()
            .endsWith(
                "not from all fwmark 0x%x lookup %d".formatted(numbers.mark(), numbers.table()));
  }

  private boolean leadsToUs(String rule) {
    Matcher matcher = RULE.matcher(rule.strip());
    return matcher.matches() && matcher.group("table").equals("" + numbers.table());
  }

  /// {@return what is wrong with a rule that is asked before ours}
  private Optional<Finding> foreign(String rule) {
    Matcher matcher = RULE.matcher(rule.strip());
    if (!matcher.matches()
        || Integer.parseInt(matcher.group(1)) > numbers.preference()
        || matcher.group("table").equals(LOCAL)
        || leadsToUs(rule)) {
      return Optional.empty();
    }
    String what = matcher.group("what");
    String shown = "rule " + rule.strip().replaceAll("\\s+", " ");
    String mend =
        "ip -6 rule del pref "
            + matcher.group(1)
            + ", or give it a preference above "
            + numbers.preference();
    Matcher mark = MARK.matcher(what);
    if (mark.find()) {
      boolean ours = Long.parseLong(mark.group(1), 16) == numbers.mark();
      return Optional.of(
          ours && !what.startsWith("not")
              ? Finding.fail(
                  SUBJECT,
                  shown + " has the mark of espd's own packets: ESP and IKE go there",
                  mend)
              : Finding.warn(SUBJECT, shown + " takes marked packets past espd", mend));
    }
    return Optional.of(
        what.equals("from all") && matcher.group("rest").isBlank()
            ? Finding.fail(
                SUBJECT,
                shown + " is asked first: what must be protected leaves in the clear",
                mend)
            : Finding.warn(SUBJECT, shown + " takes some packets past espd", mend));
  }

  private List<Finding> ofDaemon() {
    List<Finding> findings = new ArrayList<>();
    if (rules.stream().noneMatch(this::isOurs)) {
      findings.add(
          Finding.fail(
              SUBJECT,
              "the daemon runs but its rule is gone: what must be protected leaves in the clear",
              "ip -6 rule add " + command()));
    }
    for (String rule : rules) {
      if (leadsToUs(rule) && !isOurs(rule)) {
        findings.add(
            Finding.fail(
                SUBJECT,
                "rule "
                    + rule.strip().replaceAll("\\s+", " ")
                    + " leads to espd's table by another mark: ESP packets"
                    + " go round in a circle",
                "ip -6 rule del pref " + rule.substring(0, rule.indexOf(':'))));
      }
    }
    return findings;
  }

  private List<Finding> leftBehind() {
    List<Finding> findings = new ArrayList<>();
    for (String rule : rules) {
      if (leadsToUs(rule)) {
        findings.add(
            Finding.warn(
                SUBJECT,
                "rule "
                    + rule.strip().replaceAll("\\s+", " ")
                    + (isOurs(rule)
                        ? " was left by a daemon that was killed"
                        : " leads to espd's table by another mark than " + numbers.mark())
                    + "; the next start takes it out",
                "ip -6 rule del pref " + rule.substring(0, rule.indexOf(':'))));
      }
    }
    if (!routes.isEmpty()) {
      findings.add(
          Finding.warn(
              SUBJECT,
              "routes in espd's table, left by a daemon that was killed: " + routes.size(),
              "ip -6 route flush table " + numbers.table()));
    }
    return findings;
  }
}
