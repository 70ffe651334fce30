package espd.daemon.doctor;

import espd.daemon.config.ConfigException;
import espd.daemon.config.Configuration;
import espd.daemon.config.HostView;
import espd.daemon.config.Problem;
import espd.daemon.config.TunnelMtu;
import espd.daemon.control.ControlClient;
import espd.daemon.control.Section;
import espd.daemon.doctor.PortCheck.Protocol;
import espd.daemon.racoon.ConfigurationFiles;
import espd.dataplane.esp.CipherSpeed;
import espd.dataplane.esp.EngineChoice;
import espd.dataplane.esp.UnavailableEngineException;
import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.Tcp;
import espd.ike.net.EpollTcp;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Selector;
import espd.tun.HostException;
import espd.tun.HostRouting;
import espd.tun.HostTrial;
import espd.tun.InboundFilter;
import espd.tun.facts.Holder;
import espd.tun.facts.Holders;
import espd.tun.facts.HostFiles;
import espd.tun.facts.ProcessStatus;
import java.io.IOException;
import java.lang.Runtime.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Asks the host for the facts of every [Check], one after the other, in the order in which a
/// daemon would need them. What a trial makes is gone before the next begins. For one thread.
public final class Examination {

  private static final int[] PORTS = {500, 4500};
  private static final List<Ipv6Address> ALL_ADDRESSES = List.of(Ipv6Address.UNSPECIFIED);
  private static final Duration CIPHER_TIME = Duration.ofMillis(300);

  private final Question question;
  private final HostTrial trial = new HostTrial();
  private final HostFiles files = HostFiles.OF_THIS_HOST;
  private final Holders holders = new Holders(files);
  private final ProcessStatus status = ProcessStatus.ofThisProcess(files);
  private final HostRouting numbers = HostRouting.DEFAULT;

  private Optional<Configuration> configuration = Optional.empty();
  private List<Problem> problems = List.of();

  /// @param question what is to be examined
  public Examination(Question question) {
    this.question = question;
  }

  /// Examines everything.
  ///
  /// @param listener is told each finding as soon as it is made
  public void run(Consumer<Finding> listener) {
    readConfiguration();
    Optional<String> version = daemonVersion();
    boolean daemonRuns = version.isPresent();
    Consumer<Check> judge = check -> check.findings().forEach(listener);
    judge.accept(new DaemonCheck(question.control(), version));
    judge.accept(new ConfigurationCheck(question.configs(), configuration, problems));
    ofProcess().forEach(judge);
    judge.accept(tun(daemonRuns));
    judge.accept(new EspSocketCheck(Tried.to(() -> trial.espSocket(numbers.mark()))));
    ports(daemonRuns).forEach(judge);
    judge.accept(ipv6());
    ipv4().forEach(judge);
    judge.accept(routing(daemonRuns));
    ofFilters(daemonRuns).forEach(judge);
    ofWays().forEach(judge);
    ofMachine().forEach(judge);
    ciphers().forEach(judge);
  }

  private void readConfiguration() {
    if (question.configs().isEmpty()) {
      return;
    }
    try {
      configuration =
          Optional.of(ConfigurationFiles.read(question.configs(), HostView.ofThisHost()));
    } catch (ConfigException e) {
      problems = e.problems();
    }
  }

  private List<Connection> connections() {
    return configuration.map(Configuration::connections).orElse(List.of());
  }

