package espd.daemon.racoon;

import static espd.daemon.racoon.RacoonText.REMOTE;
import static espd.daemon.racoon.RacoonText.SAINFO;
import static espd.daemon.racoon.RacoonText.clean;
import static espd.daemon.racoon.RacoonText.read;
import static espd.daemon.racoon.RacoonText.remoteWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.config.ConfigException;
import espd.daemon.config.Value;
import espd.daemon.config.Warning;
import espd.ike.IkeVersion.Phase1Mode;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What each statement of racoon.conf(5) is read as.
class RacoonParserTest {

  private static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:1:1::1");
  private static final Ipv6Address THERE = Ipv6Address.parse("2001:db8:2:2::2");

  private static String path(RacoonConf conf, String kind) {
    return Optional.ofNullable(conf.paths().get(kind)).map(Value::text).orElse("");
  }

  private static Remote remote(String text) throws ConfigException {
    return clean(text).remotes().getFirst();
  }

  private static Sainfo sainfo(String text) throws ConfigException {
    return clean(text).sainfos().getFirst();
  }

  private static List<String> texts(List<Cipher> ciphers) {
    return ciphers.stream().map(Cipher::text).toList();
  }

  @Test
  void readsTheSeedsFile() throws ConfigException, IOException {
    RacoonConf conf = clean(SeedFiles.text("racoon.conf"));
    assertEquals("/etc/racoon", path(conf, "include"));
    assertEquals("/etc/racoon/psk.txt", path(conf, "pre_shared_key"));
    assertEquals(List.of(HERE), conf.listen());
    Remote remote = conf.remotes().getFirst();
    assertEquals(new RemoteName.OfAddress(THERE), remote.name());
    assertEquals(List.of(Phase1Mode.MAIN), remote.modes());
    assertEquals(Duration.ofHours(24), remote.lifetime());
    Phase1Proposal proposal = remote.proposals().getFirst();
    assertEquals("3des", proposal.encryption().text());
    assertEquals("md5", proposal.hash().text());
    assertEquals("pre_shared_key", proposal.authentication().text());
    assertEquals("2", proposal.group().text());
    assertEquals(
        List.of(
            "2001:db8:1:1::1/128[any] any 2001:db8:2:2::2/128[any] any",
            "2001:db8:2:2::2/128[any] any 2001:db8:1:1::1/128[any] any"),
        conf.sainfos().stream().map(Sainfo::name).toList());
    Sainfo sainfo = conf.sainfos().getFirst();
    assertEquals(Duration.ofHours(1), sainfo.lifetime());
    assertEquals(List.of("3des"), texts(sainfo.encryption()));
    assertEquals(List.of("hmac_md5"), texts(sainfo.authentication()));
    assertTrue(sainfo.compression());
  }

