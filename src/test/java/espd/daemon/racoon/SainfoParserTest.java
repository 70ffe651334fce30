package espd.daemon.racoon;

import static espd.daemon.racoon.RacoonText.SAINFO;
import static espd.daemon.racoon.RacoonText.sainfoWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.daemon.config.ConfigException;
import espd.daemon.config.Value;
import espd.spd.AddressRange;
import espd.spd.PortRange;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What each statement of a `sainfo` is read as.
class SainfoParserTest {

  private static Sainfo sainfo(String text) throws ConfigException {
    return RacoonText.clean(text).sainfos().getFirst();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          anonymous                                                    | anonymous anonymous
          anonymous anonymous                                          | anonymous anonymous
          anonymous address 2001:db8::/32 any                          | anonymous 2001:db8::/32[any] any
          address 2001:db8::1 any anonymous                            | 2001:db8::1/128[any] any anonymous
          address 2001:db8::1[any] any subnet 10.0.0.0/8[any] any      | 2001:db8::1/128[any] any 10.0.0.0/8[any] any
          address 2001:db8::1[80] tcp address 2001:db8::2 udp          | 2001:db8::1/128[80] 6 2001:db8::2/128[any] 17
          address 2001:db8::1 58 address 2001:db8::2 icmp6             | 2001:db8::1/128[any] 58 2001:db8::2/128[any] 58
          address 2001:db8::1-2001:db8::9 any anonymous                | 2001:db8::1-2001:db8::9[any] any anonymous
          fqdn "a" user_fqdn "b@c"                                     | fqdn "a" user_fqdn "b@c"
          anonymous clientaddr                                         | anonymous clientaddr
          """)
  void namesASainfo(String ids, String name) throws ConfigException {
    assertEquals(name, sainfo(SAINFO.replaceFirst("sainfo .*", "sainfo " + ids)).name());
  }

  @Test
  void readsTheEndsOfASainfo() throws ConfigException {
    Sainfo sainfo =
        sainfo(SAINFO.replaceFirst("sainfo .*", "sainfo subnet 2001:db8::/32[80] tcp anonymous"));
    assertEquals(
        new SainfoId.Addresses(AddressRange.parse("2001:db8::/32"), PortRange.of(80), 6),
        sainfo.local());
    assertEquals(new SainfoId.Anonymous(), sainfo.remote());
  }

  @Test
  void aSainfoMayBeForOnePeer() throws ConfigException {
    Sainfo sainfo =
        sainfo(SAINFO.replaceFirst("sainfo .*", "sainfo anonymous from fqdn \"moon.example\""));
    assertEquals(
        "moon.example", sainfo.from().flatMap(Identifier::text).map(Value::text).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({"pfs_group 14, 14", "pfs_group modp2048, modp2048"})
  void readsThePfsGroup(String statement, String group) throws ConfigException {
    assertEquals(group, sainfo(sainfoWith(statement + ";")).pfsGroup().orElseThrow().text());
  }

  @Test
  void readsTheRemoteId() throws ConfigException {
    assertEquals(OptionalInt.of(3), sainfo(sainfoWith("remoteid 3;")).remoteId());
  }
}
