package espd.spd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The text and the order of addresses (RFC 4291, RFC 5952).
class Ipv6AddressTest {

  /// RFC 5952 §4: leading zeros, `::`, the longest run, the first of equal runs, lower case.
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # read                              , printed
          0:0:0:0:0:0:0:0                     , ::
          ::                                  , ::
          0:0:0:0:0:0:0:1                     , ::1
          1:0:0:0:0:0:0:0                     , 1::
          2001:0db8:0000:0000:0000:0000:0002:0001 , 2001:db8::2:1
          2001:db8:0:0:0:0:2:1                , 2001:db8::2:1
          2001:DB8::AbCd                      , 2001:db8::abcd
          # a single zero group stays (§4.2.2)
          2001:db8:0:1:1:1:1:1                , 2001:db8:0:1:1:1:1:1
          2001:db8::1:1:1:1:1                 , 2001:db8:0:1:1:1:1:1
          0:1:1:1:1:1:1:1                     , 0:1:1:1:1:1:1:1
          1:1:1:1:1:1:1:0                     , 1:1:1:1:1:1:1:0
          # the longest run, wherever it is (§4.2.3)
          2001:0:0:1:0:0:0:1                  , 2001:0:0:1::1
          2001:0:0:0:1:0:0:1                  , 2001::1:0:0:1
          0:0:1:0:0:0:1:1                     , 0:0:1::1:1
          1:0:0:1:0:0:0:0                     , 1:0:0:1::
          # the first of equal runs (§4.2.3)
          2001:db8:0:0:1:0:0:1                , 2001:db8::1:0:0:1
          0:0:1:0:0:1:0:0                     , ::1:0:0:1:0:0
          1:0:0:1:1:0:0:1                     , 1::1:1:0:0:1
          # runs at the ends
          0:0:1:1:1:1:1:1                     , ::1:1:1:1:1:1
          1:1:1:1:1:1:0:0                     , 1:1:1:1:1:1::
          ff02:0:0:0:0:1:ff00:1               , ff02::1:ff00:1
          fe80::10:0                          , fe80::10:0
          64:ff9b::192.0.2.33                 , 64:ff9b::c000:221
          ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff , ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
          """)
  void printsTheCanonicalTextOfRfc5952(String read, String printed) {
    assertEquals(printed, Ipv6Address.parse(read).toString());
    assertEquals(Ipv6Address.parse(read), Ipv6Address.parse(printed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "192.0.2.1",
        "1",
        "::1%lo",
        "[::1]",
        "::1/64",
        ":::",
        "1:2:3",
        "::ffff:192.0.2.1",
        "1:2:3:4:5:6:7:8:9",
        "12345::",
        "::g",
        "1::2::3",
        "2001:db8::1 "
      })
  void refusesWhatIsNoIpv6Literal(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Ipv6Address.parse(text));
    assertEquals("not an IPv6 address: " + text, refused.getMessage());
  }

  @Test
  void readsWhatItPrints() {
    Random random = new Random(4291);
    for (int i = 0; i < 100_000; i++) {
      Ipv6Address address = sparse(random);
      assertEquals(address, Ipv6Address.parse(address.toString()));
    }
  }

  /// An address with many zero groups; never an IPv4-mapped one, which is no IPv6 host.
  private static Ipv6Address sparse(Random random) {
    long high = 0x2000L << 48;
    long low = 0;
    for (int group = 0; group < 4; group++) {
      high |= (random.nextBoolean() ? random.nextLong(1 << 16) : 0) << (16 * group);
      low |= (random.nextBoolean() ? random.nextLong(1 << 16) : 0) << (16 * group);
    }
    return new Ipv6Address(high, low);
  }

  @Test
  void readsAndWritesSixteenOctetsInNetworkOrder() {
    byte[] octets = {0x20, 1, 0xd, (byte) 0xb8, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    Ipv6Address address = Ipv6Address.of(octets);
    assertEquals("2001:db8:1:2::ff", address.toString());
    assertArrayEquals(octets, address.octets());
    assertThrows(IllegalArgumentException.class, () -> Ipv6Address.of(new byte[4]));
  }

  @Test
  void goesToTheSocketsAndBack() throws Exception {
    Ipv6Address address = Ipv6Address.parse("2001:db8::1");
    assertEquals(InetAddress.getByName("2001:db8::1"), address.toInetAddress());
    assertEquals(address, Ipv6Address.of(address.toInetAddress()));
    assertInstanceOf(
        Inet6Address.class, new Ipv6Address(0, 0xffff_c000_0221L).toInetAddress(), "mapped");
    assertThrows(
        IllegalArgumentException.class, () -> Ipv6Address.of(Inet4Address.getByName("192.0.2.1")));
  }

  /// RFC 4291 §2.4.
  @Test
  void knowsTheKindsOfAddresses() {
    assertTrue(Ipv6Address.UNSPECIFIED.isUnspecified());
    assertFalse(Ipv6Address.parse("::1").isUnspecified());
    assertTrue(Ipv6Address.parse("ff02::1").isMulticast());
    assertFalse(Ipv6Address.parse("fe80::1").isMulticast());
    assertTrue(Ipv6Address.parse("fe80::1").isLinkLocal());
    assertTrue(Ipv6Address.parse("febf::1").isLinkLocal());
    assertFalse(Ipv6Address.parse("fec0::1").isLinkLocal());
    assertFalse(Ipv6Address.parse("2001:db8::1").isLinkLocal());
  }

  @Test
  void ordersAddressesAsUnsignedNumbers() {
    Random random = new Random(6);
    for (int i = 0; i < 10_000; i++) {
      Ipv6Address one = new Ipv6Address(random.nextLong(), random.nextLong());
      Ipv6Address other = new Ipv6Address(random.nextBoolean() ? one.high() : 1, random.nextLong());
      assertEquals(
          new BigInteger(1, one.octets()).compareTo(new BigInteger(1, other.octets())),
          one.compareTo(other));
    }
  }
}
