package espd.tun;

import espd.spd.Ipv6Address;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// Tries what a daemon needs of the host, one thing at a time, and undoes it at once: nothing that
/// was made here is left, and nothing of a running daemon is touched, since all names and numbers
/// are others than a daemon's.
///
/// A trial that the host refuses throws the [HostException] that a daemon would meet. In the
/// network namespace of the calling thread.
public final class HostTrial {

  /// The name of the device and of the filter's table that are tried.
  public static final String DEVICE = "espdtrial";

  /// Where the search for a routing table that nobody uses begins.
  private static final int FIRST_TABLE = 14303;

  private static final int TABLES = 64;

  /// `struct timex` of 64-bit Linux, and where its status stands.
  private static final int TIMEX = 208;

  private static final int TIMEX_STATUS = 40;

  private final HostProgram ip;
  private final HostProgram nft;

  /// With the programs that the search path finds.
  public HostTrial() {
    this.ip = new HostProgram("ip", "iproute2");
    this.nft = new HostProgram("nft", "nftables");
  }

  /// Makes a TUN device.
  ///
  /// @return what the kernel leaves to such a device
  public Offload tun() throws HostException {
    LinuxTun tun = LinuxTun.open(DEVICE, 1500);
    try {
      return tun.offload();
    } finally {
      tun.close();
    }
  }

  /// Opens a raw socket of protocol 50, as ESP needs one, and one that only sends.
  ///
  /// @param mark of [HostRouting]
  public void espSocket(int mark) throws HostException {
    LinuxUnderlay.open(
            new LinuxUnderlay.Configuration(
                Set.of(Ipv6Address.UNSPECIFIED), OptionalInt.empty(), mark))
        .close();
  }

  /// Binds a UDP port, as IKE needs it.
  ///
  /// @param local an address of this host, or `::` for all
  /// @param mark of [HostRouting]
  public void udpPort(Ipv6Address local, int port, int mark) throws HostException {
    Libc.close(Sockets.udp(local, port, mark));
  }

  /// Listens at a TCP port for a moment, as IKE may.
  ///
  /// @param local an address of this host, or `::` for all
  public void tcpPort(Ipv6Address local, int port) throws HostException {
    try (ServerSocket _ = new ServerSocket(port, 1, local.toInetAddress())) {
      // Nothing more is asked.
    } catch (IOException e) {
      throw new HostException(
          "cannot listen at TCP port " + port + " of " + local + ": " + e.getMessage(), e);
    }
  }

  /// What is asked of a routing that is in place for a moment.
  ///
  /// @param <T> the answer
  @FunctionalInterface
  public interface Question<T> {
    /// {@return the answer}
    T of(HostNetwork network) throws HostException;
  }

  /// Puts a rule into the host that leads to an empty table, asks, and takes it out again.
  ///
  /// @param mark of [HostRouting]: the question is asked as the daemon's sockets would
  /// @return the answer
  public <T> T routing(int mark, Question<T> question) throws HostException {
    int table = freeTable();
    try (LinuxHostNetwork network =
        LinuxHostNetwork.open(new HostRouting(DEVICE, mark, table, table))) {
      return question.of(network);
    }
  }

  /// A table that is in no rule and has no route: opening clears what is there under its number.
  private int freeTable() throws HostException {
    List<String> rules = rules();
    for (int table = FIRST_TABLE; table < FIRST_TABLE + TABLES; table++) {
      String number = "\\b" + table + "\\b";
      if (rules.stream().noneMatch(rule -> rule.matches(".*" + number + ".*"))
          && routes(table).isEmpty()) {
        return table;
      }
    }
    throw new HostException("the routing tables from " + FIRST_TABLE + " on are all in use");
  }

  /// Puts a table with a counter and a rule into nftables and takes it out again.
  public void filter() throws HostException {
    AlwaysAdmitted outer = new AlwaysAdmitted(DEVICE, Set.of(), Set.of(500, 4500));
    LinuxInboundFilter.open(() -> outer).close();
  }

  /// {@return the IPv6 rules of the host, as `ip -6 -N rule` shows them}
  public List<String> rules() throws HostException {
    return show("rule", "show");
  }

  /// {@return the IPv6 routes of a table}
  public List<String> routes(int table) throws HostException {
    return show("route", "show", "table", String.valueOf(table));
  }

  /// {@return the policies of the kernel's own IPsec; none where it has none}
  public List<String> kernelPolicies() throws HostException {
    return show("xfrm", "policy", "show");
  }

  /// What a command of `ip` shows that changes nothing; no line when it fails.
  private List<String> show(String... words) throws HostException {
    List<String> arguments = new ArrayList<>(List.of("-6", "-N"));
    arguments.addAll(List.of(words));
    HostProgram.Outcome outcome = ip.run(arguments, "");
    return outcome.status() == 0 ? outcome.out().lines().toList() : List.of();
  }

  /// {@return all of nftables, as `nft list ruleset` shows it}
  public String ruleset() throws HostException {
    HostProgram.Outcome outcome = nft.run(List.of("list", "ruleset"), "");
    if (outcome.status() != 0) {
      throw LinuxInboundFilter.refusal(outcome);
    }
    return outcome.out();
  }

  /// {@return whether something (NTP, the hypervisor) keeps the host's clock}
  public boolean clockIsKept() throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment timex = arena.allocate(TIMEX, Long.BYTES);
      if (Libc.adjtimex(timex.address()) < 0) {
        throw HostException.because("read the state of the clock", Libc.errno());
      }
      return (timex.get(ValueLayout.JAVA_INT, TIMEX_STATUS) & Libc.STA_UNSYNC) == 0;
    }
  }

  /// {@return whether the kernel's random numbers are ready: else whoever asks for keys waits}
  public boolean randomIsReady() throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment octets = arena.allocate(32);
      long drawn = Libc.getrandom(octets.address(), octets.byteSize(), Libc.GRND_NONBLOCK);
      if (drawn < 0 && Libc.errno() != Libc.EAGAIN) {
        throw HostException.because("draw random numbers", Libc.errno());
      }
      return drawn == octets.byteSize();
    }
  }

  /// {@return the longest packet that reaches `remote`, and from where it would leave}
  ///
  /// @param network of [#routing]
  public static Path path(HostNetwork network, Ipv6Address remote) throws HostException {
    try {
      return new Path(remote, network.localAddressFor(remote), network.pathMtu(remote));
    } catch (HostException e) {
      throw e.mendedBy("add a route (ip -6 route add … via …); ip -6 route get " + remote);
    } catch (IOException e) {
      throw new HostException(String.valueOf(e.getMessage()), e);
    }
  }

  /// A path of the outer network.
  ///
  /// @param remote its far end
  /// @param local the source address that the host chooses
  /// @param mtuOctets the longest packet, with its IPv6 header
  public record Path(Ipv6Address remote, Ipv6Address local, int mtuOctets) {}
}
