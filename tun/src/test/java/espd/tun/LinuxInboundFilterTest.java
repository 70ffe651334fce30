package espd.tun;

import static espd.tun.FilteredHost.HERE;
import static espd.tun.FilteredHost.LONG;
import static espd.tun.FilteredHost.OUTER;
import static espd.tun.FilteredHost.PEER;
import static espd.tun.FilteredHost.SERVICE;
import static espd.tun.FilteredHost.SHORT;
import static espd.tun.FilteredHost.policy;
import static espd.tun.FilteredHost.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.AddressRange;
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
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 4301 §5.2, asked of the kernel. Packets come from the peer.
@Timeout(30)
class LinuxInboundFilterTest {

  private static final Policy PROTECT =
      policy(
          Selector.between(AddressRange.of(HERE), AddressRange.ANY),
          new Processing.Protect(Mode.TUNNEL, HERE, PEER, 1));

  private FilteredHost filtered;
  private Namespace host;
  private Namespace peer;

  @BeforeEach
  void open() throws Exception {
    filtered = new FilteredHost();
    host = filtered.host;
    peer = filtered.peer;
  }

  @AfterEach
  void close() throws Exception {
    filtered.close();
  }

  private void policies(Policy... policies) throws Exception {
    filtered.policies(policies);
  }

  private boolean reaches(int port, int octets) throws Exception {
    return filtered.reaches(port, octets);
  }

  private long dropped() throws Exception {
    return filtered.dropped();
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
    assertEquals("table ip6 espd_espd0\ntable ip6 firewall\n", filtered.tables());
    filtered.closeFilter();
    assertEquals("table ip6 firewall\n", filtered.tables());
    filtered.closeFilter();
    assertThrows(IOException.class, filtered::dropped);
    assertThrows(IOException.class, () -> policies(PROTECT));
  }

  @Test
  void replacesWhatAKilledDaemonLeft() throws Exception {
    policies(PROTECT);
    assertFalse(reaches(SERVICE, SHORT));
    filtered.open("nft");
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
    assertThrows(HostException.class, filtered::dropped);
    policies(PROTECT);
    assertFalse(reaches(SERVICE, SHORT));
    assertEquals(2, dropped());
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
