package espd.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.Connection.Compression;
import espd.ike.Connection.DeadPeer;
import espd.ike.Connection.Start;
import espd.ike.Connection.Volume;
import espd.ike.Extension;
import espd.ike.Identity;
import espd.ike.IkeOptions;
import espd.ike.InternalAddresses;
import espd.ike.Uniqueness;
import espd.ike.message.Transform;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.OuterTraffic;
import espd.spd.Selector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the keys of a conn mean.
class ConnectionsTest {

  @TempDir Path folder;

  @Test
  void readsLinesBrokenByTypography() throws Exception {
    Connection conn =
        one(
            ConfFolder.BASE
                + "  esp=aes128-sha256,\n¬ aes256-sha256!\n  type=transport # text\n¬ more\n");
    assertEquals(2, conn.espProposals().size());
    assertEquals(Mode.TRANSPORT, conn.mode());
  }

  @Test
  void usesDefaultsOfOurTime() throws Exception {
    Connection conn = one(ConfFolder.BASE);
    assertEquals(Mode.TUNNEL, conn.mode());
    assertEquals(Duration.ofHours(1), conn.childLifetime().lifetime());
    assertEquals(Duration.ofHours(3), conn.ikeLifetime().lifetime());
    assertEquals(Duration.ofMinutes(9), conn.childLifetime().margin());
    assertEquals(100, conn.childLifetime().fuzzPercent());
    assertTrue(conn.childLifetime().rekey());
    assertEquals(Duration.ZERO, conn.liveness().delay());
    assertEquals(3, conn.keyingTries());
    assertEquals(64, conn.replayWindow());
    assertEquals(2, conn.ikeProposals().size());
    assertEquals(Transform.encr(20, 128), conn.ikeProposals().getFirst().transforms().getFirst());
    assertEquals(2, conn.espProposals().size());
  }

  /// RFC 7296 §2.19: what we ask for, and what the peer gets.
  @Test
  void readsTheAddressesInsideOfTheTunnel() throws Exception {
    Connection conn =
        one(
            ConfFolder.BASE
                + "  leftsourceip=%config6,2001:db8:9::7\n"
                + "  rightsourceip=2001:db8:8::/64,%road\n"
                + "  rightdns=2001:db8::53\n"
                + "  leftsubnet=%dynamic\n");
    assertEquals(
        new InternalAddresses(
            List.of(Ipv6Address.UNSPECIFIED, Ipv6Address.parse("2001:db8:9::7")),
            List.of("2001:db8:8::/64", "road"),
            List.of(Ipv6Address.parse("2001:db8::53"))),
        conn.internal());
    assertEquals(List.of(Selector.between(AddressRange.ANY, AddressRange.ANY)), conn.selectors());
    assertEquals(List.of(), ConnectionPolicies.of(conn), "there are none until it has addresses");
  }

  @Test
  void appliesWhatAConnectionSaysOfItsEnds() throws Exception {
    Connection conn =
        one(
            ConfFolder.BASE
                + """
                  leftid=@here.example
                  rightid=there@example.org
                  leftsubnet=2001:db8:a::/48,2001:db8:b::/64
                  rightsubnet=2001:db8:c::/48[tcp/22]
                  forceencaps=yes
                  reqid=7
                """);
    assertEquals("here.example", conn.localId().toString());
    assertEquals(Identity.ofName("there@example.org"), conn.remoteId().orElseThrow());
    assertEquals(2, conn.selectors().size());
    Selector second = conn.selectors().get(1);
    assertEquals("2001:db8:b::/64 === 2001:db8:c::/48[22] proto 6", second.toString());
    assertTrue(conn.options().forceEncapsulation());
    assertEquals(7, conn.reqid());
  }

  /// As strongSwan: `uniqueids=yes` unless it is said otherwise.
  private static final IkeOptions USUAL = IkeOptions.DEFAULT.unique(Uniqueness.REPLACE);

  @ParameterizedTest
  @CsvSource({"yes, REPLACE", "replace, REPLACE", "keep, KEEP", "no, NO", "never, NEVER"})
  void aPeerMayHaveOneIkeSaOrSeveral(String said, Uniqueness policy) throws Exception {
    String setup = "config setup\n  uniqueids=" + said + "\n";
    assertEquals(policy, one(setup + ConfFolder.BASE).options().uniqueness());
  }

