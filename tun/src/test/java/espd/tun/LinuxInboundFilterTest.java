package espd.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Policy;
import espd.spd.PortRange;
import espd.spd.Processing;
import espd.spd.Selector;
import espd.tun.HostProgram.Outcome;
import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 4301 §5.2, asked of the kernel. Packets come from the peer.
@Timeout(30)
class LinuxInboundFilterTest {

  private static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:9::1");
  private static final Ipv6Address PEER = Ipv6Address.parse("2001:db8:9::2");
  private static final AlwaysAdmitted OUTER =
      new AlwaysAdmitted("espd0", Set.of(HERE), Set.of(500, 4500));

  private static final int SERVICE = 5353;
  private static final int SHORT = 10;

  /// Three fragments on Ethernet.
  private static final int LONG = 4000;

  private static final Policy PROTECT =
      policy(
          Selector.between(AddressRange.of(HERE), AddressRange.ANY),
          new Processing.Protect(Mode.TUNNEL, HERE, PEER, 1));

  private Namespace host;
  private Namespace peer;
  private InboundFilter filter;

  private static Policy policy(Selector selector, Processing processing) {
    return new Policy("net", Direction.INBOUND, selector, 0, processing);
  }

  private static Selector udp(int localPort) {
    return new Selector(
        AddressRange.of(HERE), AddressRange.of(PEER), 17, PortRange.of(localPort), PortRange.ANY);
  }

  @BeforeEach
  void open() throws Exception {
    host = new Namespace();
    peer = new Namespace();
    Namespace.join(host, HERE + "/64", peer, PEER + "/64");
    filter = host.call(() -> LinuxInboundFilter.open(() -> OUTER));
  }

  @AfterEach
  void close() throws Exception {
    closeFilter();
    host.close();
    peer.close();
  }

  private void closeFilter() throws Exception {
    host.call(
        () -> {
          filter.close();
          return filter;
        });
  }

  private void policies(Policy... policies) throws Exception {
    host.call(
        () -> {
          filter.policies(List.of(policies));
          return filter;
        });
  }

  private long dropped() throws Exception {
    return host.call(filter::dropped);
  }

