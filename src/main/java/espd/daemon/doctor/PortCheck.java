package espd.daemon.doctor;

import espd.spd.Ipv6Address;
import espd.tun.facts.Holder;
import java.util.List;
import java.util.stream.Collectors;

/// Whether a port of IKE is free: of UDP (RFC 7296 §2), or of TCP (RFC 9329 §2).
///
/// @param protocol of the port
/// @param local the address, `::` for all
/// @param port 500 or 4500
/// @param trial of binding it
/// @param holders who has it
/// @param daemon the process of the daemon that answers, none where none does
record PortCheck(
    Protocol protocol,
    Ipv6Address local,
    int port,
    Tried<Tried.Nothing> trial,
    List<Holder> holders,
    List<Holder> daemon)
    implements Check {

  /// What has ports.
  enum Protocol {
    UDP("udp", "ss -ulpn"),
    TCP("tcp", "ss -tlpn");

    private final String word;
    private final String show;

    Protocol(String word, String show) {
      this.word = word;
      this.show = show;
    }
  }

  PortCheck {
    holders = List.copyOf(holders);
    daemon = List.copyOf(daemon);
  }

  @Override
  public List<Finding> findings() {
    String subject = protocol.word + " " + port;
    String where = local.isUnspecified() ? "at all addresses" : "at " + local;
    return List.of(
        switch (trial) {
          case Tried.Done<Tried.Nothing> _ -> Finding.ok(subject, "free " + where);
          case Tried.Refused<Tried.Nothing>(var why) -> {
            if (holders.isEmpty()) {
              yield Finding.refused(Finding.Level.FAIL, subject, why);
            }
            yield daemon.containsAll(holders)
                ? Finding.ok(subject, "of the daemon, " + names())
                : Finding.fail(subject, "held by " + names() + " " + where, stop());
          }
        });
  }

  private String names() {
    return holders.stream().map(Holder::toString).collect(Collectors.joining(", "));
  }

  private String stop() {
    List<Holder> seen = holders.stream().filter(each -> each.pid() != Holder.UNSEEN).toList();
    if (seen.isEmpty()) {
      return "as root: " + protocol.show + " 'sport = :" + port + "' names it";
    }
    return seen.stream()
        .map(each -> "kill " + each.pid())
        .collect(Collectors.joining("; "))
        .concat(", or stop the service that starts it");
  }
}
