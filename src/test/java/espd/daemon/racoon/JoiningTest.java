package espd.daemon.racoon;

import static espd.daemon.racoon.RacoonFolder.HERE;
import static espd.daemon.racoon.RacoonFolder.THERE;
import static espd.daemon.racoon.RacoonText.REMOTE;
import static espd.daemon.racoon.RacoonText.SAINFO;
import static espd.daemon.racoon.RacoonText.remoteWith;
import static espd.daemon.racoon.RacoonText.sainfoWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.config.ConfigException;
import espd.daemon.config.Configuration;
import espd.daemon.config.HostView;
import espd.ike.Connection;
import espd.ike.Connection.Compression;
import espd.ike.Connection.DeadPeer;
import espd.ike.Connection.Liveness;
import espd.ike.Connection.Rekeying;
import espd.ike.Connection.Start;
import espd.ike.ConnectionBuilder;
import espd.ike.Identity;
import espd.ike.IkeOptions;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.LifetimeCheck;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Reqid;
import espd.spd.Selector;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// setkey's policies, `remote` and `sainfo` become connections.
class JoiningTest {

  private static final Transform TRIPLE_DES = Transform.of(Transform.ENCR, 3);
  private static final Transform HMAC_MD5 = Transform.of(Transform.INTEG, 1);
  private static final Transform NO_ESN = Transform.of(Transform.ESN, 0);

  /// `require`: tied by nothing but the ends.
  private static final int BY_ENDS = Reqid.FIRST_BY_ENDS;

  private static final IkeVersion.One VERSION =
      new IkeVersion.One(List.of(Phase1Mode.MAIN), LifetimeCheck.STRICT, false, true);

  private RacoonFolder folder;

  @BeforeEach
  void folder(@TempDir Path path) throws IOException {
    folder = new RacoonFolder(path).seed("psk.txt");
  }

  /// What the seed's files say.
  static ConnectionBuilder seed(Mode mode) {
    return new ConnectionBuilder(THERE.toString(), HERE)
        .version(VERSION)
        .remote(Optional.of(THERE))
        .ikeProposals(
            List.of(
                new Proposal(
                    1,
                    Proposal.IKE,
                    Bytes.EMPTY,
                    List.of(
                        TRIPLE_DES,
                        HMAC_MD5,
                        Transform.of(Transform.PRF, 1),
                        Transform.of(Transform.DH, 2)))))
        .espProposals(
            List.of(
                new Proposal(1, Proposal.ESP, Bytes.EMPTY, List.of(TRIPLE_DES, HMAC_MD5, NO_ESN))))
        .mode(mode)
        .selectors(List.of(Selector.between(AddressRange.of(HERE), AddressRange.of(THERE))))
        .reqid(BY_ENDS)
        .replayWindow(4)
        .ikeLifetime(new Rekeying(Duration.ofHours(24), Duration.ofMinutes(288), 0, true))
        .childLifetime(new Rekeying(Duration.ofHours(1), Duration.ofMinutes(12), 0, true))
        .keyingTries(1)
        .start(Start.ROUTE);
  }

  private Connection joined(String remote, String sainfo) throws ConfigException, IOException {
    return folder
        .with("racoon.conf", remote + sainfo)
        .seed("transport.sh")
        .connections()
        .getFirst();
  }

  @ParameterizedTest
  @CsvSource({"transport.sh, TRANSPORT", "tunnel.sh, TUNNEL"})
  void theSeedsFilesAreOneConnection(String policies, Mode mode)
      throws ConfigException, IOException {
    assertEquals(
        List.of(seed(mode).build()), folder.seed("racoon.conf").seed(policies).connections());
  }