  @Test
  void theMarkOfALineBrokenInPrintIsWhiteSpace() throws ConfigException {
    assertEquals(
        List.of(Phase1Mode.MAIN),
        remote(REMOTE.replace("exchange_mode main;", "exchange_mode\n¬ main;")).modes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          remote anonymous                          | anonymous
          remote anonymous [500]                    | anonymous
          remote 2001:db8::2 [500]                  | 2001:db8::2
          remote 192.0.2.1                          | 192.0.2.1
          remote "gateway"                          | "gateway"
          """)
  void namesARemote(String header, String name) throws ConfigException {
    String text = REMOTE.replace("remote 2001:db8:2:2::2", header);
    assertEquals(name, remote(text).name().toString());
  }

  @Test
  void aNamedRemoteHasItsPeersAddress() throws ConfigException {
    String text =
        remoteWith("remote_address 2001:db8::7 [500];")
            .replace("remote 2001:db8:2:2::2", "remote \"x\"");
    assertEquals("2001:db8::7", remote(text).address().orElseThrow().toString());
    assertEquals(
        Optional.empty(),
        remote(REMOTE.replace("remote 2001:db8:2:2::2", "remote \"x\"")).address());
  }

  @Test
  void aRemoteInheritsWhatItDoesNotSay() throws ConfigException {
    Remote remote =
        remote(
            remoteWith("dpd_delay 20;")
                + "remote 2001:db8::7 inherit 2001:db8:2:2::2 { dpd_delay 10; }");
    assertEquals(OptionalInt.of(10), remote.amount(RemoteAmount.DPD_DELAY));
    assertEquals(List.of(Phase1Mode.MAIN), remote.modes());
    assertEquals(1, remote.proposals().size());
    assertEquals(Duration.ofHours(24), remote.lifetime());
    assertEquals(
        Duration.ofHours(24),
        remote(REMOTE + "remote anonymous inherit 2001:db8:2:2::2;").lifetime());
  }

  @ParameterizedTest
  @CsvSource({
    "main, MAIN",
    "'main,aggressive', MAIN AGGRESSIVE",
    "'aggressive, main', AGGRESSIVE MAIN",
    "main aggressive, MAIN AGGRESSIVE"
  })
  void readsExchangeModes(String written, String modes) throws ConfigException {
    String text = REMOTE.replace("exchange_mode main", "exchange_mode " + written);
    assertEquals(
        List.of(modes.split(" ", -1)), remote(text).modes().stream().map(Enum::name).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "doi ipsec_doi, DOI, ipsec_doi",
    "situation identity_only, SITUATION, identity_only",
    "verify_identifier on, VERIFY_IDENTIFIER, on",
    "verify_cert on, VERIFY_CERT, on",
    "send_cert off, SEND_CERT, off",
    "send_cr on, SEND_CR, on",
    "match_empty_cr off, MATCH_EMPTY_CR, off",
    "generate_policy on, GENERATE_POLICY, on",
    "generate_policy unique, GENERATE_POLICY, unique",
    "generate_policy require, GENERATE_POLICY, require",
    "support_proxy on, SUPPORT_PROXY, on",
    "initial_contact off, INITIAL_CONTACT, off",
    "initial_contact no, INITIAL_CONTACT, off",
    "passive on, PASSIVE, on",
    "passive yes, PASSIVE, on",
    "nat_traversal force, NAT_TRAVERSAL, force",
    "ike_frag off, IKE_FRAG, off",
    "mode_cfg off, MODE_CFG, off",
    "weak_phase1_check off, WEAK_PHASE1_CHECK, off",
    "dpd off, DPD, off",
    "rekey force, REKEY, force",
    "proposal_check obey, PROPOSAL_CHECK, obey",
    "proposal_check claim, PROPOSAL_CHECK, claim",
  })
  void readsAChoice(String statement, RemoteChoice choice, String word) throws ConfigException {
    assertEquals(word, remote(remoteWith(statement + ";")).choice(choice));
  }

  @Test
  void everyChoiceHasWhatHoldsWithoutIt() throws ConfigException {
    for (RemoteChoice choice : RemoteChoice.values()) {
      assertEquals(choice.usual(), remote(REMOTE).choice(choice));
    }
  }

  @ParameterizedTest
  @CsvSource({"dpd_delay 20, DPD_DELAY, 20", "dpd_retry 5, DPD_RETRY, 5", "ph1id 7, PH1ID, 7"})
  void readsANumber(String statement, RemoteAmount amount, int number) throws ConfigException {
    assertEquals(OptionalInt.of(number), remote(remoteWith(statement + ";")).amount(amount));
  }

  @ParameterizedTest
  @CsvSource({
    "address, ADDRESS, , false",
    "address 2001:db8::9, ADDRESS, 2001:db8::9, false",
    "fqdn \"moon.example\", FQDN, moon.example, false",
    "user_fqdn \"me@example\", USER_FQDN, me@example, false",
    "keyid tag \"team\", KEYID, team, false",
    "keyid file \"/etc/id\", KEYID, /etc/id, true",
    "keyid \"/etc/id\", KEYID, /etc/id, true",
    "asn1dn, ASN1DN, , false",
    "'asn1dn \"C=CH, CN=moon\"', ASN1DN, 'C=CH, CN=moon', false",
  })
  void readsIdentifiers(String written, Identifier.Type type, String text, boolean isFile)
      throws ConfigException {
    Remote remote =
        remote(remoteWith("my_identifier " + written + "; peers_identifier " + written + ";"));
    for (Identifier each :
        List.of(
            remote.last(RemoteItem.MyIdentifier.class).orElseThrow().identifier(),
            remote.last(RemoteItem.PeersIdentifier.class).orElseThrow().identifier())) {
      assertEquals(type, each.type());
      assertEquals(Optional.ofNullable(text), each.text().map(Value::text));
      assertEquals(isFile, each.isFile());
    }
  }

  @Test
  void readsCertificates() throws ConfigException {
    Remote remote =
        remote(
            remoteWith(
                """
                certificate_type x509 "my.pem" "my.key";
                peers_certfile x509 "peer.pem";
                ca_type x509 "ca.pem";
                """));
    RemoteItem.Certificate own = remote.last(RemoteItem.Certificate.class).orElseThrow();
    assertEquals("my.pem my.key", own.certificate() + " " + own.key());
    assertEquals(
        "peer.pem", remote.last(RemoteItem.PeersCertificate.class).orElseThrow().file().text());
    assertEquals("ca.pem", remote.last(RemoteItem.Authority.class).orElseThrow().file().text());
  }

  @ParameterizedTest
  @CsvSource({
    "1 sec, 1",
    "2 secs, 2",
    "3 second, 3",
    "4 seconds, 4",
    "5 min, 300",
    "6 mins, 360",
    "7 minute, 420",
    "8 minutes, 480",
    "1 hour, 3600",
    "24 hours, 86400"
  })
  void readsUnitsOfTime(String written, int seconds) throws ConfigException {
    assertEquals(
        Duration.ofSeconds(seconds), remote(REMOTE.replace("24 hour", written)).lifetime());
    assertEquals(Duration.ofSeconds(seconds), sainfo(SAINFO.replace("1 hour", written)).lifetime());
  }

  @Test
  void aProposalMayHaveALifetimeOfItsOwn() throws ConfigException {
    String text = REMOTE.replace("dh_group 2;", "dh_group modp2048; lifetime time 2 min;");
    Phase1Proposal proposal = remote(text).proposals().getFirst();
    assertEquals(Optional.of(Duration.ofMinutes(2)), proposal.lifetime());
    assertEquals("modp2048", proposal.group().text());
  }

  @ParameterizedTest
  @CsvSource({
    "aes, aes",
    "aes 256, aes 256",
    "aes256, aes 256",
    "3des, 3des",
    "blowfish 128, blowfish 128"
  })
  void aCipherMayHaveALength(String written, String read) throws ConfigException {
    assertEquals(
        read,
        remote(REMOTE.replace("algorithm 3des", "algorithm " + written))
            .proposals()
            .getFirst()
            .encryption()
            .text());
    assertEquals(
        List.of(read, "null"),
        texts(
            sainfo(SAINFO.replace("algorithm 3des", "algorithm " + written + ", null"))
                .encryption()));
  }

  @Test
  void readsLogAndKeepAlive() throws ConfigException {
    RacoonConf conf = clean("log debug2; timer { natt_keepalive 15 sec; }");
    assertEquals("debug2", conf.log().orElseThrow().text());
    assertEquals(Duration.ofSeconds(15), conf.keepAlive());
  }

  @Test
  void listensWhereItIsTold() throws ConfigException {
    RacoonConf conf =
        clean(
            """
            listen {
              isakmp 2001:db8:1:1::1 [500];
              isakmp 2001:db8:2:2::2;
              isakmp_natt 2001:db8:1:1::1 [4500];
              strict_address;
            }
            """);
    assertEquals(List.of(HERE, THERE), conf.listen());
  }

  @Test
  void includesFilesFromItsFolder(@TempDir Path folder) throws IOException, ConfigException {
    Files.createDirectory(folder.resolve("more"));
    Files.writeString(folder.resolve("more/a.conf"), REMOTE);
    Files.writeString(folder.resolve("more/b.conf"), SAINFO);
    for (String text :
        List.of(
            "include \"more/*.conf\";",
            "path include \"%s/more\"; include \"a.conf\"; include \"b.conf\";".formatted(folder),
            "include \"%s/more/[ab].conf\";".formatted(folder))) {
      RacoonText read = read(folder.resolve("racoon.conf"), text);
      read.findings().throwProblems();
      assertEquals(1, read.conf().remotes().size());
      assertEquals(1, read.conf().sainfos().size());
    }
  }

  @Test
  void aFileThatIncludesItselfEnds(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("racoon.conf"), "include \"racoon.conf\";");
    assertEquals(1, read(file, Files.readString(file)).findings().problemCount());
  }

  @Test
  void theLaterRemoteIsTaken() {
    RacoonText read = read(REMOTE + REMOTE.replace("24 hour", "1 hour"));
    assertEquals(Duration.ofHours(1), read.conf().remotes().getFirst().lifetime());
    assertEquals(
        List.of(
            "racoon.conf:1:1: warning: remote 2001:db8:2:2::2 is not used: a later one takes its"
                + " place"),
        read.findings().warnings().stream().map(Warning::toString).toList());
  }

  // Characters that are nothing by themselves, as racoon 0.9.1 takes them.

  @ParameterizedTest
  @ValueSource(strings = {"dpd_delay = 10;", "dpd_delay  \t=\n10 ;", "dpd_delay=# x\n10;"})
  void vanishBeforeWhiteSpace(String statement) throws ConfigException {
    assertEquals(OptionalInt.of(10), remote(remoteWith(statement)).amount(RemoteAmount.DPD_DELAY));
  }

  @Test
  void makeANumberZero() {
    RacoonText read = read(remoteWith("dpd_delay=10;"));
    assertEquals(
        OptionalInt.of(0), read.conf().remotes().getFirst().amount(RemoteAmount.DPD_DELAY));
    assertEquals(
        List.of("racoon.conf:4:12: warning: \"=\" before a number makes it 0, as in racoon"),
        read.findings().warnings().stream().map(Warning::toString).toList());
  }

  @Test
  void makeALengthTheUsualOne() {
    RacoonText read = read(REMOTE.replace("algorithm 3des", "algorithm aes_256"));
    assertEquals(
        "aes", read.conf().remotes().getFirst().proposals().getFirst().encryption().text());
    assertEquals(1, read.findings().warnings().size());
  }

  @Test
  void doNothingToKeywords() throws ConfigException {
    assertEquals(
        "2001:db8:1:1::1/128[any] any 2001:db8:2:2::2/128[any] any",
        sainfo(
                SAINFO
                    .replace("sainfo ", "sainfo (")
                    .replace("2::2 any", "2::2 any)")
                    .replace("\n{", "{"))
            .name());
    assertEquals(
        "anonymous anonymous",
        sainfo(SAINFO.replaceFirst("sainfo .*\n", "sainfo anonymous")).name());
  }
}
