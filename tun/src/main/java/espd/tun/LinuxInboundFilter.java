package espd.tun;

import espd.spd.Policy;
import espd.tun.HostProgram.Outcome;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The host's packet filter by nftables, in a table of our own that bears the TUN device's name:
/// other tables, a firewall's say, stay as they are, and a packet has to pass all of them.
///
/// All methods may be called from any thread, in the network namespace it was opened in.
public final class LinuxInboundFilter implements InboundFilter {

  private static final Logger LOG = LoggerFactory.getLogger(LinuxInboundFilter.class);

  private static final Pattern PACKETS = Pattern.compile("packets (\\d+) bytes \\d+");

  private final Supplier<AlwaysAdmitted> outer;
  private final HostProgram nft;
  private final String table;

  /// The rules in force; empty when it is not known which are.
  private String present = "";

  /// Those of IPv4; empty when it is not known which are, or there never were any.
  private String presentIpv4 = "";

  private boolean hasIpv4;
  private final Count ipv6 = new Count(FilterScript.IPV6);
  private final Count ipv4 = new Count(FilterScript.IPV4);
  private boolean closed;

  private LinuxInboundFilter(Supplier<AlwaysAdmitted> outer, HostProgram nft) {
    this.outer = outer;
    this.nft = nft;
    this.table = FilterScript.table(outer.get().device());
  }

  /// {@return the filter, without a policy, in the place of one that a killed daemon left}
  ///
  /// @param outer of the daemon at any time, whose device's name stays, and no other daemon's
  ///   device has
  /// @throws HostException when the host cannot filter, with what to do
  public static LinuxInboundFilter open(Supplier<AlwaysAdmitted> outer) throws HostException {
    return open(outer, "nft");
  }

  static LinuxInboundFilter open(Supplier<AlwaysAdmitted> outer, String program)
      throws HostException {
    LinuxInboundFilter filter = new LinuxInboundFilter(outer, new HostProgram(program, "nftables"));
    String rules = FilterScript.rules(outer.get(), List.of());
    filter.perform(FilterScript.removal(FilterScript.IPV6, outer.get().device()) + rules);
    filter.present = rules;
    // A host without IPv4 refuses, and has no such table.
    filter.nft.run(
        List.of("-f", "-"), FilterScript.removal(FilterScript.IPV4, outer.get().device()));
    return filter;
  }

  @Override
  public synchronized void policies(List<Policy> inbound) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    String rules = FilterScript.rules(outer.get(), inbound);
    if (!rules.equals(present)) {
      perform(rules);
      present = rules;
    }
    String rulesIpv4 = FilterScript.ipv4Rules(outer.get(), inbound);
    if (rulesIpv4.isEmpty() && hasIpv4) {
      perform(FilterScript.removal(FilterScript.IPV4, outer.get().device()));
      hasIpv4 = false;
      ipv4.restart();
      presentIpv4 = "";
    } else if (!rulesIpv4.equals(presentIpv4)) {
      perform(rulesIpv4);
      hasIpv4 = true;
      presentIpv4 = rulesIpv4;
    }
  }

  @Override
  public synchronized long dropped() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    return ipv6.read() + (hasIpv4 ? ipv4.read() : ipv4.before);
  }

  /// What the counter of a family has counted, whatever others did to it meanwhile.
  private final class Count {

    private final String family;

    /// What counters have counted that somebody took out.
    private long before;

    private long counted;

    Count(String family) {
      this.family = family;
    }

    void restart() {
      before += counted;
      counted = 0;
    }

    long read() throws HostException {
      Outcome outcome =
          nft.run(List.of("list", "counter", family, table, FilterScript.COUNTER), "");
      Matcher packets = PACKETS.matcher(outcome.out());
      if (outcome.status() != 0 || !packets.find()) {
        present = "";
        presentIpv4 = "";
        if (outcome.errors().contains("No such file or directory")) {
          restart();
        }
        throw refusal(outcome);
      }
      long now = Long.parseLong(packets.group(1));
      if (now < counted) {
        before += counted;
      }
      counted = now;
      return before + now;
    }
  }

  @Override
  public String place() {
    return "nftables table ip6 " + table;
  }

  private void perform(String script) throws HostException {
    Outcome outcome = nft.run(List.of("-f", "-"), script);
    if (outcome.status() != 0) {
      throw refusal(outcome);
    }
  }

  static HostException refusal(Outcome outcome) {
    String words = outcome.errors().lines().findFirst().orElse("status " + outcome.status());
    String message = "\"nft\" failed: " + words;
    if (words.contains("Operation not permitted")) {
      return new HostException(message).mendedBy(HostException.NEEDS_NET_ADMIN);
    }
    if (words.contains("not supported")) {
      return new HostException(message).mendedBy("the kernel needs nf_tables (modprobe nf_tables)");
    }
    return new HostException(message);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      perform(FilterScript.removal(FilterScript.IPV6, outer.get().device()));
      if (hasIpv4) {
        perform(FilterScript.removal(FilterScript.IPV4, outer.get().device()));
      }
    } catch (HostException e) {
      LOG.warn("{} stays: {}", place(), e.getMessage());
    }
  }
}
