package espd.daemon.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.Connection.DeadPeer;
import espd.ike.Connection.Start;
import espd.ike.Identity;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Mode;
import espd.spd.Selector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A `swanctl.conf` as people write it, in the language of strongswan.conf(5).
class SwanctlConfTest {

  private static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:1:1::1");
  private static final Identity ALICE = Identity.ofName("alice.example");
  private static final Identity BOB = Identity.ofName("bob.example");

  private static final String WHOLE =
      """
      # everything once
      defaults {
        local_addrs = 2001:db8:1:1::1   # ours
        version = 2
        proposals = aes128-sha256-x25519
        dpd_delay = 30s
        local { auth = psk
          id = alice.example }
      }
      child-defaults {
        mode = transport
        dpd_action = restart
        start_action = trap
      }
      connections
      {
        gw : defaults {
          remote_addrs = 2001:db8:2:2::2
          dpd_delay =
          remote {
            auth = psk
            id = "bob.example"
          }
          children {
            host : child-defaults {
              start_action = none
            }
            net {
              local_ts = 2001:db8:a::/48, 2001:db8:b::/48
              remote_ts = 2001:db8:c::/48
            }
          }
        }
        other : connections.gw {
          remote_addrs = 2001:db8:2:2::3
        }
      }
      include conf.d/*.conf
      """;

  private static final String SECRETS =
      """
      secrets {
        ike-bob {
          id-1 = alice.example
          id-2 = bob.example
          secret = "very \\"secret\\"\\
      , really"
        }
        ike { secret = 0x0102ff }
      }
      """;

  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private Configuration read(Path file) throws ConfigException {
    return Configuration.read(List.of(file), HostView.of(HERE));
  }

  private Configuration whole() throws IOException, ConfigException {
    Path file = write("swanctl.conf", WHOLE);
    write("conf.d/secrets.conf", SECRETS);
    return read(file);
  }

