package espd.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.tun.HostNetwork.Route;
import espd.tun.packet.PacketBatch;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LinuxHostNetworkTest {

  private static final HostRouting NUMBERS = HostRouting.DEFAULT;
  private static final Ipv6Address WEST = Ipv6Address.parse("2001:db8:9::1");
  private static final Ipv6Address EAST = Ipv6Address.parse("2001:db8:9::2");
  private static final AddressRange OFFICE = AddressRange.parse("2001:db8:2::/64");
  private static final AddressRange ONE_HOST = AddressRange.of(EAST);

  private Namespace host;
  private Namespace peer;
  private LinuxTun tun;
  private LinuxHostNetwork network;
  private Set<Route> present = Set.of();

  @BeforeEach
  void open() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/net/tun")), "this host has no /dev/net/tun");
    host = new Namespace();
    peer = new Namespace();
    Namespace.join(host, "2001:db8:9::1/64", peer, "2001:db8:9::2/64");
    host.ip("route add 2001:db8:2::/48 via 2001:db8:9::2 dev eth0 mtu 1380");
    tun = host.call(() -> LinuxTun.open(NUMBERS.device(), 1400));
    network = host.call(() -> LinuxHostNetwork.open(NUMBERS));
  }

  @AfterEach
  void close() throws Exception {
    if (host != null) {
      closeNetwork();
      tun.close();
      host.close();
      peer.close();
    }
  }

  private void closeNetwork() throws Exception {
    host.call(
        () -> {
          network.close();
          return network;
        });
  }

  /// Has the table hold exactly these.
  private void routes(Route... routes) throws Exception {
    Set<Route> wanted = Set.of(routes);
    Set<Route> leaving = new HashSet<>(present);
    leaving.removeAll(wanted);
    Set<Route> coming = new HashSet<>(wanted);
    coming.removeAll(present);
    present = wanted;
    network.routes(leaving, coming);
  }

  private List<String> rules() throws Exception {
    return host.ip("rule show").lines().filter(rule -> rule.contains("4303")).toList();
  }

  private String table() throws Exception {
    return host.ip("route show table all")
        .lines()
        .filter(route -> route.contains("table 4303"))
        .map(route -> route.replaceFirst(" metric.*", ""))
        .sorted()
        .reduce("", (all, route) -> all + route + "\n");
  }

  @Test
  void leadsUnmarkedPacketsIntoTheDeviceAndLetsMarkedOnesOut() throws Exception {
    routes(new Route(ONE_HOST, WEST));
    LinuxUnderlay.Configuration westSockets = sockets(WEST);
    LinuxUnderlay.Configuration eastSockets = sockets(EAST);
    try (PacketBatch batch = new PacketBatch();
        LinuxUnderlay west = host.call(() -> LinuxUnderlay.open(westSockets));
        LinuxUnderlay east = peer.call(() -> LinuxUnderlay.open(eastSockets))) {
      host.call(
          () -> {
            try (DatagramSocket socket = new DatagramSocket()) {
              socket.send(new DatagramPacket(new byte[5], 5, EAST.toInetAddress(), 4500));
            }
            return network;
          });
      assertEquals(1, tun.read(batch, 2000));
      assertEquals(40 + 8 + 5, batch.length(0));
      assertEquals(0, east.receive(batch, 100));

      west.sendDatagram(WEST, 4500, EAST, 4500, new byte[7]);
      assertEquals(1, east.receive(batch, 2000));
      assertEquals(7, batch.length(0));
      batch.clear();
      Batches.add(batch, Batches.ipv6(WEST, EAST, 50, Batches.esp(1, 50)));
      assertEquals(1, west.send(batch));
      assertEquals(1, east.receive(batch, 2000));
      assertEquals(50, batch.length(0));
      assertEquals(0, tun.read(batch, 100));
    }
  }

  private static LinuxUnderlay.Configuration sockets(Ipv6Address local) {
    return new LinuxUnderlay.Configuration(Set.of(local), OptionalInt.of(4500), NUMBERS.mark());
  }

  @Test
  void makesTheTableHoldExactlyTheRoutes() throws Exception {
    routes(new Route(OFFICE, WEST), new Route(ONE_HOST, WEST));
    assertEquals(
        """
        2001:db8:2::/64 dev espd0 table 4303 src 2001:db8:9::1
        2001:db8:9::2 dev espd0 table 4303 src 2001:db8:9::1
        """,
        table());

    host.ip("addr add 2001:db8:9::11/64 dev eth0 nodad");
    routes(new Route(OFFICE, Ipv6Address.parse("2001:db8:9::11")));
    assertEquals("2001:db8:2::/64 dev espd0 table 4303 src 2001:db8:9::11\n", table());

    routes(new Route(AddressRange.ANY, WEST));
    assertEquals("default dev espd0 table 4303 src 2001:db8:9::1\n", table());

    routes();
    assertEquals("", table());
  }

  @Test
  void ofSeveralSourcesTheLowestCountsAsLongAsItIsWanted() throws Exception {
    host.ip("addr add 2001:db8:9::11/64 dev eth0 nodad");
    Route higher = new Route(OFFICE, Ipv6Address.parse("2001:db8:9::11"));
    routes(higher, new Route(OFFICE, WEST));
    assertEquals("2001:db8:2::/64 dev espd0 table 4303 src 2001:db8:9::1\n", table());

    routes(higher);
    assertEquals("2001:db8:2::/64 dev espd0 table 4303 src 2001:db8:9::11\n", table());
  }

  @Test
  void takesThousandsOfRoutesAtOnce() throws Exception {
    Set<Route> many =
        IntStream.range(0, 5000)
            .mapToObj(i -> AddressRange.parse("2001:db8:2:" + Integer.toHexString(i) + "::/64"))
            .map(destination -> new Route(destination, WEST))
            .collect(Collectors.toSet());
    routes(many.toArray(Route[]::new));
    assertEquals(5000, table().lines().count());

    routes();
    assertEquals("", table());
  }

  /// Each is refused with words of the kernel: they find room.
  @Test
  void tellsOfThousandsOfRefusals() throws Exception {
    Ipv6Address nobody = Ipv6Address.parse("2001:db8:8::8");
    Set<Route> many =
        IntStream.range(0, 5000)
            .mapToObj(i -> AddressRange.parse("2001:db8:2:" + Integer.toHexString(i) + "::/64"))
            .map(destination -> new Route(destination, nobody))
            .collect(Collectors.toSet());

    assertThrows(HostException.class, () -> network.routes(Set.of(), many));
    assertThrows(
        HostException.class, () -> network.routes(Set.of(), Set.of(new Route(ONE_HOST, WEST))));
    assertEquals("2001:db8:9::2 dev espd0 table 4303 src 2001:db8:9::1\n", table());
  }

  /// IPv4 inside, by tables of its own.
  @Test
  void routesIpv4() throws Exception {
    host.run("ip addr add 192.0.2.1/24 dev eth0");
    AddressRange office = AddressRange.parse("198.51.100.0/24");
    routes(
        new Route(office, Ipv6Address.parseIpv4("192.0.2.1")),
        new Route(AddressRange.ANY_IPV4, WEST));

    assertEquals(
        """
        default dev espd0 scope link\s
        198.51.100.0/24 dev espd0 scope link src 192.0.2.1\s
        """,
        host.run("ip -4 -N route show table 4303").replace("253", "link"));
    assertEquals(
        "4303:\tnot from all fwmark 0x10cf lookup 4303",
        host.run("ip -4 -N rule show").lines().filter(r -> r.contains("4303")).findFirst().get());
    routes();
    closeNetwork();
    assertEquals("", host.run("ip -4 -N rule show").replaceAll("(0|32766|32767):.*\n", ""));
  }

  @Test
  void givesTheDeviceAddressesAndTakesThem() throws Exception {
    Ipv6Address inner = Ipv6Address.parse("2001:db8:66::1");
    network.addresses(Set.of(inner, Ipv6Address.parseIpv4("192.0.2.9")));
    String shown = host.run("ip -N addr show dev espd0");
    assertTrue(shown.contains("inet6 2001:db8:66::1/128 scope 0 nodad deprecated"), shown);
    assertTrue(shown.contains("preferred_lft 0sec"), shown);
    assertTrue(shown.contains("inet 192.0.2.9/32 scope 0 espd0"), shown);

    network.addresses(Set.of(inner));
    assertFalse(host.run("ip -N addr show dev espd0").contains("inet "));
    tun.close();
    HostException refusal = assertThrows(HostException.class, () -> network.addresses(Set.of()));
    assertEquals("cannot find the interface espd0: No such device", refusal.getMessage());
  }

  @Test
  void saysInTheHostsWordsWhyARouteIsRefusedAndKeepsTheOthers() throws Exception {
    Route impossible =
        new Route(AddressRange.parse("2001:db8:3::/64"), Ipv6Address.parse("2001:db8:8::8"));

    HostException refusal =
        assertThrows(HostException.class, () -> routes(impossible, new Route(OFFICE, WEST)));

    assertEquals(
        "cannot add the route 2001:db8:3::/64 dev espd0 src 2001:db8:8::8 table 4303: Invalid"
            + " source address; the source has to be an address of this host",
        refusal.getMessage());
    assertEquals("2001:db8:2::/64 dev espd0 table 4303 src 2001:db8:9::1\n", table());
    host.ip("addr add 2001:db8:8::8/128 dev lo nodad");
    routes(impossible);
    assertEquals("2001:db8:3::/64 dev espd0 table 4303 src 2001:db8:8::8\n", table());
  }

  @Test
  void leavesNothingBehind() throws Exception {
    routes(new Route(OFFICE, WEST));
    assertEquals(List.of("4303:\tnot from all fwmark 0x10cf lookup 4303"), rules());

    closeNetwork();

    assertEquals(List.of(), rules());
    assertEquals("", table());
    assertThrows(IOException.class, () -> routes());
  }

  @Test
  void takesOutWhatAKilledDaemonLeft() throws Exception {
    routes(new Route(OFFICE, WEST));
    host.ip("rule add pref 99 not fwmark 77 lookup 4303");
    host.ip("route add 2001:db8:66::/64 dev eth0 table 4303");

    network = host.call(() -> LinuxHostNetwork.open(NUMBERS));

    assertEquals(List.of("4303:\tnot from all fwmark 0x10cf lookup 4303"), rules());
    assertEquals("", table());
    tun.close();
    network = host.call(() -> LinuxHostNetwork.open(NUMBERS));
    assertEquals(1, rules().size());
  }

  @Test
  void survivesRoutesThatVanishedWithTheDevice() throws Exception {
    routes(new Route(OFFICE, WEST));
    host.ip("route flush table 4303");

    routes();

    assertEquals("", table());
  }

  @Test
  void severalDaemonsShareAHost() throws Exception {
    HostRouting others = new HostRouting("espd1", 77, 78, 79);
    try (LinuxTun second = host.call(() -> LinuxTun.open("espd1", 1400))) {
      assertEquals("espd1", second.name());
      LinuxHostNetwork other = host.call(() -> LinuxHostNetwork.open(others));
      routes(new Route(OFFICE, WEST));
      host.call(
          () -> {
            other.routes(Set.of(), Set.of(new Route(OFFICE, WEST)));
            other.close();
            return other;
          });
    }
    assertFalse(table().isEmpty());
    assertEquals(1, rules().size());
  }

  @Test
  void knowsThePathWithoutTheDevice() throws Exception {
    Ipv6Address office = OFFICE.first();
    routes(new Route(OFFICE, WEST), new Route(ONE_HOST, WEST));

    assertEquals(1500, host.call(() -> network.pathMtu(EAST)));
    assertEquals(1380, host.call(() -> network.pathMtu(office)));
    assertEquals(WEST, host.call(() -> network.localAddressFor(office)));
    HostException refusal =
        assertThrows(
            HostException.class,
            () -> host.call(() -> network.localAddressFor(Ipv6Address.parse("2001:db8:77::1"))));
    assertEquals(
        "cannot find a route to 2001:db8:77::1: Network is unreachable", refusal.getMessage());
  }

  @Test
  void learnsThePathMtuFromPacketTooBig() throws Exception {
    Ipv6Address far = Ipv6Address.parse("2001:db8:8::2");
    LinuxUnderlay.Configuration westSockets = sockets(WEST);
    try (Namespace farHost = new Namespace();
        LinuxUnderlay west = host.call(() -> LinuxUnderlay.open(westSockets));
        PacketBatch batch = new PacketBatch()) {
      Namespace.join(
          new Namespace.End(peer, "eth1", "2001:db8:8::1/64"),
          new Namespace.End(farHost, "eth0", "2001:db8:8::2/64"));
      host.ip("route add 2001:db8:8::/64 via 2001:db8:9::2");
      farHost.ip("route add default via 2001:db8:8::1");
      peer.run("sysctl -qw net.ipv6.conf.all.forwarding=1");
      peer.ip("link set eth1 mtu 1300");
      assertEquals(1500, host.call(() -> network.pathMtu(far)));

      Batches.add(batch, Batches.ipv6(WEST, far, 50, Batches.esp(1, 1400)));
      assertEquals(1, west.send(batch));
      awaitPathMtu(far, 1300);

      batch.clear();
      Batches.addDatagram(batch, WEST, far, 0, Batches.esp(1, 1300));
      Batches.addDatagram(batch, WEST, far, 0, Batches.esp(1, 1252));
      assertEquals(1, west.send(batch));
      assertEquals(0, batch.length(0));
    }
  }

  private void awaitPathMtu(Ipv6Address far, int octets) throws Exception {
    while (host.call(() -> network.pathMtu(far)) != octets) {
      Thread.sleep(10);
    }
  }

  @Test
  void saysWhichCapabilityIsMissing() throws Exception {
    try (Namespace powerless = new Namespace()) {
      HostException refusal =
          assertThrows(
              HostException.class, () -> powerless.powerless(() -> LinuxHostNetwork.open(NUMBERS)));
      assertEquals(
          "cannot add the rule 4303: not fwmark 4303 lookup 4303 (ip -6 rule): Operation not"
              + " permitted; run as root, or give the process the capability CAP_NET_ADMIN",
          refusal.getMessage());
    }
  }
}