  /// As strongSwan: `accept` takes fragments and sends none.
  @ParameterizedTest
  @CsvSource({"yes, true, 600", "force, true, 600", "accept, true, 0", "no, false, 600"})
  void appliesWhatItSaysOfFragments(String said, boolean announced, int octets) throws Exception {
    String setup = "config setup\n  fragment_size=600\n  keep_alive=25s\n";
    IkeOptions options = one(setup + ConfFolder.BASE + "  fragmentation=" + said + "\n").options();
    assertEquals(announced, options.extensions().contains(Extension.FRAGMENTATION));
    assertEquals(octets, options.fragmentOctets());
    assertEquals(Duration.ofSeconds(25), options.keepAlive());
    assertEquals(USUAL, one(ConfFolder.BASE).options());
  }

  /// libreswan's, with its default.
  @Test
  void aConnectionMayBeResumed() throws Exception {
    IkeOptions options = one(ConfFolder.BASE + "  session-resumption=yes\n").options();
    assertEquals(USUAL.announcing(Extension.RESUMPTION, true), options);
    assertEquals(USUAL, one(ConfFolder.BASE + "  session-resumption=no\n").options());
  }

  @Test
  void aConnectionMayNotMove() throws Exception {
    IkeOptions options = one(ConfFolder.BASE + "  mobike=no\n").options();
    assertEquals(USUAL.announcing(Extension.MOBIKE, false), options);
    assertTrue(USUAL.extensions().contains(Extension.MOBIKE));
  }

  @Test
  void appliesWhatAConnectionSaysOfTimes() throws Exception {
    Connection conn =
        one(
            ConfFolder.BASE
                + """
                  keylife=10m
                  rekeymargin=30s
                  rekeyfuzz=50%
                  ikelifetime=2h
                  rekey=no
                  keyingtries=%forever
                  dpddelay=20
                  dpdaction=restart
                  auto=start
                """);
    assertEquals(
        new Connection.Rekeying(Duration.ofMinutes(10), Duration.ofSeconds(30), 50, false),
        conn.childLifetime());
    assertEquals(Duration.ofHours(2), conn.ikeLifetime().lifetime());
    assertEquals(0, conn.keyingTries());
    assertEquals(
        new Connection.Liveness(Duration.ofSeconds(20), DeadPeer.RESTART), conn.liveness());
    assertEquals(Start.START, conn.start());
  }

