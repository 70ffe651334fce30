package espd.daemon.tcpdump;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.daemon.control.ListedSa;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.UdpEncapsulation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FilterTest {

  private static ListedSa sa(int spi, String peer) {
    return sa(spi, peer, Optional.empty());
  }

  /// {@return an SA in a TCP stream}
  private static ListedSa streamed(int spi, int remotePort) {
    UdpEncapsulation stream = new UdpEncapsulation(UdpEncapsulation.FIRST_STREAM + 2, remotePort);
    return sa(spi, "2001:db8::3", Optional.of(stream));
  }

  private static ListedSa sa(int spi, String peer, Optional<UdpEncapsulation> encapsulation) {
    return new ListedSa(
        spi,
        "net",
        Direction.INBOUND,
        Mode.TUNNEL,
        encapsulation,
        "AES_GCM_16_128",
        Ipv6Address.parse(peer),
        Ipv6Address.parse("2001:db8:1:1::1"),
        0,
        0);
  }

  @Test
  void takesAllOfIpsecWithThePeersThereAre() {
    String ipsec = "ip6 proto 50 or udp port 500 or udp port 4500 or tcp port 4500";
    assertEquals(ipsec, Filter.ofPeers(List.of()));
    assertEquals(
        "(ip6 host 2001:db8::2 or ip6 host 2001:db8::3) and (" + ipsec + ")",
        Filter.ofPeers(List.of(sa(1, "2001:db8::3"), sa(2, "2001:db8::2"), sa(3, "2001:db8::2"))));
  }

  @Test
  void takesExactlyTheSpisThereAre() {
    assertEquals(
        "(ip6 proto 50 and (ip6[40:4] = 0xcafebabe)) or (udp port 4500 and (ip6[48:4] ="
            + " 0xcafebabe))",
        Filter.ofSpis(List.of(sa(0xcafebabe, "2001:db8::3"))));
  }

  /// RFC 9329 §2: streams go to TCP port 4500, or to another that both ends know.
  @Test
  void takesStreamsOfOtherPortsToo() {
    assertEquals(
        "(ip6 host 2001:db8::3) and (ip6 proto 50 or udp port 500 or udp port 4500 or tcp port 4500"
            + " or tcp port 443)",
        Filter.ofPeers(List.of(streamed(1, 443), streamed(2, 4500))));
  }

  /// RFC 9329 §3: where in a segment a frame begins no filter can tell.
  @Test
  void takesTheWholeStreamOfAnSaInTcp() {
    String stream = "(ip6 host 2001:db8::3 and tcp port 443)";
    assertEquals(stream, Filter.ofSpis(List.of(streamed(1, 443), streamed(2, 443))));
    assertEquals(
        "(ip6 proto 50 and (ip6[40:4] = 0x00000007)) or (udp port 4500 and (ip6[48:4] ="
            + " 0x00000007)) or "
            + stream,
        Filter.ofSpis(List.of(sa(7, "2001:db8::2"), streamed(1, 443))));
  }
}