  /// At others no socket is open, and a route of an SA is none to the peer.
  @Test
  void peersComeToTheAddressesThatThereWereWhenTheFilesWereRead()
      throws ConfigException, IOException {
    List<Ipv6Address> addresses = new ArrayList<>(List.of(HERE));
    HostView host = HostView.ofThisHost(_ -> Optional.of(addresses.getLast()), () -> addresses);
    String generating = remoteWith("generate_policy on;");
    Configuration read =
        folder
            .with(
                "racoon.conf",
                generating
                    + generating.replace(THERE.toString(), "anonymous")
                    + SAINFO.replaceFirst("sainfo.*", "sainfo anonymous"))
            .read(host);
    assertEquals(2, read.connections().size());
    addresses.add(Ipv6Address.parse("2001:db8:1:1::99"));
    assertEquals(read.connections(), read.connections(List.of()));
  }

  @Test
  void whatGoesOutOfUseIsSaidOnce() throws ConfigException, IOException {
    assertEquals(
        List.of(
            "psk.txt:4:27: warning: blanks behind the key are left out, which racoon counts: remove"
                + " them, or write the key as 0x and hexadecimal digits if they belong to it",
            "racoon.conf:11:1: warning: connection 2001:db8:2:2::2: it speaks IKEv1: deprecated,"
                + " RFC 9395; it names what is going out of use: 3DES: MAY, RFC 8247 §2.1; SHOULD"
                + " NOT, RFC 8221 §5; it names what is going out of use: HMAC-MD5: MUST NOT, RFC"
                + " 8247 §2.3, RFC 8221 §6, RFC 9395; it names what is going out of use: group 2"
                + " (modp1024): SHOULD NOT, RFC 8247 §2.4"),
        folder.seed("racoon.conf").seed("transport.sh").warnings());
  }

  @Test
  void theKeyIsThePeersWhateverOurIdentity() throws ConfigException, IOException {
    Configuration read = folder.seed("racoon.conf").seed("transport.sh").read();
    assertEquals(
        "verysecret",
        read.credentials()
            .preSharedKey(Identity.ofName("whoever"), Identity.of(THERE))
            .orElseThrow()
            .use(String::new));
  }

  // --- phase 1

  @Test
  void exchangeModesAndChecksAreTheVersions() throws ConfigException, IOException {
    Connection connection =
        joined(
            remoteWith("proposal_check obey; nat_traversal on; initial_contact off;")
                .replace("mode main", "mode aggressive, main"),
            SAINFO);
    assertEquals(
        new IkeVersion.One(
            List.of(Phase1Mode.AGGRESSIVE, Phase1Mode.MAIN), LifetimeCheck.OBEY, true, false),
        connection.version());
  }

  @ParameterizedTest
  @CsvSource({"strict, STRICT", "claim, CLAIM", "exact, EXACT", "obey, OBEY"})
  void lifetimesAreChecked(String word, LifetimeCheck check) throws ConfigException, IOException {
    Connection connection = joined(remoteWith("proposal_check " + word + ";"), SAINFO);
    assertEquals(check, ((IkeVersion.One) connection.version()).check());
  }

  @Test
  void encapsulationCanBeForced() throws ConfigException, IOException {
    Connection connection =
        joined("timer { natt_keepalive 15 sec; }\n" + remoteWith("nat_traversal force;"), SAINFO);
    assertEquals(
        IkeOptions.DEFAULT.forcingEncapsulation(true).keepAlive(Duration.ofSeconds(15)),
        connection.options());
    assertTrue(((IkeVersion.One) connection.version()).natTraversal());
  }

  @Test
  void aSilentPeerIsAsked() throws ConfigException, IOException {
    assertEquals(
        new Liveness(Duration.ofSeconds(20), DeadPeer.HOLD),
        joined(remoteWith("dpd_delay 20;"), SAINFO).liveness());
    assertEquals(Liveness.NEVER, joined(remoteWith("dpd_delay 20; dpd off;"), SAINFO).liveness());
    assertEquals(Liveness.NEVER, joined(remoteWith("dpd_delay 0;"), SAINFO).liveness());
  }

