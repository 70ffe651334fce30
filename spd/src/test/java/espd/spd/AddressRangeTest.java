package espd.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Ranges of addresses (RFC 4301 §4.4.1.1, RFC 7296 §3.13.1), checked against big integers.
class AddressRangeTest {

  private static final BigInteger ONE = BigInteger.ONE;

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # read                , first             , last
          ::/0                  , ::                , ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
          2001:db8::/32         , 2001:db8::        , 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff
          2001:db8:1:2:3:4:5:6/63 , 2001:db8:1:2::  , 2001:db8:1:3:ffff:ffff:ffff:ffff
          2001:db8:1:2:3:4:5:6/64 , 2001:db8:1:2::  , 2001:db8:1:2:ffff:ffff:ffff:ffff
          2001:db8:1:2:ffff::/65  , 2001:db8:1:2:8000:: , 2001:db8:1:2:ffff:ffff:ffff:ffff
          2001:db8::1/127       , 2001:db8::        , 2001:db8::1
          2001:db8::1/128       , 2001:db8::1       , 2001:db8::1
          2001:db8::1           , 2001:db8::1       , 2001:db8::1
          """)
  void readsPrefixesAndClearsTheirHostBits(String text, String first, String last) {
    AddressRange range = AddressRange.parse(text);
    assertEquals(range(first, last), range);
    assertEquals(range, AddressRange.parse(range.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::/129",
        "::/-1",
        "::/+1",
        "::/",
        "::/x",
        "::/1/2",
        "/64",
        "",
        "10.0.0.0/33",
        "::/4294967296"
      })
  void refusesWhatIsNoPrefix(String text) {
    assertThrows(IllegalArgumentException.class, () -> AddressRange.parse(text));
  }

  /// RFC 4291 §2.5.5.2 gives IPv4 its place among the numbers; RFC 4301 §4.4.1.1 keeps families
  /// apart.
  @Test
  void rangesOfIpv6HaveNoAddressOfIpv4() {
    AddressRange ipv4 = AddressRange.parse("10.1.0.0/24");
    Ipv6Address host = Ipv6Address.parseIpv4("10.1.0.7");
    assertTrue(ipv4.contains(host));
    assertFalse(AddressRange.ANY.contains(host));
    assertFalse(AddressRange.ANY.contains(ipv4));
    assertTrue(AddressRange.ANY_IPV4.contains(ipv4));
    assertFalse(AddressRange.ANY_IPV4.contains(AddressRange.ANY));
    assertEquals(Optional.empty(), AddressRange.ANY.intersect(ipv4));
    assertEquals(Optional.of(ipv4), AddressRange.ANY_IPV4.intersect(ipv4));
    assertEquals(AddressRange.ANY_IPV4, AddressRange.parse("0.0.0.0/0"));
    assertEquals(List.of(ipv4), ipv4.prefixes());
    assertEquals("10.1.0.0/24", ipv4.toString());
    assertEquals("10.1.0.7", host.toString());
    assertEquals(24, ipv4.prefixLength());
    assertThrows(IllegalArgumentException.class, () -> Selector.between(AddressRange.ANY, ipv4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1", "10.1.0.256", "10.1.0.01", "1.2.3.4.5", "::ffff:10.1.0.7"})
  void refusesWhatIsNoAddressOfIpv4(String text) {
    assertThrows(IllegalArgumentException.class, () -> AddressRange.parse(text));
  }

  @Test
  void refusesAnEmptyRange() {
    assertThrows(IllegalArgumentException.class, () -> range("2001:db8::2", "2001:db8::1"));
  }

  @Test
  void knowsTheLengthOfEveryPrefix() {
    Random random = new Random(128);
    for (int length = 0; length <= 128; length++) {
      Ipv6Address address = new Ipv6Address(random.nextLong(), random.nextLong());
      AddressRange prefix = AddressRange.prefix(address, length);
      assertEquals(length, prefix.prefixLength());
      assertEquals(List.of(prefix), prefix.prefixes());
      assertEquals(ONE.shiftLeft(128 - length), last(prefix).subtract(first(prefix)).add(ONE));
      assertTrue(prefix.contains(address));
    }
  }

  @Test
  void saysThatOtherRangesAreNoPrefix() {
    assertEquals(-1, range("2001:db8::1", "2001:db8::2").prefixLength());
    assertEquals(-1, range("2001:db8::", "2001:db8::2").prefixLength());
    assertEquals(-1, range("::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").prefixLength());
    assertEquals("2001:db8::1-2001:db8::2", range("2001:db8::1", "2001:db8::2").toString());
    assertEquals("::/0", AddressRange.ANY.toString());
  }

  @Test
  void splitsTheWidestOddRangeIntoPrefixes() {
    AddressRange range = range("::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe");
    assertEquals(254, range.prefixes().size());
    assertEquals(AddressRange.parse("::1/128"), range.prefixes().getFirst());
  }

  /// The same cut on big integers: the widest aligned block that still fits, again and again.
  @Test
  void splitsRandomRangesIntoTheFewestPrefixes() {
    Random random = new Random(4301);
    for (int i = 0; i < 2_000; i++) {
      AddressRange range = random(random);
      List<AddressRange> expected = new ArrayList<>();
      BigInteger at = first(range);
      while (at.compareTo(last(range)) <= 0) {
        int bits = at.signum() == 0 ? 128 : at.getLowestSetBit();
        while (at.add(ONE.shiftLeft(bits)).subtract(ONE).compareTo(last(range)) > 0) {
          bits--;
        }
        expected.add(AddressRange.prefix(address(at), 128 - bits));
        at = at.add(ONE.shiftLeft(bits));
      }
      assertEquals(expected, range.prefixes(), range::toString);
      assertEquals(expected.size() == 1, range.prefixLength() >= 0, range::toString);
    }
  }

  /// RFC 4291 §2.5.5.2: no packet of IPv6 has an IPv4-mapped address.
  @Test
  void ofIpv6NoRangeBeginsOrEndsAmongTheAddressesOfIpv4() {
    Ipv6Address ipv4 = Ipv6Address.parseIpv4("10.0.0.1");
    AddressRange behind = new AddressRange(ipv4, Ipv6Address.parse("2001:db8::1"));
    AddressRange before = new AddressRange(Ipv6Address.parse("::1"), ipv4);
    assertEquals(range("::1:0:0:0", "2001:db8::1"), behind);
    assertEquals(range("::1", "::fffe:ffff:ffff"), before);
    assertTrue(behind.contains(Ipv6Address.parse("2001:db8::")));
    assertFalse(behind.contains(ipv4) || before.contains(ipv4));
    assertEquals(
        List.of(AddressRange.parse("::fffe:0:0/96"), AddressRange.parse("::1:0:0:0/80")),
        range("::fffe:0:0", "::1:ffff:ffff:ffff").prefixes());
    assertEquals(List.of(AddressRange.parse("::/80")), range("::", "::fffe:ffff:ffff").prefixes());
    assertEquals(80, range("::", "::fffe:ffff:ffff").prefixLength());
  }

  @Test
  void intersectsAndContainsAsNumbersDo() {
    Random random = new Random(7296);
    int met = 0;
    for (int i = 0; i < 20_000; i++) {
      AddressRange one = random(random);
      AddressRange other = random(random);
      BigInteger from = first(one).max(first(other));
      BigInteger to = last(one).min(last(other));
      Optional<AddressRange> expected =
          from.compareTo(to) <= 0
              ? Optional.of(new AddressRange(address(from), address(to)))
              : Optional.empty();
      assertEquals(expected, one.intersect(other));
      assertEquals(expected, other.intersect(one));
      assertEquals(expected.equals(Optional.of(other)), one.contains(other));
      assertEquals(
          first(one).compareTo(first(other)) <= 0 && first(other).compareTo(last(one)) <= 0,
          one.contains(other.first()));
      met += expected.isPresent() ? 1 : 0;
    }
    assertTrue(met > 1_000, "ranges that meet: " + met);
  }

  @Test
  void holdsBothItsEnds() {
    AddressRange range = range("2001:db8::1", "2001:db8::3");
    assertFalse(range.contains(Ipv6Address.parse("2001:db8::")));
    assertTrue(range.contains(Ipv6Address.parse("2001:db8::1")));
    assertTrue(range.contains(Ipv6Address.parse("2001:db8::3")));
    assertFalse(range.contains(Ipv6Address.parse("2001:db8::4")));
  }

  /// Ends that share a random number of leading bits, so that some ranges are small and many meet.
  private static AddressRange random(Random random) {
    BigInteger base = BigInteger.valueOf(random.nextInt(4)).shiftLeft(126);
    BigInteger one = base.or(new BigInteger(random.nextInt(127), random));
    BigInteger other = base.or(new BigInteger(random.nextInt(127), random));
    return new AddressRange(address(one.min(other)), address(one.max(other)));
  }

  private static AddressRange range(String first, String last) {
    return new AddressRange(Ipv6Address.parse(first), Ipv6Address.parse(last));
  }

  private static BigInteger first(AddressRange range) {
    return new BigInteger(1, range.first().octets());
  }

  private static BigInteger last(AddressRange range) {
    return new BigInteger(1, range.last().octets());
  }

  private static Ipv6Address address(BigInteger number) {
    return new Ipv6Address(number.shiftRight(64).longValue(), number.longValue());
  }
}
