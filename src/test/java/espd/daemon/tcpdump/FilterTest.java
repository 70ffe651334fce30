package espd.daemon.tcpdump;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.daemon.control.ListedSa;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilterTest {

  private static ListedSa sa(int spi, String peer) {
    return new ListedSa(
        spi,
        "net",
        Direction.INBOUND,
        Mode.TUNNEL,
        false,
        "AES_GCM_16_128",
        Ipv6Address.parse(peer),
        Ipv6Address.parse("2001:db8:1:1::1"),
        0,
        0);
  }

  @Test
  void takesAllOfIpsecWithThePeersThereAre() {
    String ipsec = "ip6 proto 50 or udp port 500 or udp port 4500";
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
}
