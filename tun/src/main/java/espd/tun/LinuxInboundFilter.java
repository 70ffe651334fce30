package espd.tun;

import espd.spd.Spd;
import espd.tun.HostProgram.Outcome;
import espd.tun.NetlinkSocket.Answer;
import espd.tun.NetlinkSocket.Refusal;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The host's packet filter by nftables, in a table of our own that bears the TUN device's name:
/// other tables, a firewall's say, stay as they are, and a packet has to pass all of them.
///
/// The rules are text, which the program `nft` knows how to make code for the kernel of; it runs
/// when a policy comes that no rule fits. Policies that come and go in the rules there are, as
/// those of peers do, change elements of sets, without a program: [FilterRules].
///
/// All methods may be called from any thread, in the network namespace it was opened in.
public final class LinuxInboundFilter implements InboundFilter {

  private static final Logger LOG = LoggerFactory.getLogger(LinuxInboundFilter.class);

  private final Supplier<AlwaysAdmitted> outer;
  private final HostProgram nft;
  private final NetlinkSocket kernel;
  private final String device;
  private final Table ipv6;
  private final Table ipv4;
  private boolean closed;

  private LinuxInboundFilter(
      Supplier<AlwaysAdmitted> outer, HostProgram nft, NetlinkSocket kernel) {
    this.outer = outer;
    this.nft = nft;
    this.kernel = kernel;
    this.device = outer.get().device();
    this.ipv6 = new Table(IpFamily.IPV6);
    this.ipv4 = new Table(IpFamily.IPV4);
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
    NetlinkSocket kernel = NetlinkSocket.open(Libc.NETLINK_NETFILTER, "speak to nf_tables");
    LinuxInboundFilter filter =
        new LinuxInboundFilter(outer, new HostProgram(program, "nftables"), kernel);
    try {
      filter.ipv6.replaceWhatIsLeft();
      // A host without IPv4 refuses, and has no such table.
      filter.nft.run(List.of("-f", "-"), FilterScript.removal(IpFamily.IPV4, filter.device));
      return filter;
    } catch (HostException e) {
      kernel.close();
      throw e;
    }
  }

  @Override
  public synchronized void follow(Spd spd) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    try {
      ipv6.follow(spd);
    } finally {
      ipv4.follow(spd);
    }
  }

  @Override
  public synchronized long dropped() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    return ipv6.dropped() + ipv4.dropped();
  }

  @Override
  public String place() {
    return "nftables table ip6 " + FilterScript.table(device);
  }

  /// The table of a family. That of IPv4 stands only while it has policies.
  private final class Table {

    private final IpFamily family;
    private final SetRequests requests;
    private final FilterRules rules;
    private boolean stands;

    /// What passes in the rules in force.
    private Optional<AlwaysAdmitted> admitted = Optional.empty();

    /// The numbers of the sets that may be in it.
    private Set<Integer> sets = Set.of();

    /// What counters have counted that somebody took out.
    private long countedBefore;

    private long counted;

    Table(IpFamily family) {
      this.family = family;
      this.requests = new SetRequests(family, FilterScript.table(device));
      this.rules = new FilterRules(family);
    }

    void replaceWhatIsLeft() throws HostException {
      stand(FilterScript.removal(family, device));
    }

    void follow(Spd spd) throws HostException {
      Optional<List<FilterRules.Change>> changes = rules.follow(spd);
      if (family == IpFamily.IPV4 && rules.isEmpty()) {
        if (stands) {
          leave();
        }
      } else if (!admitted.equals(Optional.of(outer.get()))
          || changes.isEmpty()
          || !changeSets(changes.get())) {
        stand("");
      }
    }

    /// {@return whether the sets are as they should be; another program may have taken one out}
    private boolean changeSets(List<FilterRules.Change> changes) {
      try {
        return changes.isEmpty() || kernel.together(requests.change(changes)).isEmpty();
      } catch (HostException e) {
        LOG.debug("elements of sets cannot be changed: {}", e.getMessage());
        return false;
      }
    }

    private void stand(String before) throws HostException {
      AlwaysAdmitted now = outer.get();
      List<FilterRules.Rule> all = rules.renew();
      try {
        perform(before + FilterScript.of(family, now, all, sets));
      } catch (HostException e) {
        forget();
        throw e;
      }
      sets = all.stream().map(FilterRules.Rule::number).collect(Collectors.toSet());
      admitted = Optional.of(now);
      stands = true;
    }

    /// It is not known what is in force.
    private void forget() {
      rules.forget();
      admitted = Optional.empty();
    }

    void leave() throws HostException {
      perform(FilterScript.removal(family, device));
      stands = false;
      sets = Set.of();
      forget();
      restartCounter();
    }

    private void restartCounter() {
      countedBefore += counted;
      counted = 0;
    }

    /// What the counter has counted, whatever others did to it meanwhile.
    long dropped() throws HostException {
      if (!stands) {
        return countedBefore;
      }
      Answer answer = kernel.ask(requests.counter(FilterScript.COUNTER));
      for (Refusal refusal : answer.refusal()) {
        ipv6.forget();
        ipv4.forget();
        if (refusal.errno() == Libc.ENOENT) {
          restartCounter();
        }
        throw refusal.of("read the counter of nftables table " + requests.table());
      }
      long now = SetRequests.packets(answer.replies().getFirst().payload());
      if (now < counted) {
        restartCounter();
      }
      counted = now;
      return countedBefore + now;
    }
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
      ipv6.leave();
      if (ipv4.stands) {
        ipv4.leave();
      }
    } catch (HostException e) {
      LOG.warn("{} stays: {}", place(), e.getMessage());
    } finally {
      kernel.close();
    }
  }
}
