package espd.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.Connection.Compression;
import espd.ike.Connection.DeadPeer;
import espd.ike.Connection.Rekeying;
import espd.ike.Connection.Start;
import espd.ike.Connection.Volume;
import espd.ike.Extension;
import espd.ike.Identity;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.Keychain;
import espd.ike.Uniqueness;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections in the words of `swanctl.conf`.
class SwanctlReaderTest {

  private static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:1:1::1");
  private static final Ipv6Address THERE = Ipv6Address.parse("2001:db8:2:2::2");

  private static final String LEAST =
      "local_addrs=2001:db8:1:1::1; remote_addrs=2001:db8:2:2::2; local.auth=psk; remote.auth=psk;"
          + " children.net.mode=tunnel";

  private static final String AGGRESSIVE = "version=1; aggressive=yes";

  /// Keys with values, separated by semicolons; the items of a list by blanks.
  private static Map<String, List<String>> keys(String text) {
    Map<String, List<String>> keys = new LinkedHashMap<>();
    for (String pair : text.split(";", -1)) {
      String[] parts = pair.strip().split("=", 2);
      keys.put(parts[0], new ArrayList<>(List.of(parts[1].split(" ", -1))));
    }
    return keys;
  }

  private static SwanctlReader.Loaded read(String more) throws ConfigException {
    return SwanctlReader.read(
        "gw", keys(more.isEmpty() ? LEAST : LEAST + ";" + more), HostView.of(HERE), Keychain.EMPTY);
  }

  private static Connection only(String more) throws ConfigException {
    List<Connection> all = read(more).connections();
    assertEquals(1, all.size());
    return all.getFirst();
  }

  /// Ours, for libreswan's of ipsec.conf: strongSwan has no such thing.
  @Test
  void aConnectionMayBeResumed() throws ConfigException {
    assertFalse(only("").options().extensions().contains(Extension.RESUMPTION));
    Connection conn = only("session_resumption=yes");
    assertTrue(conn.options().extensions().contains(Extension.RESUMPTION));
  }

  @Test
  void theLeastConnectionHasStrongswansDefaults() throws ConfigException {
    Connection conn = only("");
    assertEquals("gw/net", conn.name());
    assertEquals(HERE, conn.local());
    assertEquals(Optional.of(THERE), conn.remote());
    assertEquals(Identity.of(HERE), conn.localId());
    assertEquals(Mode.TUNNEL, conn.mode());
    assertEquals(AddressRange.of(THERE), conn.selectors().getFirst().remote());
    assertEquals(
        new Rekeying(Duration.ofMinutes(264), Duration.ofMinutes(24), 100, true),
        conn.ikeLifetime());
    assertEquals(
        new Rekeying(Duration.ofMinutes(66), Duration.ofMinutes(6), 100, true),
        conn.childLifetime());
    assertEquals(Duration.ZERO, conn.liveness().delay());
    assertEquals(1, conn.keyingTries());
    assertEquals(Uniqueness.NO, conn.options().uniqueness());
    assertEquals(Start.ADD, conn.start());
    assertEquals(Compression.NONE, conn.compression());
  }

  @Test
  void aPeerMayHaveOneIkeSaOrSeveral() throws ConfigException {
    for (Uniqueness policy : Uniqueness.values()) {
      String unique = policy.name().toLowerCase(Locale.ROOT);
      assertEquals(policy, only("unique=" + unique).options().uniqueness());
    }
  }

  @Test
  void everyKeyThatIsAppliedIs() throws ConfigException {
    Connection conn =
        only(
            "version=2; proposals=aes128-sha256-x25519; encap=yes; dpd_delay=10s; dpd_timeout=50s;"
                + " keyingtries=0; rekey_time=2h; over_time=30m; rand_time=15m; local.id=a.example;"
                + " remote.id=b@example; children.net.esp_proposals=aes256gcm16-ecp256 default;"
                + " children.net.local_ts=2001:db8:a::/48 2001:db8:b::/48;"
                + " children.net.remote_ts=dynamic[tcp/80]; children.net.rekey_time=0s;"
                + " children.net.rekey_bytes=100; children.net.life_bytes=150;"
                + " children.net.dpd_action=restart; children.net.start_action=trap;"
                + " children.net.replay_window=128; children.net.tfc_padding=mtu;"
                + " children.net.copy_dscp=in; children.net.reqid=7");
    assertEquals(1, conn.ikeProposals().size());
    assertEquals(3, conn.espProposals().size());
    assertTrue(conn.options().forceEncapsulation());
    assertEquals(
        new Connection.Liveness(Duration.ofSeconds(10), Duration.ofSeconds(50), DeadPeer.RESTART),
        conn.liveness());
    assertEquals(0, conn.keyingTries());
    assertEquals(
        new Rekeying(Duration.ofMinutes(150), Duration.ofMinutes(30), 50, true),
        conn.ikeLifetime());
    assertEquals(
        new Rekeying(Duration.ZERO, Duration.ZERO, new Volume(150, 50), Volume.UNLIMITED, 0, true),
        conn.childLifetime());
    assertEquals(Identity.ofName("a.example"), conn.localId());
    assertEquals(2, conn.selectors().size());
    assertEquals(6, conn.selectors().getFirst().protocol());
    assertEquals(AddressRange.of(THERE), conn.selectors().getFirst().remote());
    assertEquals(Start.ROUTE, conn.start());
    assertEquals(128, conn.replayWindow());
    assertTrue(conn.outerTraffic().decapsulatesDscp());
    assertEquals(7, conn.reqid());
    assertEquals(Compression.DEFLATE, only("children.net.ipcomp=yes").compression());
  }

