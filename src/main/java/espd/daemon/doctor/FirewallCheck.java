package espd.daemon.doctor;

import espd.daemon.doctor.Ruleset.Chain;
import espd.tun.HostRouting;
import java.util.ArrayList;
import java.util.List;

/// Whether the host's own firewall stands in the way of ESP and IKE, as far as its rules tell: a
/// hint, for what a rule means as a whole only a packet finds out.
///
/// @param ruleset of nftables
/// @param legacy tables of ip6tables from before nftables, which `nft` does not see
record FirewallCheck(Ruleset ruleset, List<String> legacy) implements Check {

  private static final String SUBJECT = "firewall";
  private static final int MARK = HostRouting.DEFAULT.mark();

  FirewallCheck {
    legacy = List.copyOf(legacy);
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (Chain chain : ruleset.chains()) {
      if (chain.hooks("input") && chain.dropsTheRest() && !ruleset.letsEspIn(chain)) {
        findings.add(dropping(chain));
      }
      if (chain.hooks("output") && chain.setsMarks()) {
        findings.add(
            Finding.warn(
                SUBJECT,
                chain + " sets marks: where it overwrites " + MARK + ", ESP goes round in a circle",
                "nft list chain " + chain + "; let packets with meta mark " + MARK + " be"));
      }
      if (chain.asksForReversePath()) {
        findings.add(
            Finding.warn(
                SUBJECT,
                chain
                    + " drops by reverse path (fib): ESP of a peer whose own address is protected"
                    + " comes in at another interface than espd's route says",
                "firewalld: IPv6_rpfilter=no in firewalld.conf; else let l4proto esp pass before"));
      }
    }
    if (!legacy.isEmpty()) {
      findings.add(
          Finding.warn(
              SUBJECT,
              "ip6tables-legacy has tables that were not looked into: " + String.join(", ", legacy),
              "ip6tables-legacy -S | grep -E 'esp|500'"));
    }
    return findings.isEmpty()
        ? List.of(Finding.ok(SUBJECT, "no rule seen that drops ESP or IKE"))
        : findings;
  }

  private static Finding dropping(Chain chain) {
    return Finding.warn(
        SUBJECT,
        chain + " drops what no rule names, and none names ESP",
        ("nft insert rule %1$s meta l4proto esp accept;"
                + " nft insert rule %1$s udp dport '{ 500, 4500 }' accept")
            .formatted(chain));
  }
}
