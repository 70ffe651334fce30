package espd.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Two hosts joined by a wire, anew for each test (`@RegisterExtension`):
///
/// ```
///   host a  2001:db8:1:1::1/64 ── wire ── 2001:db8:2:2::2/64  host b
/// ```
///
/// After the test everything it started ends and the hosts vanish; when it failed, all logs of its
/// directory are printed.
public final class Lab implements BeforeEachCallback, AfterEachCallback {

  private static final Duration WIRE_UP = Duration.ofSeconds(10);

  /// How many there have been: several at a time have hosts of their own.
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Path directory = temporaryDirectory();
  private final String prefix;
  private final Host a;
  private final Host b;

  /// The hosts of a test.
  public Lab() {
    this.prefix = "espd%d-%d".formatted(ProcessHandle.current().pid(), COUNT.incrementAndGet());
    this.a = host("a", "2001:db8:1:1::1");
    this.b = host("b", "2001:db8:2:2::2");
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("espd-lab");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Host host(String name, String address) {
    try {
      Path own = Files.createDirectory(directory.resolve(name));
      return new Host(name, prefix + name, address, own);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return the host at 2001:db8:1:1::1}
  public Host a() {
    return a;
  }

  /// {@return the host at 2001:db8:2:2::2}
  public Host b() {
    return b;
  }

  /// Has something closed after the test, before what was given earlier.
  ///
  /// @return what was given
  public <T extends AutoCloseable> T closing(T thing) {
    started.push(thing);
    return thing;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    setUp();
  }

  void setUp() {
    removeHosts();
    for (Host host : List.of(a, b)) {
      ip("netns add " + host.namespace());
    }
    ip(
        "link add wire netns %s type veth peer name wire netns %s"
            .formatted(a.namespace(), b.namespace()));
    for (Host host : List.of(a, b)) {
      String there = "-n " + host.namespace() + " ";
      ip(there + "link set lo up");
      ip(there + "addr add " + host.address() + "/64 dev wire nodad");
      host.run("sh", "-c", "echo 0 >/proc/sys/net/ipv6/conf/wire/accept_dad").succeeded();
      ip(there + "link set wire up");
    }
    ip("-n " + a.namespace() + " route add 2001:db8:2:2::/64 dev wire");
    ip("-n " + b.namespace() + " route add 2001:db8:1:1::/64 dev wire");
    // The link-local address comes a moment later, and is part of the host's state from then on.
    for (Host host : List.of(a, b)) {
      Running.await("the wire is up", WIRE_UP, () -> host.state().contains("local fe80::"));
    }
  }

  /// Puts a router between the hosts, whose link to host b takes packets of `mtuOctets` only.
  ///
  /// @return the router, at 2001:db8:1:1::f and 2001:db8:2:2::f
  public Host routerBetween(int mtuOctets) {
    Host between = another("router", "2001:db8:1:1::f");
    String router = between.namespace();
    ip("-n " + a.namespace() + " link del " + Host.WIRE);
    ip("netns exec " + router + " sysctl -qw net.ipv6.conf.all.forwarding=1");
    for (Host host : List.of(a, b)) {
      String gateway = host.address().replaceAll("::.*", "::f");
      String here = "-n " + host.namespace() + " ";
      String there = "-n " + router + " ";
      ip(
          "link add %s netns %s type veth peer name %s netns %s"
              .formatted(Host.WIRE, host.namespace(), host.name(), router));
      ip(here + "addr add " + host.address() + "/64 dev wire nodad");
      ip(there + "addr add " + gateway + "/64 dev " + host.name() + " nodad");
      ip(here + "link set wire up");
      ip(there + "link set dev " + host.name() + " up");
      ip(here + "route add default via " + gateway);
    }
    ip("-n " + router + " link set dev b mtu " + mtuOctets);
    ip("-n " + b.namespace() + " link set dev wire mtu " + mtuOctets);
    return between;
  }

  /// Adds a host behind one of the two: its own network, both interfaces `lan`, and the gateway its
  /// default route.
  ///
  /// @param address of the host, which ends in `::2`; its gateway there is `::1`
  public Host behind(Host gateway, String name, String address) {
    Host host = another(name, address);
    String inside = address.replaceAll("::2$", "::1");
    ip(
        "link add lan netns %s type veth peer name lan netns %s"
            .formatted(gateway.namespace(), host.namespace()));
    ip("-n " + gateway.namespace() + " addr add " + inside + "/64 dev lan nodad");
    ip("-n " + gateway.namespace() + " link set lan up");
    ip("-n " + host.namespace() + " addr add " + address + "/64 dev lan nodad");
    ip("-n " + host.namespace() + " link set lan up");
    ip("-n " + host.namespace() + " route add default via " + inside);
    return host;
  }

  /// Adds a host with nothing but its loopback interface, which vanishes after the test.
  private Host another(String name, String address) {
    Host host = host(name, address);
    ip("netns add " + host.namespace());
    closing(() -> ip("netns del " + host.namespace()));
    ip("-n " + host.namespace() + " link set lo up");
    return host;
  }

  private static void ip(String words) {
    Running.run(Stream.concat(Stream.of("ip"), Stream.of(words.split(" ", -1))).toList())
        .succeeded();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    end();
    if (context.getExecutionException().isPresent()) {
      printLogs(context.getDisplayName());
    }
    vanish();
  }

  private void end() {
    while (!started.isEmpty()) {
      close(started.pop());
    }
  }

  private void vanish() throws IOException {
    removeHosts();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  void tearDown() throws IOException {
    end();
    vanish();
  }

  private static void close(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void printLogs(String test) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path log : files.filter(file -> file.toString().endsWith(".log")).sorted().toList()) {
        System.err.println("---- " + test + ": " + directory.relativize(log));
        System.err.println(Files.readString(log));
      }
    }
  }

  private void removeHosts() {
    for (Host host : List.of(a, b)) {
      Running.run(List.of("ip", "netns", "del", host.namespace()));
    }
  }
}
