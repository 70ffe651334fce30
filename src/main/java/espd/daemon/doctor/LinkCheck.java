package espd.daemon.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Whether the links take ESP packets around the longest packet that every IPv6 host may send.
///
/// @param mtus of the links that are up, in octets, by their names
/// @param needed the octets of an ESP packet around one of 1280
record LinkCheck(Map<String, Integer> mtus, int needed) implements Check {

  private static final int LEAST = 1280;

  LinkCheck {
    mtus = new TreeMap<>(mtus);
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    mtus.forEach((link, mtu) -> findings.add(finding(link, mtu)));
    if (findings.isEmpty()) {
      findings.add(
          Finding.fail("links", "none is up but the loopback", "ip link set dev … up; ip -6 addr"));
    }
    return findings;
  }

  private Finding finding(String link, int mtu) {
    String subject = "link " + link;
    String mend = "ip link set dev " + link + " mtu 1500, where the link takes it";
    if (mtu < LEAST) {
      return Finding.fail(subject, "its MTU of " + mtu + " is too short for IPv6 (1280)", mend);
    }
    return mtu < needed
        ? Finding.warn(subject, PathCheck.narrow("its MTU of " + mtu, needed), mend)
        : Finding.ok(subject, "MTU " + mtu + ", ESP needs up to " + needed);
  }
}