  @Test
  void aPassivePeerIsWaitedFor() throws ConfigException, IOException {
    assertEquals(Start.ANSWER, joined(remoteWith("passive on;"), SAINFO).start());
  }

  @Test
  void anIsakmpSaCanEndWithoutASuccessor() throws ConfigException, IOException {
    assertEquals(
        new Rekeying(Duration.ofSeconds(100), Duration.ofSeconds(20), 0, false),
        joined(REMOTE.replace("24 hour;", "100 sec; rekey off;"), SAINFO).ikeLifetime());
  }

  @Test
  void withoutLifetimesSasLiveEightHours() throws ConfigException, IOException {
    Connection connection =
        joined(
            REMOTE.replace("lifetime time 24 hour;", ""),
            SAINFO.replace("lifetime time 1 hour;", ""));
    assertEquals(Duration.ofHours(8), connection.ikeLifetime().lifetime());
    assertEquals(Duration.ofHours(8), connection.childLifetime().lifetime());
  }

  @ParameterizedTest
  @CsvSource({
    "aes 256, sha256, 14, 12:256 12 5 14",
    "aes, sha1, 5, 12:128 2 2 5",
    "aes 192, sha512, modp4096, 12:192 14 7 16",
    "rijndael 128, sha2_384, 18, 12:128 13 6 18",
    "3des, md5, 2, 3 1 1 2"
  })
  void aProposalIsOneSuite(String cipher, String hash, String group, String suite)
      throws ConfigException, IOException {
    Connection connection =
        joined(
            REMOTE
                .replace("algorithm 3des", "algorithm " + cipher)
                .replace("algorithm md5", "algorithm " + hash)
                .replace("group 2", "group " + group),
            SAINFO);
    assertEquals(suite, text(connection.ikeProposals().getFirst()));
  }

  private static String text(Proposal proposal) {
    return String.join(
        " ",
        proposal.transforms().stream()
            .map(
                each ->
                    each.keyBits().isPresent()
                        ? each.id() + ":" + each.keyBits().getAsInt()
                        : "" + each.id())
            .toList());
  }

  @Test
  void proposalsKeepTheirOrder() throws ConfigException, IOException {
    String more =
        """
        proposal {
          encryption_algorithm aes 128;
          hash_algorithm sha1;
          authentication_method pre_shared_key;
          dh_group 14;
          lifetime time 1 hour;
        }
        """;
    Connection connection = joined(remoteWith(more), SAINFO);
    assertEquals(
        List.of("12:128 2 2 14", "3 1 1 2"),
        connection.ikeProposals().stream().map(JoiningTest::text).toList());
    assertEquals(Duration.ofHours(1), connection.ikeLifetime().lifetime());
  }

  @ParameterizedTest
  @CsvSource({
    "'', 2001:db8:1:1::1, 5",
    "my_identifier address;, 2001:db8:1:1::1, 5",
    "my_identifier address 2001:db8::9;, 2001:db8::9, 5",
    "my_identifier fqdn \"moon.example\";, moon.example, 2",
    "my_identifier user_fqdn \"me@example\";, me@example, 3",
    "my_identifier keyid tag \"team\";, #7465616d, 11",
    "'my_identifier asn1dn \"C=CH, CN=moon\";', 'C=CH, CN=moon', 9"
  })
  void weAreWhoWeSay(String statement, String identity, int type)
      throws ConfigException, IOException {
    Identity local = joined(remoteWith(statement), SAINFO).localId();
    assertEquals(identity, local.toString());
    assertEquals(type, local.type());
  }

  @Test
  void aPeerHasToBeSomebodyOnlyWhenThatIsVerified() throws ConfigException, IOException {
    String named = "peers_identifier fqdn \"sun.example\";";
    assertEquals(Optional.empty(), joined(remoteWith(named), SAINFO).remoteId());
    assertEquals(
        Optional.of(Identity.ofName("sun.example")),
        joined(remoteWith(named + " verify_identifier on;"), SAINFO).remoteId());
  }

