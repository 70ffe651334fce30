package espd.tun;

import static espd.tun.FilteredHost.PEER;
import static espd.tun.FilteredHost.SERVICE;
import static espd.tun.FilteredHost.SHORT;
import static espd.tun.FilteredHost.policy;
import static espd.tun.FilteredHost.protect;
import static espd.tun.FilteredHost.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Peers that come and go are elements of sets, asked of the kernel.
@Timeout(60)
class FilterSetsTest {

  private FilteredHost filtered;

  @BeforeEach
  void open() throws Exception {
    filtered = new FilteredHost();
  }

  @AfterEach
  void close() throws Exception {
    filtered.close();
  }

  private static AddressRange range(String first, String last) {
    return new AddressRange(Ipv6Address.parse(first), Ipv6Address.parse(last));
  }

  /// `nft` never runs: its file is away.
  @Test
  void peersComeAndGoWithoutAProgram(@TempDir Path folder) throws Exception {
    Path nft = folder.resolve("nft");
    Files.createSymbolicLink(nft, Path.of("/usr/sbin/nft"));
    filtered.open(nft.toString());
    Policy other = protect(AddressRange.parse("2001:db8:8::/64"));
    Policy peer = protect(AddressRange.of(PEER));
    filtered.policies(other);
    Files.delete(nft);

    assertTrue(filtered.reaches(SERVICE, SHORT));
    filtered.policies(other, peer);
    assertFalse(filtered.reaches(SERVICE, SHORT));
    assertEquals(1, filtered.dropped());
    assertEquals(
        "[{\"prefix\": {\"addr\": \"2001:db8:8::\", \"len\": 64}}, \"" + PEER + "\"]",
        filtered.elements("ip6"));

    filtered.policies(other);
    assertTrue(filtered.reaches(SERVICE, SHORT));
    filtered.policies();
    assertFalse(filtered.host.run("nft list sets ip6").contains("elements"));
    filtered.policies(peer);
    assertFalse(filtered.reaches(SERVICE, SHORT));
    assertEquals(2, filtered.dropped());
    assertThrows(
        HostException.class,
        () -> filtered.policies(peer, policy(udp(SERVICE), new Processing.Bypass())),
        "another kind of rule");
    Files.createSymbolicLink(nft, Path.of("/usr/sbin/nft"));
  }

  /// Ranges that overlap, touch, are all addresses or end with the last one.
  @Test
  void everyRangeCanComeAndGo() throws Exception {
    Policy some = protect(range("2001:db8:9::2", "2001:db8:9::5"));
    Policy more = protect(range("2001:db8:9::4", "2001:db8:9::9"));
    Policy next = protect(AddressRange.parse("2001:db8:9::a"));
    Policy last = protect(range("ffff::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
    Policy all = protect(AddressRange.ANY);
    filtered.policies(some);
    filtered.policies(some, more, next);
    assertEquals(
        "[{\"range\": [\"2001:db8:9::2\", \"2001:db8:9::9\"]}, \"2001:db8:9::a\"]",
        filtered.elements("ip6"));
    assertFalse(filtered.reaches(SERVICE, SHORT));
    filtered.policies(more, last);
    assertEquals(
        "[{\"range\": [\"2001:db8:9::4\", \"2001:db8:9::9\"]},"
            + " {\"prefix\": {\"addr\": \"ffff::\", \"len\": 16}}]",
        filtered.elements("ip6"));
    assertTrue(filtered.reaches(SERVICE, SHORT));
    filtered.policies(more, last, all);
    assertEquals("[{\"prefix\": {\"addr\": \"::\", \"len\": 0}}]", filtered.elements("ip6"));
    assertFalse(filtered.reaches(SERVICE, SHORT));
    filtered.policies(last);
    assertTrue(filtered.reaches(SERVICE, SHORT));
  }

  @Test
  void thousandsOfPeersComeAndGo() throws Exception {
    List<Policy> peers =
        IntStream.range(0, 10_000)
            .mapToObj(i -> protect(AddressRange.parse("2001:db8:7::" + Integer.toHexString(i))))
            .toList();
    Policy peer = protect(AddressRange.of(PEER));
    filtered.policies(peer);
    filtered.policies(Stream.concat(Stream.of(peer), peers.stream()).toArray(Policy[]::new));
    assertEquals(
        10_001, filtered.host.run("nft -j list sets ip6").split("2001:db8:", -1).length - 1);
    assertFalse(filtered.reaches(SERVICE, SHORT));
    filtered.policies(peers.getFirst());
    assertEquals("[\"2001:db8:7::\"]", filtered.elements("ip6"));
  }

  @Test
  void filtersIpv4WithSetsOfItsOwn() throws Exception {
    Policy[] peers =
        Stream.of("192.0.2.7", "198.51.100.0/24", "255.255.255.255")
            .map(peer -> Selector.between(AddressRange.ANY_IPV4, AddressRange.parse(peer)))
            .map(selector -> policy(selector, new Processing.Discard()))
            .toArray(Policy[]::new);
    filtered.policies(peers[0]);
    filtered.policies(peers);
    assertEquals(
        "[\"192.0.2.7\", {\"prefix\": {\"addr\": \"198.51.100.0\", \"len\": 24}},"
            + " \"255.255.255.255\"]",
        filtered.elements("ip"));
    filtered.policies();
    assertEquals("table ip6 espd_espd0\n", filtered.tables());
  }

  /// A set that somebody took out comes back with the next peer.
  @Test
  void putsBackASetThatIsMissing() throws Exception {
    Policy peer = protect(AddressRange.of(PEER));
    filtered.policies(peer);
    filtered.host.run("nft flush chain ip6 espd_espd0 inbound");
    filtered.host.run("nft delete set ip6 espd_espd0 sources0");
    assertTrue(filtered.reaches(SERVICE, SHORT));
    filtered.policies(peer, protect(AddressRange.parse("2001:db8:8::/64")));
    assertFalse(filtered.reaches(SERVICE, SHORT));
  }
}
