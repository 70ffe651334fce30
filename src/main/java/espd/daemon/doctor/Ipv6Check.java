package espd.daemon.doctor;

import java.util.ArrayList;
import java.util.List;

/// Whether the host speaks IPv6, and forwards it where a tunnel carries the packets of others.
/// There is no rp_filter of IPv6 in the kernel; what a firewall does in its place [FirewallCheck]
/// sees.
///
/// @param present whether the kernel has IPv6
/// @param disabled what turns it off: `all`, `default`
/// @param forwards whether the host forwards
/// @param gateway the connections that carry the packets of others
record Ipv6Check(boolean present, List<String> disabled, boolean forwards, List<String> gateway)
    implements Check {

  private static final String SUBJECT = "ipv6";

  Ipv6Check {
    disabled = List.copyOf(disabled);
    gateway = List.copyOf(gateway);
  }

  @Override
  public List<Finding> findings() {
    if (!present) {
      return List.of(
          Finding.fail(
              SUBJECT, "the kernel has none", "start it without ipv6.disable=1, or modprobe ipv6"));
    }
    List<Finding> findings = new ArrayList<>();
    for (String which : disabled) {
      findings.add(
          Finding.fail(
              SUBJECT,
              "turned off: net.ipv6.conf." + which + ".disable_ipv6 is 1",
              "sysctl -w net.ipv6.conf." + which + ".disable_ipv6=0"));
    }
    if (!gateway.isEmpty() && !forwards) {
      findings.add(
          Finding.fail(
              "forwarding",
              "off, though " + String.join(", ", gateway) + " carries packets of other hosts",
              "sysctl -w net.ipv6.conf.all.forwarding=1"));
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              SUBJECT,
              forwards
                  ? "enabled, forwarding"
                  : "enabled, not forwarding (no connection seen that needs it); rp_filter is of"
                      + " IPv4 only"));
    }
    return findings;
  }
}