  @Test
  void appliesWhatAConnectionSaysOfBytesAndPackets() throws Exception {
    Connection conn =
        one(
            ConfFolder.BASE
                + """
                  lifebytes=4g
                  marginbytes=500m
                  lifepackets=1000000
                  rekeyfuzz=50%
                """);
    assertEquals(new Volume(4L << 30, 500L << 20), conn.childLifetime().bytes());
    assertEquals(new Volume(1_000_000, 100_000), conn.childLifetime().packets(), "a tenth before");
    assertEquals(Volume.UNLIMITED, conn.ikeLifetime().bytes());
    assertEquals(Volume.UNLIMITED, one(ConfFolder.BASE).childLifetime().bytes());
    Connection other = one(ConfFolder.BASE + "  ipsec-max-bytes=16MiB\n  marginpackets=3\n");
    assertEquals(16L << 20, other.childLifetime().bytes().most());
    assertEquals(Volume.UNLIMITED, other.childLifetime().packets(), "a margin alone is no end");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # line                             , pad to     , dummies , encap-dscp , decap-dscp
          ''                                 , 0          , 0       , true       , false
          tfc=1300                           , 1300       , 0       , true       , false
          tfc=%mtu                           , 2147483647 , 0       , true       , false
          tfc=0                              , 0          , 0       , true       , false
          tfc-dummies=50                     , 0          , 50      , true       , false
          tfc-dummies=no                     , 0          , 0       , true       , false
          encap-dscp=no                      , 0          , 0       , false      , false
          decap-dscp=yes                     , 0          , 0       , true       , true
          """)
  void appliesWhatAConnectionSaysOfItsLooks(
      String line, int padTo, int dummies, boolean encapsulates, boolean decapsulates)
      throws Exception {
    assertEquals(
        new OuterTraffic(padTo, dummies, encapsulates, decapsulates),
        one(ConfFolder.BASE + "  " + line + "\n").outerTraffic());
  }

  @ParameterizedTest
  @CsvSource({"'', NONE", "compress=no, NONE", "compress=yes, DEFLATE"})
  void appliesWhatAConnectionSaysOfCompression(String line, Compression expected) throws Exception {
    assertEquals(expected, one(ConfFolder.BASE + "  " + line + "\n").compression());
  }

  /// RFC 4303 §2.7: who hides the lengths of packets does not want to show how well each is
  /// compressed.
  @Test
  void whatHidesLengthsIsNotCompressedAndThatIsSaid() throws Exception {
    ConfFolder files = new ConfFolder(folder);
    String text = ConfFolder.BASE + "  compress=yes\n  tfc=%mtu\n";
    Configuration read =
        Configuration.read(
            List.of(files.file("ipsec.conf", text), files.secrets()), ConfFolder.HOST);
    assertEquals(Compression.NONE, read.connections().getFirst().compression());
    assertTrue(
        read.warnings()
            .getFirst()
            .toString()
            .endsWith("compress= has no effect: tfc= hides what it would shorten"),
        read.warnings()::toString);
  }

  /// RFC 4303 §2.7: in transport mode nothing tells padding from the payload.
  @Test
  void padsInTunnelsOnlyAndSaysSo() throws Exception {
    ConfFolder files = new ConfFolder(folder);
    String text = ConfFolder.BASE + "  type=transport\n  tfc=%mtu\n  tfc-dummies=9\n";
    Configuration read =
        Configuration.read(
            List.of(files.file("ipsec.conf", text), files.secrets()), ConfFolder.HOST);
    assertEquals(new OuterTraffic(0, 9, true, false), read.connections().getFirst().outerTraffic());
    assertEquals(1, read.warnings().size());
    assertTrue(
        read.warnings()
            .getFirst()
            .toString()
            .endsWith("tfc= has no effect: it pads in tunnels only"),
        read.warnings()::toString);
  }

  @Test
  void appliesWhatAConnectionSaysOfAlgorithms() throws Exception {
    Connection conn =
        one(
            ConfFolder.BASE
                + """
                  replay_window=1024
                  pfs=yes
                  pfsgroup=modp2048
                  ike=aes256-sha256-ecp256!
                  esp=aes256gcm16!
                """);
    assertEquals(1024, conn.replayWindow());
    assertEquals(1, conn.ikeProposals().size());
    assertEquals(
        List.of(
            Transform.encr(20, 256),
            Transform.of(Transform.ESN, 0),
            Transform.of(Transform.DH, 14)),
        conn.espProposals().getFirst().transforms());
  }

  @Test
  void takesOwnValuesThenThoseOfAlsoThenDefault() throws Exception {
    Connection conn =
        one(
            """
            conn %default
              keyexchange=ikev2
              authby=secret
              lifetime=4h
              keyingtries=9
              rekeyfuzz=10%
            conn x
              also=a
              also=b
              right=2001:db8:2:2::2
              ikelifetime=5h
              rekeyfuzz=
              auto=add
            conn a
              left=2001:db8:1:1::1
              ikelifetime=8h
              lifetime=2h
              keyingtries=1
            conn b
              keyingtries=2
            """);
    assertEquals(Duration.ofHours(5), conn.ikeLifetime().lifetime());
    assertEquals(Duration.ofHours(2), conn.childLifetime().lifetime());
    assertEquals(2, conn.keyingTries());
    assertEquals(100, conn.childLifetime().fuzzPercent());
  }

  @Test
  void flipsTheEndsOfAlsoflip() throws Exception {
    Connection conn =
        one(
            """
            conn x
              alsoflip=a
              keyexchange=ikev2
              authby=secret
              auto=add
            conn a
              left=2001:db8:2:2::2
              leftid=@there
              right=2001:db8:1:1::1
            """);
    assertEquals("there", conn.remoteId().orElseThrow().toString());
  }

  @Test
  void takesAnyPeerThatProvesItself() throws Exception {
    Connection conn = one(ConfFolder.BASE + "  right=%any\n");
    assertEquals(Optional.empty(), conn.remote());
    assertEquals(Optional.empty(), conn.remoteId());
    assertEquals(AddressRange.ANY, conn.selectors().getFirst().remote());
    assertEquals(List.of(), ConnectionPolicies.of(conn));
  }

  @Test
  void findsOurAddressOnTheDefaultRoute() throws Exception {
    assertEquals(ConfFolder.HERE, one(ConfFolder.BASE + "  left=%defaultroute\n").local());
    assertEquals(ConfFolder.HERE, one(ConfFolder.BASE + "  left=\n").local());
    Connection swapped = one(ConfFolder.BASE + "  left=2001:db8:2:2::2\n  right=%defaultroute\n");
    assertEquals(ConfFolder.HERE, swapped.local());
    assertEquals(Optional.of(ConfFolder.THERE), swapped.remote());
  }

  private Connection one(String text) throws Exception {
    ConfFolder files = new ConfFolder(folder);
    Configuration read =
        Configuration.read(
            List.of(files.file("ipsec.conf", text), files.secrets()), ConfFolder.HOST);
    assertEquals(1, read.connections().size());
    return read.connections().getFirst();
  }
}
