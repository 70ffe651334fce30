package espd.ike.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.spd.AddressRange;
import espd.spd.PortRange;
import espd.spd.Selector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// RFC 7296 §3.13.1 and RFC 4301 §4.4.1.1.
class TrafficSelectorTest {

  private static final Selector TELNET =
      new Selector(
          AddressRange.parse("2001:db8:1:1::1"),
          AddressRange.parse("2001:db8:2:2::/64"),
          6,
          PortRange.ANY,
          PortRange.of(23));

  @Test
  void bothEndsOfASelectorMakeItAgain() {
    assertEquals(
        List.of(TELNET),
        TrafficSelector.pairs(
            List.of(TrafficSelector.ofLocal(TELNET)), List.of(TrafficSelector.ofRemote(TELNET))));
  }

  @Test
  void opaquePortsKeepTheirPlace() {
    Selector fragments =
        new Selector(TELNET.local(), TELNET.remote(), 17, PortRange.OPAQUE, PortRange.OPAQUE);
    assertEquals(
        List.of(fragments),
        TrafficSelector.pairs(
            List.of(TrafficSelector.ofLocal(fragments)),
            List.of(TrafficSelector.ofRemote(fragments))));
  }

  /// RFC 7296 §3.13.1: type 7 and four octets an address.
  @Test
  void ipv4HasATypeOfItsOwn() {
    Selector networks =
        Selector.between(AddressRange.parse("10.1.0.0/24"), AddressRange.parse("0.0.0.0/0"));
    TrafficSelector local = TrafficSelector.ofLocal(networks);
    TrafficSelector remote = TrafficSelector.ofRemote(networks);
    assertEquals(
        new TrafficSelector(7, 0, 0, 65535, Bytes.ofInt(0x0a010000), Bytes.ofInt(0x0a0100ff)),
        local);
    assertEquals(List.of(networks), TrafficSelector.pairs(List.of(local), List.of(remote)));
  }

  /// RFC 4291 §2.5.5.2: an IPv4-mapped address is on no packet of IPv6.
  @Test
  void mappedAddressesInARangeOfIpv6AreNotIpv4() {
    AddressRange range = AddressRange.parse("10.1.0.0/24");
    Bytes first = Bytes.of(range.first().octets());
    Bytes last = Bytes.of(range.last().octets());
    assertEquals(Optional.empty(), new TrafficSelector(8, 0, 0, 65535, first, last).addresses());
  }

  @Test
  void pairsOnlyWhatHasPackets() {
    TrafficSelector local = TrafficSelector.ofLocal(TELNET);
    TrafficSelector udp = new TrafficSelector(8, 17, 0, 65535, local.start(), local.end());
    TrafficSelector emptyPorts = new TrafficSelector(8, 6, 9, 8, local.start(), local.end());
    TrafficSelector emptyRange =
        new TrafficSelector(
            8, 6, 0, 65535, Bytes.ofHex("ff".repeat(16)), Bytes.ofHex("00".repeat(16)));
    TrafficSelector ipv4 = new TrafficSelector(7, 6, 0, 65535, Bytes.ofInt(1), Bytes.ofInt(2));
    assertEquals(
        List.of(),
        TrafficSelector.pairs(List.of(local), List.of(udp, emptyPorts, emptyRange, ipv4)));
  }
}