  @Test
  void aPeerWithoutARemoteHasTheAnonymousOne() throws ConfigException, IOException {
    String anonymous = REMOTE.replace("remote 2001:db8:2:2::2", "remote anonymous");
    assertEquals(seed(Mode.TRANSPORT).build(), joined(anonymous, SAINFO));
    assertEquals(
        Duration.ofHours(24),
        joined(anonymous.replace("24 hour", "1 hour") + REMOTE, SAINFO).ikeLifetime().lifetime());
  }

  // --- phase 2

  @Test
  void algorithmsAreOneProposal() throws ConfigException, IOException {
    Connection connection =
        joined(
            REMOTE,
            SAINFO
                .replace("algorithm 3des", "algorithm aes 256, aes, 3des, null")
                .replace("hmac_md5", "hmac_sha256, hmac_sha1")
                .replace("lifetime", "pfs_group 14; lifetime"));
    assertEquals("12:256 12:128 3 11 12 2 14 0", text(connection.espProposals().getFirst()));
    assertEquals(1, connection.espProposals().size());
  }

  @Test
  void packetsAreCompressedWherePolicyAndSainfoSaySo() throws ConfigException, IOException {
    String policy =
        "spdadd 2001:db8:1:1::1 2001:db8:2:2::2 any -P out ipsec ipcomp/transport//use"
            + " esp/transport//require;";
    assertEquals(
        Compression.DEFLATE,
        folder
            .seed("racoon.conf")
            .with("setkey.conf", policy)
            .connections()
            .getFirst()
            .compression());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          anonymous                                                             | 100
          anonymous ; address 2001:db8:1:1::1 any anonymous                     | 101
          address 2001:db8:1:1::1 any anonymous ; anonymous                     | 100
          anonymous ; subnet 2001:db8:1::/48 any subnet 2001:db8:2::/48 any     | 101
          anonymous ; address 2001:db8:1:1::1 tcp address 2001:db8:2:2::2 tcp   | 100
          anonymous ; address 2001:db8:2:2::2 any address 2001:db8:1:1::1 any   | 100
          anonymous ; anonymous from address 2001:db8:2:2::2                    | 101
          anonymous ; anonymous from fqdn "x"                                   | 100
          """)
  void theMostParticularSainfoIsTaken(String sainfos, int seconds)
      throws ConfigException, IOException {
    StringBuilder text = new StringBuilder();
    int lifetime = 100;
    for (String ids : sainfos.split(" ; ", -1)) {
      text.append(
          SAINFO.replaceFirst("sainfo .*", "sainfo " + ids).replace("1 hour", lifetime++ + " sec"));
    }
    Connection connection = joined(REMOTE, text.toString());
    assertEquals(seconds, connection.childLifetime().lifetime().toSeconds());
  }

  @Test
  void aSainfoWithARemoteIdIsForThatRemote() throws ConfigException, IOException {
    String sainfos = sainfoWith("remoteid 7;").replace("1 hour", "7 sec") + SAINFO;
    assertEquals(3600, joined(REMOTE, sainfos).childLifetime().lifetime().toSeconds());
    assertEquals(7, joined(remoteWith("ph1id 7;"), sainfos).childLifetime().lifetime().toSeconds());
  }

  @Test
  void packetsWithoutASainfoGoNowhere() throws ConfigException, IOException {
    folder
        .with(
            "racoon.conf",
            REMOTE + SAINFO.replaceFirst("sainfo .*", "sainfo address ::1 any anonymous"))
        .seed("transport.sh");
    assertEquals(List.of(), folder.connections());
    assertEquals(
        "racoon.conf:1:1: warning: failed to get sainfo: there is none for the packets"
            + " 2001:db8:1:1::1/128 === 2001:db8:2:2::2/128, which go nowhere",
        folder.warnings().getLast());
  }
}
