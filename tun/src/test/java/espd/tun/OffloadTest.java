package espd.tun;

import static espd.tun.TunnelledHosts.carried;
import static espd.tun.TunnelledHosts.counter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import espd.spd.Ipv6Address;
import espd.tun.packet.PacketBatch;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The host's own TCP and UDP over TUN devices, whatever it leaves to them: the kernel, tcpdump and
/// tshark judge what was cut and joined.
@Tag("lab")
@Timeout(120)
class OffloadTest {

  private static final int MEGABYTE = 1_000_000;
  private static final List<String> ERRORS =
      List.of(
          "Tcp.InErrs",
          "Tcp.InCsumErrors",
          "Udp6InErrors",
          "Udp6InCsumErrors",
          "Ip6InHdrErrors",
          "Ip6InTruncatedPkts");

  @TempDir private Path directory = Path.of("/tmp");

  private static TunnelledHosts hosts(Offload offload, Wire.Path path) throws Exception {
    TunnelledHosts hosts = new TunnelledHosts(offload, path, null);
    if (hosts.westTun.offload() != offload) {
      hosts.close();
      assumeTrue(false, "this host does not grant " + offload);
    }
    return hosts;
  }

  private static void assertTransfers(TcpTransfer transfer, TunnelledHosts hosts) throws Exception {
    TcpTransfer.Outcome outcome = transfer.run(hosts.west, hosts.east, TunnelledHosts.EAST);
    hosts.eastwards.check();
    hosts.westwards.check();
    assertEquals(outcome.sent(), outcome.received());
    assertNoErrors(hosts);
  }

  private static void assertNoErrors(TunnelledHosts hosts) throws Exception {
    for (String error : ERRORS) {
      assertEquals(0, counter(hosts.west, error), error);
      assertEquals(0, counter(hosts.east, error), error);
    }
    assertEquals(0, hosts.eastwards.refused.get(), "packets refused");
    assertEquals(0, hosts.westwards.refused.get(), "packets refused");
  }

  /// Many packets for one of the host when it leaves the cutting to the device, else as many as the
  /// host's; and the same when it is given them.
  @ParameterizedTest
  @EnumSource(Offload.class)
  void tcpArrivesWholeBothWays(Offload offload) throws Exception {
    try (TunnelledHosts hosts = hosts(offload, Wire.Path.FLAWLESS)) {
      assertTransfers(new TcpTransfer(50 * MEGABYTE, 0), hosts);

      for (Wire wire : List.of(hosts.eastwards, hosts.westwards)) {
        assertEquals(TunnelledHosts.MTU, wire.longest.get());
        assertTrue(wire.most.get() > 1 && wire.most.get() <= PacketBatch.CAPACITY);
      }
      long read = hosts.eastwards.read.get();
      long given = carried(hosts.west).sent();
      long written = hosts.eastwards.written.get();
      long taken = carried(hosts.east).received();
      assertTrue(read > 50 * MEGABYTE / TunnelledHosts.MTU);
      boolean cuts = offload.compareTo(Offload.SEGMENTS) <= 0;
      assertTrue(cuts ? read > 2 * given : read == given, read + " of " + given);
      boolean joins = offload != Offload.NOTHING;
      assertTrue(joins ? written > 2 * taken : written == taken, written + " in " + taken);
    }
  }

  /// RFC 9293 §3.8.1: what was lost is sent again, so the pieces of what was cut come in any order.
  @ParameterizedTest
  @EnumSource(Offload.class)
  void tcpArrivesWholeWhereEveryHundredthPacketIsLost(Offload offload) throws Exception {
    try (TunnelledHosts hosts = hosts(offload, new Wire.Path(100, 0))) {
      assertTransfers(new TcpTransfer(5 * MEGABYTE, 0), hosts);

      assertTrue(counter(hosts.west, "Tcp.RetransSegs") > 0);
    }
  }

  /// RFC 3168 §6.1.2: the receiver repeats ECE until one CWR, in the first segment of those cut,
  /// says that the sender is slower now.
  @ParameterizedTest
  @EnumSource(Offload.class)
  void tcpHearsOfCongestionAndAnswers(Offload offload) throws Exception {
    try (TunnelledHosts hosts = hosts(offload, new Wire.Path(0, 400))) {
      TunnelledHosts.set(hosts.west, "ipv4/tcp_ecn", "1");
      TunnelledHosts.set(hosts.east, "ipv4/tcp_ecn", "1");

      assertTransfers(new TcpTransfer(20 * MEGABYTE, 0), hosts);

      long marked = counter(hosts.east, "Ip6InCEPkts");
      assertTrue(marked > 0, "nothing was marked");
      assertTrue(counter(hosts.west, "TcpExt.TCPDeliveredCE") > 0, "the sender heard nothing");
      assertTrue(hosts.eastwards.reduced.get() > 1, "the sender did not answer");
      assertEquals(0, counter(hosts.west, "TcpExt.TCPSpuriousRTOs"));
    }
  }

  /// A window smaller than the device's queue: nothing is lost, so what looks lost was cut wrong.
  @ParameterizedTest
  @EnumSource(Offload.class)
  void tcpdumpAndTsharkFindEverySegmentRight(Offload offload) throws Exception {
    Path file = directory.resolve("tcp.pcap");
    long packets;
    try (PcapFile capture = new PcapFile(file);
        TunnelledHosts hosts = new TunnelledHosts(offload, Wire.Path.FLAWLESS, capture)) {
      assertTransfers(new TcpTransfer(2 * MEGABYTE, 100_000), hosts);
      hosts.disconnect();
      packets = hosts.eastwards.read.get() + hosts.westwards.read.get();
    }
    List<String> words = Namespace.runHere("tcpdump -n -vv -r " + file).lines().toList();
    assertEquals(packets, words.stream().filter(line -> line.contains("(correct)")).count());
    assertEquals(List.of(), words.stream().filter(line -> line.contains("incorrect")).toList());
    String wrong =
        "tcp.checksum.status!=1||tcp.analysis.lost_segment||tcp.analysis.ack_lost_segment"
            + "||_ws.malformed";
    assertEquals("", tshark(file, wrong));
    assertEquals(packets, tshark(file, "tcp.checksum.status==1").lines().count());
  }