  /// {@return whether a datagram from the peer reaches a socket of the host}
  private boolean reaches(int port, int octets) throws Exception {
    DatagramSocket socket =
        host.call(() -> new DatagramSocket(new InetSocketAddress(HERE.toInetAddress(), port)));
    try (socket) {
      socket.setSoTimeout(500);
      peer.call(
          () -> {
            try (DatagramSocket from = new DatagramSocket()) {
              from.send(new DatagramPacket(new byte[octets], octets, HERE.toInetAddress(), port));
            }
            return socket;
          });
      DatagramPacket received = new DatagramPacket(new byte[LONG], LONG);
      socket.receive(received);
      return received.getLength() == octets;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  private String tables() throws Exception {
    return host.run("nft list tables");
  }

  @Test
  void dropsAndCountsWhatMustBeProtectedAndNothingElse() throws Exception {
    assertTrue(reaches(SERVICE, SHORT), "without a policy");
    policies(PROTECT);
    assertEquals(0, dropped());
    assertFalse(reaches(SERVICE, SHORT));
    assertEquals(1, dropped());
    assertThrows(IllegalStateException.class, () -> peer.run("ping -6 -c 1 -W 1 " + HERE));
    assertEquals(2, dropped());
    host.run("ping -6 -c 1 -W 1 " + HERE);
    policies();
    assertTrue(reaches(SERVICE, SHORT));
    assertEquals(2, dropped(), "the counter outlives a change of the rules");
  }

  /// Neighbor Discovery has to resolve the address first.
  @Test
  void letsIkeAndEspInUdpAndNeighborDiscoveryPass() throws Exception {
    policies(PROTECT);
    peer.ip("neigh flush dev eth0");
    host.ip("neigh flush dev eth0");
    assertTrue(reaches(4500, SHORT));
    assertTrue(reaches(500, LONG), "IKE in fragments");
    assertFalse(reaches(501, LONG));
  }

  /// RFC 4301 §7: the fragments behind the first show no ports, and yet belong to one policy or the
  /// other.
  @Test
  void tellsByTheFirstFragmentWhatADatagramIs() throws Exception {
    policies(policy(udp(SERVICE), new Processing.Bypass()), PROTECT);
    assertTrue(reaches(SERVICE, LONG));
    assertFalse(reaches(SERVICE + 1, LONG));
    policies(policy(udp(SERVICE), new Processing.Discard()));
    assertFalse(reaches(SERVICE, LONG));
    assertTrue(reaches(SERVICE + 1, LONG));
  }

  /// RFC 4301 §4.4.1: the first policy that selects a packet decides.
  @Test
  void keepsTheOrderOfThePolicies() throws Exception {
    Policy bypass = policy(udp(SERVICE), new Processing.Bypass());
    policies(bypass, PROTECT);
    assertTrue(reaches(SERVICE, SHORT));
    policies(PROTECT, bypass);
    assertFalse(reaches(SERVICE, SHORT));
  }

  @Test
  void takesEveryFormOfASelector() throws Exception {
    AddressRange some = new AddressRange(PEER, Ipv6Address.parse("2001:db8:9::7"));
    for (int protocol : List.of(0, 6, 17, 33, 47, 58, 132, 135, 136)) {
      for (PortRange ports :
          List.of(PortRange.ANY, PortRange.OPAQUE, PortRange.of(1280), new PortRange(1, 40000))) {
        policies(
            policy(new Selector(some, some, protocol, ports, ports), new Processing.Bypass()),
            policy(
                new Selector(AddressRange.ANY, some, protocol, ports, PortRange.ANY),
                new Processing.Discard()),
            policy(
                new Selector(some, AddressRange.ANY, protocol, PortRange.ANY, ports),
                new Processing.Discard()));
      }
    }
  }

  /// The router's Packet Too Big (RFC 8201) is in the clear, whatever the policy: it has to pass
  /// when it is about ESP, and must not when it is about what should never have left in the clear.
  @Test
  void letsErrorsAboutEspPass() throws Exception {
    Ipv6Address far = Ipv6Address.parse("2001:db8:8::2");
    policies(PROTECT);
    try (Namespace farHost = new Namespace();
        PacketBatch batch = new PacketBatch();
        LinuxUnderlay underlay =
            host.call(
                () ->
                    LinuxUnderlay.open(
                        new LinuxUnderlay.Configuration(
                            Set.of(HERE), OptionalInt.of(4500), 4303)))) {
      LinuxHostNetwork network = host.call(() -> LinuxHostNetwork.open(HostRouting.DEFAULT));
      Namespace.join(
          new Namespace.End(peer, "eth1", "2001:db8:8::1/64"),
          new Namespace.End(farHost, "eth0", "2001:db8:8::2/64"));
      host.ip("route add 2001:db8:8::/64 via " + PEER);
      peer.run("sysctl -qw net.ipv6.conf.all.forwarding=1");
      peer.ip("link set eth1 mtu 1300");
      host.call(
          () -> {
            try (DatagramSocket socket = new DatagramSocket()) {
              socket.send(new DatagramPacket(new byte[1400], 1400, far.toInetAddress(), 9));
            }
            return far;
          });
      while (dropped() == 0) {
        Thread.sleep(10);
      }
      assertEquals(1500, host.call(() -> network.pathMtu(far)));

      Batches.add(batch, Batches.ipv6(HERE, far, 50, Batches.esp(1, 1400)));
      assertEquals(1, underlay.send(batch));
      while (host.call(() -> network.pathMtu(far)) != 1300) {
        Thread.sleep(10);
      }
      assertEquals(1, dropped());
    }
  }

  @Test
  void filtersWhatIsForwarded() throws Exception {
    Ipv6Address inner = Ipv6Address.parse("2001:db8:7::2");
    try (Namespace farHost = new Namespace()) {
      Namespace.join(
          new Namespace.End(host, "eth1", "2001:db8:7::1/64"),
          new Namespace.End(farHost, "eth0", inner + "/64"));
      host.run("sysctl -qw net.ipv6.conf.all.forwarding=1");
      farHost.ip("route add default via 2001:db8:7::1");
      peer.ip("route add 2001:db8:7::/64 via " + HERE);
      peer.run("ping -6 -c 1 -W 5 " + inner);
      policies(
          policy(
              Selector.between(AddressRange.parse("2001:db8:7::/64"), AddressRange.of(PEER)),
              new Processing.Protect(Mode.TUNNEL, HERE, PEER, 1)));
      assertThrows(IllegalStateException.class, () -> peer.run("ping -6 -c 1 -W 1 " + inner));
      assertEquals(1, dropped());
    }
  }

  @Test
  void leavesNothingBehind() throws Exception {
    host.run("nft add table ip6 firewall");
    policies(PROTECT);
    assertEquals("table ip6 espd_espd0\ntable ip6 firewall\n", tables());
    closeFilter();
    assertEquals("table ip6 firewall\n", tables());
    closeFilter();
    assertThrows(IOException.class, this::dropped);
    assertThrows(IOException.class, () -> policies(PROTECT));
  }

  @Test
  void replacesWhatAKilledDaemonLeft() throws Exception {
    policies(PROTECT);
    assertFalse(reaches(SERVICE, SHORT));
    filter = host.call(() -> LinuxInboundFilter.open(() -> OUTER));
    assertTrue(reaches(SERVICE, SHORT));
    assertEquals(0, dropped());
  }

  @Test
  void comesBackWhenAFirewallEmptiedTheRules() throws Exception {
    policies(PROTECT);
    assertFalse(reaches(SERVICE, SHORT));
    assertEquals(1, dropped());
    host.run("nft flush ruleset");
    assertTrue(reaches(SERVICE, SHORT));
    assertThrows(HostException.class, this::dropped);
    policies(PROTECT);
    assertFalse(reaches(SERVICE, SHORT));
    assertEquals(2, dropped());
  }

  private static Policy from(AddressRange peers) {
    return policy(
        Selector.between(AddressRange.of(HERE), peers),
        new Processing.Protect(Mode.TUNNEL, HERE, PEER, 1));
  }

  private static AddressRange range(String first, String last) {
    return new AddressRange(Ipv6Address.parse(first), Ipv6Address.parse(last));
  }

  /// The elements of the only set, as nft shows them in JSON.
  private String elements(String family) throws Exception {
    String sets = host.run("nft -j list sets " + family);
    return sets.replaceFirst(".*?\"elem\": ", "").replaceFirst("}}]}\\s*$", "");
  }

  /// `nft` never runs: its file is away.
  @Test
  void peersComeAndGoWithoutAProgram(@TempDir Path folder) throws Exception {
    Path nft = folder.resolve("nft");
    Files.createSymbolicLink(nft, Path.of("/usr/sbin/nft"));
    filter = host.call(() -> LinuxInboundFilter.open(() -> OUTER, nft.toString()));
    Policy other = from(AddressRange.parse("2001:db8:8::/64"));
    Policy peer = from(AddressRange.of(PEER));
    policies(other);
    Files.delete(nft);

    assertTrue(reaches(SERVICE, SHORT));
    policies(other, peer);
    assertFalse(reaches(SERVICE, SHORT));
    assertEquals(1, dropped());
    assertEquals(
        "[{\"prefix\": {\"addr\": \"2001:db8:8::\", \"len\": 64}}, \"" + PEER + "\"]",
        elements("ip6"));

    policies(other);
    assertTrue(reaches(SERVICE, SHORT));
    policies();
    assertFalse(host.run("nft list sets ip6").contains("elements"));
    policies(peer);
    assertFalse(reaches(SERVICE, SHORT));
    assertEquals(2, dropped());
    assertThrows(
        HostException.class,
        () -> policies(peer, policy(udp(SERVICE), new Processing.Bypass())),
        "another kind of rule");
    Files.createSymbolicLink(nft, Path.of("/usr/sbin/nft"));
  }

  /// Ranges that overlap, touch, are all addresses or end with the last one.
  @Test
  void everyRangeCanComeAndGo() throws Exception {
    Policy some = from(range("2001:db8:9::2", "2001:db8:9::5"));
    Policy more = from(range("2001:db8:9::4", "2001:db8:9::9"));
    Policy next = from(AddressRange.parse("2001:db8:9::a"));
    Policy last = from(range("ffff::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
    Policy all = from(AddressRange.ANY);
    policies(some);
    policies(some, more, next);
    assertEquals(
        "[{\"range\": [\"2001:db8:9::2\", \"2001:db8:9::9\"]}, \"2001:db8:9::a\"]",
        elements("ip6"));
    assertFalse(reaches(SERVICE, SHORT));
    policies(more, last);
    assertEquals(
        "[{\"range\": [\"2001:db8:9::4\", \"2001:db8:9::9\"]},"
            + " {\"prefix\": {\"addr\": \"ffff::\", \"len\": 16}}]",
        elements("ip6"));
    assertTrue(reaches(SERVICE, SHORT));
    policies(more, last, all);
    assertEquals("[{\"prefix\": {\"addr\": \"::\", \"len\": 0}}]", elements("ip6"));
    assertFalse(reaches(SERVICE, SHORT));
    policies(last);
    assertTrue(reaches(SERVICE, SHORT));
  }

  @Test
  void thousandsOfPeersComeAndGo() throws Exception {
    List<Policy> peers =
        IntStream.range(0, 10_000)
            .mapToObj(i -> from(AddressRange.parse("2001:db8:7::" + Integer.toHexString(i))))
            .toList();
    Policy peer = from(AddressRange.of(PEER));
    policies(peer);
    policies(Stream.concat(Stream.of(peer), peers.stream()).toArray(Policy[]::new));
    assertEquals(10_001, host.run("nft -j list sets ip6").split("2001:db8:", -1).length - 1);
    assertFalse(reaches(SERVICE, SHORT));
    policies(peers.getFirst());
    assertEquals("[\"2001:db8:7::\"]", elements("ip6"));
  }

  @Test
  void filtersIpv4WithSetsOfItsOwn() throws Exception {
    Policy[] peers =
        Stream.of("192.0.2.7", "198.51.100.0/24", "255.255.255.255")
            .map(peer -> Selector.between(AddressRange.ANY_IPV4, AddressRange.parse(peer)))
            .map(selector -> policy(selector, new Processing.Discard()))
            .toArray(Policy[]::new);
    policies(peers[0]);
    policies(peers);
    assertEquals(
        "[\"192.0.2.7\", {\"prefix\": {\"addr\": \"198.51.100.0\", \"len\": 24}},"
            + " \"255.255.255.255\"]",
        elements("ip"));
    policies();
    assertEquals("table ip6 espd_espd0\n", tables());
  }

  /// A set that somebody took out comes back with the next peer.
  @Test
  void putsBackASetThatIsMissing() throws Exception {
    Policy peer = from(AddressRange.of(PEER));
    policies(peer);
    host.run("nft flush chain ip6 espd_espd0 inbound");
    host.run("nft delete set ip6 espd_espd0 sources0");
    assertTrue(reaches(SERVICE, SHORT));
    policies(peer, from(AddressRange.parse("2001:db8:8::/64")));
    assertFalse(reaches(SERVICE, SHORT));
  }

  @Test
  void severalDaemonsShareAHost() throws Exception {
    AlwaysAdmitted others = new AlwaysAdmitted("espd-1", Set.of(HERE), Set.of(500));
    InboundFilter other = host.call(() -> LinuxInboundFilter.open(() -> others));
    policies(PROTECT);
    host.call(
        () -> {
          other.close();
          return other;
        });
    assertFalse(reaches(SERVICE, SHORT));
    assertEquals("nftables table ip6 espd_espd_2d_1", other.place());
  }

  @Test
  void saysThatNftablesIsMissing() {
    HostException refusal =
        assertThrows(
            HostException.class, () -> LinuxInboundFilter.open(() -> OUTER, "no-such-program"));
    assertEquals(
        "cannot run \"no-such-program\"; install nftables (Debian: apt install nftables)",
        refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Operation not permitted | run as root, or give the process the capability CAP_NET_ADMIN
          Operation not supported | the kernel needs nf_tables (modprobe nf_tables)
          """)
  void saysWhatToDoWhenTheHostRefuses(String words, String remedy) {
    String first = "netlink: Error: cache initialization failed: " + words;
    assertEquals(
        "\"nft\" failed: " + first + "; " + remedy,
        LinuxInboundFilter.refusal(new Outcome(1, "", first + "\nmore\n")).getMessage());
  }
}
