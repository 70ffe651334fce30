package espd.ike.v1.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.ike.Identity;
import espd.ike.message.Bytes;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.PortRange;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 2407 §4.6.2: parties of phase 1, and what quick mode protects.
class IdentificationTest {

  @ParameterizedTest
  @CsvSource({
    "2001:db8::1, 5",
    "2001:db8::/32, 6",
    "::/0, 6",
    "2001:db8::8/125, 6",
    "10.1.2.3, 1",
    "10.1.0.0/16, 4",
    "0.0.0.0/0, 4"
  })
  void saysAddresses(String text, int type) {
    AddressRange range = AddressRange.parse(text);
    Identification id = Identification.of(range, 6, PortRange.of(80)).orElseThrow();
    assertEquals(type, id.type());
    assertEquals(Optional.of(range), id.addresses());
    assertEquals(6, id.protocol());
    assertEquals(PortRange.of(80), id.ports());
  }

  @ParameterizedTest
  @CsvSource({"2001:db8::1, 2001:db8::7, 8", "10.0.0.1, 10.0.0.9, 7"})
  void saysRanges(String first, String last, int type) {
    AddressRange range =
        new AddressRange(AddressRange.parse(first).first(), AddressRange.parse(last).first());
    Identification id = Identification.of(range, 0, PortRange.ANY).orElseThrow();
    assertEquals(type, id.type());
    assertEquals(Optional.of(range), id.addresses());
    assertEquals(PortRange.ANY, id.ports());
  }

  @Test
  void cannotSaySomePorts() {
    AddressRange host = AddressRange.parse("2001:db8::1");
    assertEquals(Optional.empty(), Identification.of(host, 6, new PortRange(80, 81)));
    assertEquals(Optional.empty(), Identification.of(host, 6, PortRange.of(0)));
    assertEquals(Optional.empty(), Identification.of(host, 6, PortRange.OPAQUE));
  }

  @ParameterizedTest
  @CsvSource({
    "6, 20010db8000000000000000000000000 ffff00ff000000000000000000000000",
    "4, 0a000000 00ffffff",
    "8, 20010db8000000000000000000000009 20010db8000000000000000000000001",
    "7, 0a000009 0a000001",
    "5, 00000000000000000000ffff0a010203",
    "6, 00000000000000000000ffff0a000000 ffffffffffffffffffffffffff000000",
    "6, 00000000000000000000ffff0a000000 ff000000000000000000000000000000",
    "8, 00000000000000000000ffff0a000001 00000000000000000000ffff0a000009",
    "2, 612e6578616d706c65",
    "11, 0102"
  })
  void isNoSetOfAddresses(int type, String data) {
    // A mask with holes, a range upside down, IPv4 that pretends to be IPv6, a party.
    assertEquals(Optional.empty(), new Identification(type, 0, 0, Bytes.ofHex(data)).addresses());
  }

  @Test
  void aSubnetIsOfItsPrefixWhateverItsHostBits() {
    Identification id =
        new Identification(
            IdType.IPV6_ADDR_SUBNET,
            0,
            0,
            Bytes.ofHex("20010db80000000000000000000000ff ffffffff000000000000000000000000"));
    assertEquals(Optional.of(AddressRange.parse("2001:db8::/32")), id.addresses());
  }

  @Test
  void isAParty() {
    Identity identity = Identity.of(Ipv6Address.parse("2001:db8::1"));
    Identification id = Identification.of(identity);
    assertEquals(identity, id.identity());
    assertEquals("0500000020010db8000000000000000000000001", id.body().toString());
    Identity name = Identity.ofName("someone@example.org");
    assertEquals(IdType.USER_FQDN, Identification.of(name).type());
  }
}