  /// {@return the numbers of the packets that tshark finds, a line each; it does not guess what
  /// their octets, which are random, might be}
  private static String tshark(Path file, String filter) throws Exception {
    return Namespace.runHere(
            "tshark -n -r "
                + file
                + " -d tcp.port==1-65535,data -d udp.port==1-65535,data"
                + " -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE"
                + " -T fields -e frame.number -Y "
                + filter)
        .lines()
        .filter(line -> !line.startsWith("Running as user"))
        .reduce("", (all, line) -> all + line + "\n");
  }

  /// UDP_SEGMENT (udp(7)): one call of the sender for many datagrams, the last one shorter; the
  /// receiver takes them one by one, or many in one call (UDP_GRO).
  @ParameterizedTest
  @EnumSource(Offload.class)
  void datagramsOfOneCallArriveEachInItsOwnBounds(Offload offload) throws Exception {
    for (Datagrams.Receiver receiver : Datagrams.Receiver.values()) {
      Path file = directory.resolve("udp.pcap");
      try (PcapFile capture = new PcapFile(file);
          TunnelledHosts hosts = new TunnelledHosts(offload, Wire.Path.FLAWLESS, capture);
          Datagrams datagrams = new Datagrams(hosts.west, hosts.east, receiver)) {
        datagrams.send(TunnelledHosts.EAST);

        assertEquals(Datagrams.sent(), datagrams.received(), receiver.toString());
        assertNoErrors(hosts);
        boolean joined =
            offload == Offload.SEGMENTS_AND_DATAGRAMS && receiver == Datagrams.Receiver.MANY;
        int least = joined ? Datagrams.sent().size() / 4 : Datagrams.sent().size();
        assertTrue(datagrams.calls() <= least, datagrams.calls() + " calls");
        boolean cuts = offload == Offload.SEGMENTS_AND_DATAGRAMS;
        long given = carried(hosts.west).sent();
        long read = hosts.eastwards.read.get();
        assertTrue(cuts ? read > 20 * given : read == given, read + " of " + given);
      }
      List<String> words = Namespace.runHere("tcpdump -n -vv -r " + file).lines().toList();
      long right = words.stream().filter(line -> line.contains("[udp sum ok]")).count();
      assertTrue(right >= Datagrams.sent().size(), "tcpdump finds " + right + " right");
      assertEquals(List.of(), words.stream().filter(line -> line.contains("bad udp")).toList());
      assertEquals("", tshark(file, "udp.checksum.status!=1||_ws.malformed"));
    }
  }

  /// A gateway: what the device joined, the host cuts again for a link that takes one packet at a
  /// time, and says so when the link is narrower than the tunnel (RFC 8201 §4).
  @ParameterizedTest
  @ValueSource(ints = {1500, 1400, 1280})
  void theHostForwardsWhatWasJoined(int mtuOctets) throws Exception {
    Ipv6Address far = Ipv6Address.parse("2001:db8:2:1::9");
    try (TunnelledHosts hosts = hosts(Offload.SEGMENTS_AND_DATAGRAMS, Wire.Path.FLAWLESS);
        Namespace beyond = new Namespace()) {
      TunnelledHosts.set(hosts.east, "ipv6/conf/all/forwarding", "1");
      Namespace.join(hosts.east, "2001:db8:2:1::1/64", beyond, far + "/64");
      hosts.east.ip("link set dev eth0 mtu " + mtuOctets + " gso_max_size 1500");
      beyond.ip("link set dev eth0 mtu " + mtuOctets + " gso_max_segs 1");
      beyond.ip("route add 2001:db8:1::/48 via 2001:db8:2:1::1");
      long before = carried(beyond, "eth0").received();

      TcpTransfer.Outcome outcome = new TcpTransfer(10 * MEGABYTE, 0).run(hosts.west, beyond, far);

      assertEquals(outcome.sent(), outcome.received());
      assertNoErrors(hosts);
      assertEquals(0, counter(beyond, "Tcp.InErrs"));
      long arrived = carried(beyond, "eth0").received() - before;
      assertTrue(arrived > 10 * MEGABYTE / mtuOctets, arrived + " packets arrived");
      assertTrue(hosts.eastwards.written.get() > 2 * carried(hosts.east).received());
    }
  }

  @Test
  void aGatewayForwardsDatagramsThatWereJoined() throws Exception {
    Ipv6Address far = Ipv6Address.parse("2001:db8:2:1::9");
    try (TunnelledHosts hosts = hosts(Offload.SEGMENTS_AND_DATAGRAMS, Wire.Path.FLAWLESS);
        Namespace beyond = new Namespace()) {
      TunnelledHosts.set(hosts.east, "ipv6/conf/all/forwarding", "1");
      Namespace.join(hosts.east, "2001:db8:2:1::1/64", beyond, far + "/64");
      hosts.east.ip("link set dev eth0 gso_max_size 1500");
      try (Datagrams datagrams = new Datagrams(hosts.west, beyond, Datagrams.Receiver.SINGLE)) {
        datagrams.send(far);
        assertEquals(Datagrams.sent(), datagrams.received());
      }
      assertEquals(0, counter(beyond, "Udp6InErrors"));
    }
  }
}
