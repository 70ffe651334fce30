package espd.daemon.doctor;

import java.util.List;

/// Whether the host forwards IPv4 where a tunnel carries that of others. What `rp_filter` asks for
/// is there: routes through the device lead to where the packets of a tunnel come from.
///
/// @param forwards whether the host forwards
/// @param gateway the connections that carry IPv4 of others, at least one
record Ipv4Check(boolean forwards, List<String> gateway) implements Check {

  Ipv4Check {
    gateway = List.copyOf(gateway);
  }

  @Override
  public List<Finding> findings() {
    return List.of(
        forwards
            ? Finding.ok("ipv4", "forwarding")
            : Finding.fail(
                "forwarding",
                "off for IPv4, though "
                    + String.join(", ", gateway)
                    + " carries packets of other hosts",
                "sysctl -w net.ipv4.ip_forward=1"));
  }
}