  private Optional<String> daemonVersion() {
    try (ControlClient daemon = ControlClient.connect(question.control())) {
      return daemon.command("version", Section.EMPTY).text("version");
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Stream<Check> ofProcess() {
    Version java = Runtime.version();
    int firstPort =
        files
            .text("/proc/sys/net/ipv4/ip_unprivileged_port_start")
            .map(Integer::valueOf)
            .orElse(1024);
    String profile =
        files
            .text("/proc/self/attr/apparmor/current")
            .or(() -> files.text("/proc/self/attr/current"))
            .orElse("");
    return Stream.of(
        new JavaCheck(
            "Java " + java, java.feature(), Examination.class.getModule().isNativeAccessEnabled()),
        new CapabilityCheck(status, firstPort),
        new ConfinementCheck(status, profile));
  }

  private Check tun(boolean daemonRuns) {
    return new TunCheck(
        question.tun(),
        Tried.of(trial::tun),
        files.exists("/sys/class/net/" + question.tun()),
        holders.ofTun(question.tun()),
        daemonRuns);
  }

  private Stream<Check> ports(boolean daemonRuns) {
    List<Ipv6Address> locals = connections().stream().map(Connection::local).distinct().toList();
    List<Holder> daemon = daemonRuns ? holders.ofTun(question.tun()).stream().toList() : List.of();
    List<Check> checks = new ArrayList<>();
    for (Ipv6Address local : locals.isEmpty() ? ALL_ADDRESSES : locals) {
      for (int port : PORTS) {
        Tried<Tried.Nothing> bound = Tried.to(() -> trial.udpPort(local, port, numbers.mark()));
        List<Holder> held = holders.ofUdpPort(local, port);
        checks.add(new PortCheck(Protocol.UDP, local, port, bound, held, daemon));
      }
      if (connections().stream().anyMatch(each -> each.options().tcp().listens())) {
        Tried<Tried.Nothing> bound = Tried.to(() -> trial.tcpPort(local, Datagram.NAT_PORT));
        List<Holder> held = holders.ofTcpPort(local, Datagram.NAT_PORT);
        checks.add(new PortCheck(Protocol.TCP, local, Datagram.NAT_PORT, bound, held, daemon));
      }
    }
    return checks.stream();
  }

  private Check ipv6() {
    String conf = "/proc/sys/net/ipv6/conf/";
    return new Ipv6Check(
        files.exists("/proc/net/if_inet6"),
        Stream.of("all", "default").filter(each -> isOne(conf + each + "/disable_ipv6")).toList(),
        isOne(conf + "all/forwarding"),
        gateways(false));
  }

  private Stream<Check> ipv4() {
    List<String> gateways = gateways(true);
    return gateways.isEmpty()
        ? Stream.empty()
        : Stream.of(new Ipv4Check(isOne("/proc/sys/net/ipv4/ip_forward"), gateways));
  }

  /// {@return the connections that carry packets of other hosts, of one family}
  private List<String> gateways(boolean ofIpv4) {
    return connections().stream()
        .filter(connection -> carriesOthers(connection, ofIpv4))
        .map(Connection::name)
        .toList();
  }

  private boolean isOne(String path) {
    return files.text(path).filter("1"::equals).isPresent();
  }

  private static boolean carriesOthers(Connection connection, boolean ofIpv4) {
    return connection.mode() == Mode.TUNNEL
        && connection.selectors().stream()
            .map(Selector::local)
            .anyMatch(local -> local.isIpv4() == ofIpv4 && !local.first().equals(local.last()));
  }

  private Check routing(boolean daemonRuns) {
    return new RoutingCheck(
        Tried.to(() -> trial.routing(numbers.mark(), _ -> Tried.Nothing.NOTHING)),
        numbers,
        orNone(trial::rules),
        orNone(() -> trial.routes(numbers.table())),
        daemonRuns);
  }

  /// What cannot be shown is not there: the trial before it has said why.
  private static List<String> orNone(Tried.Trial<List<String>> showing) {
    return switch (Tried.of(showing)) {
      case Tried.Done<List<String>>(List<String> lines) -> lines;
      case Tried.Refused<List<String>> _ -> List.of();
    };
  }

  private Stream<Check> ofFilters(boolean daemonRuns) {
    String table = InboundFilter.table(question.tun());
    String ruleset = String.join("\n", orNone(() -> trial.ruleset().lines().toList()));
    return Stream.of(
        new FilterCheck(
            Tried.to(trial::filter),
            table,
            ruleset.contains("table ip6 " + table + " {"),
            daemonRuns),
        new FirewallCheck(Ruleset.read(ruleset), files.lines("/proc/net/ip6_tables_names")));
  }

  private Stream<Check> ofWays() {
    int needed = TunnelMtu.around(connections());
    Map<String, Integer> mtus = new TreeMap<>();
    for (String link : files.names("/sys/class/net")) {
      String folder = "/sys/class/net/" + link;
      boolean up = files.text(folder + "/operstate").filter("up"::equals).isPresent();
      OptionalInt mtu =
          files.text(folder + "/mtu").stream().mapToInt(Integer::parseInt).findFirst();
      if (up && mtu.isPresent() && !link.equals("lo") && !link.equals(question.tun())) {
        mtus.put(link, mtu.getAsInt());
      }
    }
    List<Check> checks = new ArrayList<>(List.of(new LinkCheck(mtus, needed)));
    for (Connection connection : connections()) {
      connection.remote().ifPresent(remote -> checks.add(path(connection, remote)));
      if (connection.options().tcp().use() != Tcp.Use.NO) {
        connection.remote().ifPresent(remote -> checks.add(stream(connection, remote)));
      }
    }
    return checks.stream();
  }

  private Check stream(Connection connection, Ipv6Address remote) {
    int port = connection.options().tcp().remotePort();
    Datagram ends = new Datagram(connection.local(), 0, remote, port, new byte[0]);
    return new StreamCheck(
        connection.name(),
        remote,
        port,
        Tried.to(
            () -> {
              try {
                EpollTcp.reach(ends, numbers.mark());
              } catch (IOException e) {
                throw new HostException(String.valueOf(e.getMessage()), e);
              }
            }));
  }

  private Check path(Connection connection, Ipv6Address remote) {
    return new PathCheck(
        connection.name(),
        connection.local(),
        Tried.of(() -> trial.routing(numbers.mark(), network -> HostTrial.path(network, remote))),
        TunnelMtu.around(List.of(connection)));
  }

  private Stream<Check> ofMachine() {
    List<String> modules = files.lines("/proc/modules");
    return Stream.of(
        new KernelEspCheck(
            files.exists("/proc/net/xfrm_stat"),
            modules.stream().anyMatch(line -> line.startsWith("esp6 ")),
            orNone(trial::kernelPolicies)),
        new ClockCheck(Instant.now(), Tried.of(trial::clockIsKept)),
        new EntropyCheck(Tried.of(trial::randomIsReady)),
        new MemoryCheck(memoryLimit()));
  }

  /// The least limit of the control groups that this process is in (cgroups(7), version 2).
  private OptionalLong memoryLimit() {
    OptionalLong least = OptionalLong.empty();
    String group =
        files.lines("/proc/self/cgroup").stream()
            .filter(line -> line.startsWith("0::"))
            .map(line -> line.substring(3))
            .findFirst()
            .orElse("/");
    while (true) {
      String limit = files.text("/sys/fs/cgroup" + group + "/memory.max").orElse("max");
      if (limit.matches("\\d{1,18}")) {
        least = OptionalLong.of(Math.min(least.orElse(Long.MAX_VALUE), Long.parseLong(limit)));
      }
      int slash = group.lastIndexOf('/');
      if (slash < 0 || group.isEmpty()) {
        return least;
      }
      group = group.substring(0, slash);
    }
  }

  private Stream<Check> ciphers() {
    boolean aes =
        files.lines("/proc/cpuinfo").stream()
            .filter(line -> line.matches("(?i)(flags|features)\\s*:.*"))
            .anyMatch(line -> (line + " ").contains(" aes "));
    return Stream.of(EngineChoice.IPSEC_MB, EngineChoice.LIBCRYPTO, EngineChoice.JDK)
        .map(choice -> new CipherCheck(choice.word(), measured(choice), aes));
  }

  private static CipherCheck.Measured measured(EngineChoice choice) {
    try {
      return new CipherCheck.Speed(CipherSpeed.of(choice, CIPHER_TIME));
    } catch (UnavailableEngineException e) {
      return new CipherCheck.Lack(e.reason(), e.remedy());
    }
  }
}
