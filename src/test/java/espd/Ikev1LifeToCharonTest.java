package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Running;
import espd.lab.Traffic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What befalls SAs of IKEv1 with strongSwan at the other end: successors, deletions, deaths and
/// refusals. We are host a.
@InLab
final class Ikev1LifeToCharonTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @RegisterExtension private final Lab lab = new Lab();

  private Espd espd(String more) {
    String connection =
        """
        keyexchange=ikev1
        authby=secret
        ike=aes128-sha1-modp2048!
        esp=aes128-sha1-modp2048!
        forceencaps=yes
        left=2001:db8:1:1::1
        right=2001:db8:2:2::2
        """;
    return Espd.start(lab, lab.a(), connection + more);
  }

  private Charon charon(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("version", "1");
    settings.put("ike", "aes128-sha1-modp2048");
    settings.put("esp", "aes128-sha1-modp2048");
    settings.putAll(more);
    return Charon.start(lab, lab.b(), lab.a(), settings);
  }

  /// RFC 2409 §5.5 and §5.4: whoever replaces what, no packet is lost; the IPsec SAs outlive the
  /// ISAKMP SA they came by.
  @Test
  void thePeerReplacesBothSasAndDeletesThem() {
    Charon charon = charon(Map.of());
    Espd espd = espd("auto=add\n");
    espd.up();
    Running ping = Traffic.steadyPing(lab, lab.a(), lab.b());
    String before = espd.sa(lab.a(), lab.b()).spi();
    charon.swanctl("--rekey", "--child", "net").succeeded();
    Running.await("new SAs", SOON, () -> !espd.sa(lab.a(), lab.b()).spi().equals(before));
    charon.swanctl("--rekey", "--ike", "peer", "--reauth").succeeded();
    Running.await(
        "the ISAKMP SA is new", SOON, () -> charon.sas().contains("peer: #2, ESTABLISHED"));
    String later = espd.sa(lab.a(), lab.b()).spi();
    charon.swanctl("--rekey", "--child", "net").succeeded();
    Running.await(
        "new SAs by the new one", SOON, () -> !espd.sa(lab.a(), lab.b()).spi().equals(later));
    lab.b().pings(lab.a());
    assertEquals(charon.spi("in"), espd.sa(lab.a(), lab.b()).spi());
    assertEquals(0, Traffic.lost(ping));

    charon.swanctl("--terminate", "--child", "net").succeeded();
    Running.await("no SA", SOON, () -> espd.sad().isEmpty());
    charon.initiate();
    lab.a().pings(lab.b());
    charon.swanctl("--terminate", "--ike", "peer").succeeded();
    Running.await("no SA again", SOON, () -> espd.sad().isEmpty());
  }

  /// The first packet asks for SAs, which we replace in time; when the peer dies, they go (RFC 3706
  /// §5.5).
  @Test
  void thePacketsCallForSasWeReplaceThemAndClearThemWhenThePeerIsDead() {
    Charon charon = charon(Map.of());
    Espd espd =
        espd(
            """
            auto=route
            lifetime=12s
            ikelifetime=14s
            margintime=7s
            rekeyfuzz=0%
            dpddelay=2s
            dpdtimeout=6s
            dpdaction=clear
            """);
    lab.a().ping(lab.b().address(), 3, 56);
    lab.b().pings(lab.a());
    String before = espd.sa(lab.a(), lab.b()).spi();
    Running ping = Traffic.steadyPing(lab, lab.a(), lab.b());
    Running.await("new SAs", SOON, () -> !espd.sa(lab.a(), lab.b()).spi().equals(before));
    Running.await(
        "the ISAKMP SA is new", SOON, () -> charon.sas().contains("peer: #2, ESTABLISHED"));
    lab.b().pings(lab.a());
    assertEquals(0, Traffic.lost(ping));
    assertNotEquals(before, charon.spi("in"));
    charon.daemon().kill();
    Running.await("no SA", Duration.ofSeconds(12), () -> espd.sad().isEmpty());
  }

  /// RFC 3706 §5.5, the other way round; and who comes back says so (RFC 2407 §4.6.3.3).
  @Test
  void thePeerNoticesThatWeDied() {
    Charon charon = charon(Map.of("connection", "dpd_delay = 1s\ndpd_timeout = 4s"));
    Espd espd = espd("auto=add\n");
    espd.up();
    lab.a().pings(lab.b());
    espd.daemon().kill();
    Running.await("the peer has no SA", SOON, () -> charon.sas().isEmpty());
    espd.restart();
    espd.up();
    lab.a().pings(lab.b());
    espd.daemon().kill();
    espd.restart();
    espd.up();
    lab.b().pings(lab.a());
    Running.await(
        "one pair of SAs",
        SOON,
        () -> charon.sas().lines().filter(line -> line.contains("INSTALLED")).count() == 1);
  }

  /// In main mode nobody can read what the other sends (RFC 2409 §5.4).
  @Test
  void anotherSecretIsRefusedInBothRoles() {
    Charon charon = charon(Map.of("secret", "anotherone"));
    Espd espd = espd("auto=add\nkeyingtries=1\n");
    assertRefused("do the pre-shared keys differ?", espd);
    charon.swanctl("--initiate", "--child", "net", "--timeout", "1").failed();
    espd.daemon().awaitLog("net[2] 0x", SOON);
    Running.await("both say so", SOON, () -> espd.daemon().log().split("differ\\?").length > 3);
  }

  /// RFC 2409 §5 and §5.5: our half of the difference where the peer refuses, all of it where we
  /// do.
  @ParameterizedTest
  @CsvSource({
    "ike, aes256-sha512-ecp384, offered IKE:AES_CBC_128, ENCR differs: offered AES_CBC_256",
    "esp, aes256-sha256, offered ESP:AES_CBC_128, ENCR differs: offered AES_CBC_256"
  })
  void noCommonProposalIsRefusedWithTheDifference(
      String what, String theirs, String toUs, String byUs) {
    Charon charon = charon(Map.of(what, theirs));
    Espd espd = espd("auto=add\nkeyingtries=1\n");
    assertRefused("received NO_PROPOSAL_CHOSEN error notify: " + toUs, espd);
    charon.swanctl("--initiate", "--child", "net").failed();
    espd.daemon().awaitLog(byUs, SOON);
  }

  private static void assertRefused(String reason, Espd espd) {
    String words = espd.control("up", "net").failed().all();
    assertTrue(words.contains(reason), words);
    assertEquals(List.of(), espd.sad());
  }
}
