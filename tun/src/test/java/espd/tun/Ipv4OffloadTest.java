package espd.tun;

import static espd.tun.TunnelledHosts.carried;
import static espd.tun.TunnelledHosts.counter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.Ipv6Address;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The host's own TCP and UDP of IPv4 over TUN devices: the kernel and tcpdump judge what was cut
/// and joined.
@Tag("lab")
@Timeout(120)
class Ipv4OffloadTest {

  private static final int MEGABYTE = 1_000_000;
  private static final Ipv6Address EAST = Ipv6Address.parseIpv4("10.2.0.1");

  @TempDir private Path directory = Path.of("/tmp");

  private static TunnelledHosts addressed(TunnelledHosts hosts) throws Exception {
    hosts.west.run("ip address add 10.1.0.1/32 dev lo");
    hosts.east.run("ip address add 10.2.0.1/32 dev lo");
    hosts.west.run("ip route add 10.2.0.0/16 dev espdt0 src 10.1.0.1");
    hosts.east.run("ip route add 10.1.0.0/16 dev espdt0 src 10.2.0.1");
    return hosts;
  }

  private static void assertNoErrors(TunnelledHosts hosts) throws Exception {
    for (String error :
        List.of("Tcp.InErrs", "Tcp.InCsumErrors", "Udp.InErrors", "Ip.InHdrErrors")) {
      assertEquals(0, counter(hosts.west, error), error);
      assertEquals(0, counter(hosts.east, error), error);
    }
    assertEquals(0, hosts.eastwards.refused.get(), "packets refused");
    assertEquals(0, hosts.westwards.refused.get(), "packets refused");
  }

  @ParameterizedTest
  @EnumSource(Offload.class)
  void tcpArrivesWholeAndJoinedAndTcpdumpFindsEverySegmentRight(Offload offload) throws Exception {
    Path file = directory.resolve("tcp.pcap");
    long packets;
    try (PcapFile capture = new PcapFile(file);
        TunnelledHosts hosts =
            addressed(new TunnelledHosts(offload, Wire.Path.FLAWLESS, capture))) {
      TcpTransfer.Outcome outcome =
          new TcpTransfer(2 * MEGABYTE, 100_000).run(hosts.west, hosts.east, EAST);
      assertEquals(outcome.sent(), outcome.received());
      assertNoErrors(hosts);
      long written = hosts.eastwards.written.get();
      long taken = carried(hosts.east).received();
      boolean joins = offload != Offload.NOTHING;
      assertTrue(joins ? written > taken : written == taken, written + " in " + taken);
      hosts.disconnect();
      packets = hosts.eastwards.read.get() + hosts.westwards.read.get();
    }
    List<String> words = Namespace.runHere("tcpdump -n -vv -r " + file).lines().toList();
    assertEquals(packets, words.stream().filter(line -> line.contains("(correct)")).count());
    assertEquals(List.of(), words.stream().filter(line -> line.contains("bad cksum")).toList());
  }

  /// RFC 9293 §3.8.1: what was lost is sent again.
  @Test
  void tcpArrivesWholeWhereEveryHundredthPacketIsLost() throws Exception {
    try (TunnelledHosts hosts =
        addressed(
            new TunnelledHosts(Offload.SEGMENTS_AND_DATAGRAMS, new Wire.Path(100, 0), null))) {
      TcpTransfer.Outcome outcome =
          new TcpTransfer(5 * MEGABYTE, 0).run(hosts.west, hosts.east, EAST);
      assertEquals(outcome.sent(), outcome.received());
      assertNoErrors(hosts);
    }
  }

  @Test
  void datagramsOfOneCallArriveEachInItsOwnBounds() throws Exception {
    for (Datagrams.Receiver receiver : Datagrams.Receiver.values()) {
      try (TunnelledHosts hosts =
              addressed(
                  new TunnelledHosts(Offload.SEGMENTS_AND_DATAGRAMS, Wire.Path.FLAWLESS, null));
          Datagrams datagrams = new Datagrams(hosts.west, hosts.east, receiver)) {
        datagrams.send(EAST);
        assertEquals(Datagrams.sent(), datagrams.received(), receiver.toString());
        assertNoErrors(hosts);
        boolean joined = receiver == Datagrams.Receiver.MANY;
        int most = joined ? Datagrams.sent().size() / 4 : Datagrams.sent().size();
        assertTrue(datagrams.calls() <= most, datagrams.calls() + " calls");
      }
    }
  }

  /// A gateway: what the device joined, the host cuts again for a link that takes one packet at a
  /// time, with identifications and checksums of their own.
  @Test
  void theHostForwardsWhatWasJoined() throws Exception {
    Ipv6Address far = Ipv6Address.parseIpv4("10.2.1.9");
    try (TunnelledHosts hosts =
            addressed(
                new TunnelledHosts(Offload.SEGMENTS_AND_DATAGRAMS, Wire.Path.FLAWLESS, null));
        Namespace beyond = new Namespace()) {
      Namespace.join(hosts.east, "2001:db8:2:1::1/64", beyond, "2001:db8:2:1::9/64");
      TunnelledHosts.set(hosts.east, "ipv4/ip_forward", "1");
      hosts.east.run("ip address add 10.2.1.1/24 dev eth0");
      beyond.run("ip address add 10.2.1.9/24 dev eth0");
      beyond.run("ip route add 10.1.0.0/16 via 10.2.1.1");
      hosts.east.ip("link set dev eth0 gso_max_size 1500");
      beyond.ip("link set dev eth0 gso_max_segs 1");
      long before = carried(beyond, "eth0").received();

      TcpTransfer.Outcome outcome = new TcpTransfer(10 * MEGABYTE, 0).run(hosts.west, beyond, far);

      assertEquals(outcome.sent(), outcome.received());
      assertNoErrors(hosts);
      assertEquals(0, counter(beyond, "Tcp.InErrs"));
      assertEquals(0, counter(beyond, "Ip.InHdrErrors"));
      long arrived = carried(beyond, "eth0").received() - before;
      assertTrue(arrived > 10 * MEGABYTE / 1500, arrived + " packets arrived");
      assertTrue(hosts.eastwards.written.get() > 2 * carried(hosts.east).received());
    }
  }
}
