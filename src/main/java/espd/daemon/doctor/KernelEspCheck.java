package espd.daemon.doctor;

import java.util.ArrayList;
import java.util.List;

/// Whether the kernel does IPsec as well: espd needs none of it, and two are one too many.
///
/// @param xfrm whether the kernel has the transformation framework
/// @param esp whether its ESP for IPv6 is loaded
/// @param policies as `ip -6 xfrm policy` shows them
record KernelEspCheck(boolean xfrm, boolean esp, List<String> policies) implements Check {

  private static final String SUBJECT = "kernel ESP";

  KernelEspCheck {
    policies = List.copyOf(policies);
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    long count = policies.stream().filter(line -> line.startsWith("src ")).count();
    if (count > 0) {
      findings.add(
          Finding.fail(
              SUBJECT,
              "the kernel has "
                  + count
                  + " IPsec policies of its own, which it applies before espd"
                  + " sees a packet: "
                  + policies.getFirst().strip(),
              "stop what made them (systemctl stop strongswan ipsec), or: ip xfrm policy flush"));
    } else if (esp) {
      findings.add(Finding.ok(SUBJECT, "there, without policies: unused"));
    } else if (xfrm) {
      findings.add(Finding.ok(SUBJECT, "the framework is there (xfrm), without ESP or policies"));
    } else {
      findings.add(Finding.ok(SUBJECT, "none: what espd is for"));
    }
    return findings;
  }
}