  @ParameterizedTest
  @CsvSource({
    "reauth_time=3h, 180, true",
    "reauth_time=3h; rekey_time=2h, 120, true",
    "reauth_time=3h; rekey_time=5h, 180, true",
    "reauth_time=0; rekey_time=2h, 120, false",
    "reauth_time=0, 240, false"
  })
  void bothEndsProveThemselvesAnewAtReauthTime(String more, int minutes, boolean anew)
      throws ConfigException {
    Connection conn = only(more);
    Duration replaced = conn.ikeLifetime().lifetime().minus(conn.ikeLifetime().margin());
    assertEquals(Duration.ofMinutes(minutes), replaced);
    assertEquals(anew, conn.options().reauthenticates());
  }

  @ParameterizedTest
  @ValueSource(strings = {"2001:DB8:1:1::1", "2001:db8:1:1:0:0:0:1", "2001:0db8:1:1::01"})
  void anAddressOfOursMayBeWrittenAsPeopleDo(String text) throws ConfigException {
    assertEquals(HERE, only("local_addrs=" + text).local());
  }

  @Test
  void versionOneIsIkev1() throws ConfigException {
    assertEquals(IkeVersion.ONE, only("version=1").version());
    IkeVersion.One one = assertInstanceOf(IkeVersion.One.class, only(AGGRESSIVE).version());
    assertEquals(List.of(Phase1Mode.AGGRESSIVE), one.modes());
  }

  @Test
  void aConnectionHasAsManyAsItHasChildren() throws ConfigException {
    List<String> names =
        read("children.gw.mode=transport").connections().stream().map(Connection::name).toList();
    assertEquals(List.of("gw/net", "gw"), names);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          version=3                          | connections.gw.version: read "3", expected 2 or 1
          local.auth=pubkey                  | connections.gw.local.auth: read connection gw/net with public keys and no certificate of our own, expected certs = FILE
          local.auth=pubkey;local.certs=xyz                    | connections.gw.local.certs: read what is no certificate
          remote.auth=pubkey;remote.ca_id=C=CH | connections.gw.remote.ca_id: read "C=CH", expected the name of an
          remote.auth=pubkey;remote.revocation=maybe | connections.gw.remote.revocation: read "maybe", expected strict, ifuri
          local.auth=pubkey;local.pubkeys=xyz | connections.gw.local.pubkeys: read what is no public key
          local.cert.slot=1                  | connections.gw.local.cert.slot: read "1" (tokens are not
          local.crt.file=/x                  | connections.gw.local.crt: read a section, expected cert or
          proposals=aes128-md4-modp768       | connections.gw.proposals: read "md4"
          local_addrs=2001:db8::77           | connections.gw.local_addrs: read left=2001:db8::77
          over_time=0                        | connections.gw.rekey_time: read rekey_time of 14400s
          remote2.auth=psk                   | connections.gw.remote: read 2 sections remote
          nonsense=1                         | connections.gw.nonsense: read a key that is not known
          children.net.mode=beet             | connections.gw.children.net.mode: read "beet"
          children.net.rand_time=2h          | connections.gw.children.net.rand_time: read rand_time
          children.net.ah_proposals=sha256   | connections.gw.children.net.ah_proposals: read "sha256"
          children.net.start_action=hold     | connections.gw.children.net.start_action: read
          children.net.if_id_in=7            | connections.gw.children.net.if_id_in: read "7"
          children.net.local_ts=10.0.0.0/33  | connections.gw.children.net.local_ts: read "10.0.0.0/33"
          """)
  void whatCannotBeUsedIsNamed(String more, String expected) {
    ConfigException refused = assertThrows(ConfigException.class, () -> read(more));
    assertTrue(String.valueOf(refused.getMessage()).contains(expected), refused.getMessage());
  }

  @Test
  void aConnectionWithoutChildrenIsNone() {
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () -> SwanctlReader.read("gw", keys("version=2"), HostView.of(HERE), Keychain.EMPTY));
    assertTrue(String.valueOf(refused.getMessage()).contains("connections.gw.children: read no"));
  }

  @Test
  void whatIsIgnoredIsSaid() throws ConfigException {
    List<String> warnings =
        read("aggressive=yes; children.net.updown=/bin/x").warnings().stream()
            .map(Warning::toString)
            .toList();
    assertEquals(2, warnings.size());
    assertTrue(
        warnings.getLast().startsWith("connections.gw.aggressive: warning: \"yes\" is ignored"));
  }
}