  private static Connection named(Configuration read, String name) {
    return read.connections().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void everyChildOfEveryConnectionIsOne() throws IOException, ConfigException {
    assertEquals(
        List.of("gw/host", "gw/net", "other/host", "other/net"),
        whole().connections().stream().map(Connection::name).toList());
  }

  @Test
  void eachHasAReqidOfItsOwn() throws IOException, ConfigException {
    assertEquals(4, whole().connections().stream().map(Connection::reqid).distinct().count());
  }

  @Test
  void keysOfASectionComeBeforeWhatItRefersTo() throws IOException, ConfigException {
    Connection host = named(whole(), "gw/host");
    assertEquals(Mode.TRANSPORT, host.mode());
    assertEquals(Start.ADD, host.start());
    assertEquals(ALICE, host.localId());
    assertEquals(Optional.of(BOB), host.remoteId());
    assertEquals(1, host.ikeProposals().size());
  }

  @Test
  void anEmptyValueTakesBackWhatIsInherited() throws IOException, ConfigException {
    assertEquals(Duration.ZERO, named(whole(), "gw/host").liveness().delay());
  }

  @Test
  void referencesGoThroughReferences() throws IOException, ConfigException {
    Connection other = named(whole(), "other/host");
    assertEquals(Optional.of(Ipv6Address.parse("2001:db8:2:2::3")), other.remote());
    assertEquals(ALICE, other.localId());
    assertEquals(Mode.TRANSPORT, other.mode());
  }

  @Test
  void listsHaveCommas() throws IOException, ConfigException {
    assertEquals(2, named(whole(), "gw/net").selectors().size());
  }

  @Test
  void livenessOfAConnectionGoesWithTheActionOfItsChild() throws IOException, ConfigException {
    Path file = write("swanctl.conf", WHOLE.replace("    dpd_delay =\n", ""));
    Connection host = named(read(file), "gw/host");
    assertEquals(
        new Connection.Liveness(Duration.ofSeconds(30), DeadPeer.RESTART), host.liveness());
  }

  @Test
  void theMostSpecificSecretIsTaken() throws IOException, ConfigException {
    Secrets secrets = whole().credentials();
    KeyMaterial both = secrets.preSharedKey(ALICE, BOB).orElseThrow();
    byte[] expected = "very \"secret\", really".getBytes(StandardCharsets.US_ASCII);
    both.use(octets -> assertArray(expected, octets));
    KeyMaterial any = secrets.preSharedKey(ALICE, Identity.ofName("carol.example")).orElseThrow();
    any.use(octets -> assertArray(new byte[] {1, 2, (byte) 0xff}, octets));
  }

  private static boolean assertArray(byte[] expected, byte[] actual) {
    assertArrayEquals(expected, actual);
    return true;
  }

  @Test
  void secretsThatEverybodyMayReadAreRefused() throws IOException {
    Path file = write("swanctl.conf", WHOLE);
    Path secrets = write("conf.d/secrets.conf", SECRETS);
    Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-r--r--"));
    ConfigException refused = assertThrows(ConfigException.class, () -> read(file));
    assertTrue(String.valueOf(refused.getMessage()).contains("conf.d/secrets.conf: read secrets"));
  }

  @Test
  void theEndItselfMayStandInAList() throws IOException, ConfigException {
    String text = WHOLE.replace("2001:db8:b::/48", "dynamic[tcp/22]");
    Connection net =
        read(write("swanctl.conf", text)).connections().stream()
            .filter(each -> each.name().equals("gw/net"))
            .findFirst()
            .orElseThrow();
    assertEquals(
        List.of(
            "2001:db8:a::/48 === 2001:db8:c::/48",
            "2001:db8:1:1::1/128[22] === 2001:db8:c::/48 proto 6"),
        net.selectors().stream().map(Selector::toString).toList());
  }

  @Test
  void namesAreInUtf8() throws IOException, ConfigException {
    Path file = write("swanctl.conf", WHOLE.replace("gw", "zürich"));
    assertEquals("zürich/host", read(file).connections().getFirst().name());
  }

  @Test
  void aFileIsKnownByItsFirstSection() throws IOException, ConfigException {
    assertEquals(4, read(write("vpn.conf", WHOLE)).connections().size());
    String connections = WHOLE.substring(WHOLE.indexOf("connections"), WHOLE.indexOf("include"));
    ConfigException refused =
        assertThrows(ConfigException.class, () -> read(write("vpn.conf", connections)));
    assertTrue(String.valueOf(refused.getMessage()).contains("\"defaults\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          start_action = none        | start_action = hold     | 26:24 | read "hold"
          dpd_delay =                | colour = red            | 19:5  | read a key that is not known: colour
          dpd_delay =                | dpd_delay               | 19:14 | read no = and no { after "dpd_delay"
          gw : defaults              | gw : default            | 17:8  | read "default", expected a section's
          # everything once          | a : a { }               | 1:5   | expected a section that does not lead
          id = "bob.example"         | id = "bob.example       | 22:12 | read a quotation without end
          include conf.d/*.conf      | }                       | 38:1  | read } without {
          include conf.d/*.conf      | connections {           | 15:1  | read section connections without end
          include conf.d/*.conf      | colour = red            | 38:1  | read a key outside of all sections
          include conf.d/*.conf      | .                       | 38:1  | read ".", expected the name of
          include conf.d/*.conf      | pools { a { addrs = x} }| 38:21 | read "x", expected addresses to give
          include conf.d/*.conf      | pools { a { dns = :: } }| 38:9  | read no addresses
          include conf.d/*.conf      | authorities { a { cacert = a.pem } }| 38:28 | a.pem cannot be read), expected a file that can be read
          include conf.d/*.conf      | secrets { rsa { file = a } }| 38:11 | read secret rsa without one
          """)
  void whatCannotBeUsedIsNamedWithItsPlace(String now, String then, String place, String expected)
      throws IOException {
    assertTrue(WHOLE.contains(now));
    Path file = write("swanctl.conf", WHOLE.replace(now, then));
    ConfigException refused = assertThrows(ConfigException.class, () -> read(file));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains("swanctl.conf:" + place + ": "), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ike { }                     | read secret ike without one
          ike { secret = 0xabc }      | read 0x and what is no hexadecimal
          ike { secret = 0s*** }      | read 0s and what is no base64
          ike { secret = ab; owner=c }| expected secret or id
          ike { secret = \"topsecret  | read a quotation without end
          """)
  void noSecretStandsInAMessage(String secret, String expected) throws IOException {
    Path file = write("swanctl.conf", "secrets {\n" + secret.replace(';', '\n') + "\n}\n");
    ConfigException refused = assertThrows(ConfigException.class, () -> read(file));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(expected), message);
    assertFalse(message.contains("abc") || message.contains("topsecret"), message);
  }

  @Test
  void filesMayNotIncludeThemselvesForEver() throws IOException {
    Path file = write("swanctl.conf", "include swanctl.conf\n");
    ConfigException refused = assertThrows(ConfigException.class, () -> read(file));
    assertTrue(String.valueOf(refused.getMessage()).contains("no more than"));
  }
}
