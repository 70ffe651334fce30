package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Capture;
import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Running;
import espd.lab.Traffic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Us and strongSwan: IKEv2 with a PSK, tunnel mode in UDP. We are host a.
@InLab
class EspdToCharonTest {

  private static final Duration REKEYED = Duration.ofSeconds(40);

  @RegisterExtension private final Lab lab = new Lab();

  private static String connection(String more) {
    return """
    keyexchange=ikev2
    authby=secret
    type=tunnel
    forceencaps=yes
    left=2001:db8:1:1::1
    right=2001:db8:2:2::2
    auto=add
    """
        + more;
  }

  private Espd espd(String more) {
    return Espd.start(lab, lab.a(), connection(more));
  }

  private Charon charon(Map<String, String> proposals) {
    return Charon.start(lab, lab.b(), lab.a(), proposals);
  }

  @Test
  void weInitiate() {
    Charon charon = charon(Map.of());
    Espd espd = espd("");
    Capture capture = Capture.start(lab, lab.a());
    espd.up();
    lab.a().pings(lab.b());
    lab.b().pings(lab.a());
    Traffic.tcp(lab, lab.a(), lab.b());
    Traffic.tcp(lab, lab.b(), lab.a());
    capture.stop();
    assertTrue(charon.sas().contains("TUNNEL-in-UDP"), charon.sas());
    assertEquals(List.of(), capture.pingsInTheClear());
    assertEquals(List.of(), capture.lines("ip6 proto 50"), "all ESP is in UDP");
    assertEquals(espd.sa(lab.a(), lab.b()).spi(), charon.spi("in"));
    assertEquals(espd.sa(lab.b(), lab.a()).spi(), charon.spi("out"));
  }

  @Test
  void weRespond() {
    Charon charon = charon(Map.of());
    Espd espd = espd("");
    charon.initiate();
    lab.b().pings(lab.a());
    lab.a().pings(lab.b());
    Traffic.tcp(lab, lab.b(), lab.a());
    assertEquals(2, espd.sad().size());
  }

  @ParameterizedTest
  @CsvSource({
    "3des-md5-modp1024, 3des-md5",
    "aes128-sha1-modp2048, aes128-sha1",
    "aes256-sha512-ecp384, aes256-sha256",
    "aes128gcm16-prfsha256-x25519, aes256gcm16",
    "aes256gcm16-prfsha384-ecp256, chacha20poly1305"
  })
  void weAgreeOnEverySuite(String ike, String esp) {
    Charon charon = charon(Map.of("ike", ike, "esp", esp));
    Espd espd = espd("ike=" + ike + "!\nesp=" + esp + "!\n");
    espd.up();
    lab.a().pings(lab.b());
    lab.b().pings(lab.a());
    espd.control("down", "net").succeeded();
    Running.await("the peer has no SA", REKEYED, () -> !charon.sas().contains("INSTALLED"));
    charon.initiate();
    lab.b().pings(lab.a());
  }

  @Test
  void thePeerRekeysTheChildSa() {
    Charon charon = charon(Map.of("esp", "aes128gcm16-x25519"));
    Espd espd = espd("esp=aes128gcm16-x25519!\n");
    espd.up();
    String before = espd.sa(lab.a(), lab.b()).spi();
    Running ping = Traffic.steadyPing(lab, lab.a(), lab.b());
    charon.swanctl("--rekey", "--child", "net").succeeded();
    Running.await("new SAs", REKEYED, () -> !espd.sa(lab.a(), lab.b()).spi().equals(before));
    lab.b().pings(lab.a());
    assertEquals(0, Traffic.lost(ping));
  }

  @Test
  void thePeerRekeysTheIkeSa() {
    Charon charon = charon(Map.of());
    Espd espd = espd("");
    espd.up();
    charon.swanctl("--rekey", "--ike", "peer").succeeded();
    Running.await(
        "the IKE SA is new", REKEYED, () -> charon.sas().contains("peer: #2, ESTABLISHED"));
    lab.b().pings(lab.a());
    charon.swanctl("--rekey", "--child", "net").succeeded();
    lab.a().pings(lab.b());
    espd.control("down", "net").succeeded();
    Running.await("the peer has no SA", REKEYED, () -> !charon.sas().contains("INSTALLED"));
  }

  @Test
  void weRekeyTheChildSa() {
    Charon charon = charon(Map.of("esp", "aes128gcm16-x25519"));
    Espd espd = espd("esp=aes128gcm16-x25519!\nlifetime=12s\nmargintime=7s\nrekeyfuzz=0%\n");
    espd.up();
    String before = espd.sa(lab.a(), lab.b()).spi();
    Running ping = Traffic.steadyPing(lab, lab.a(), lab.b());
    Running.await("new SAs", REKEYED, () -> !espd.sa(lab.a(), lab.b()).spi().equals(before));
    lab.b().pings(lab.a());
    assertEquals(0, Traffic.lost(ping));
    assertNotEquals(before, charon.spi("in"));
  }

  @Test
  void weRekeyTheIkeSa() {
    Charon charon = charon(Map.of());
    Espd espd = espd("ikelifetime=12s\nmargintime=7s\nrekeyfuzz=0%\n");
    espd.up();
    Running.await(
        "the IKE SA is new", REKEYED, () -> charon.sas().contains("peer: #2, ESTABLISHED"));
    lab.a().pings(lab.b());
    lab.b().pings(lab.a());
    charon.swanctl("--rekey", "--child", "net").succeeded();
    lab.a().pings(lab.b());
  }

  /// RFC 7296 §2.8.3: another IKE SA and Child SA before the old ones go; no packet is lost.
  @Test
  void weAuthenticateAnewBeforeWeCloseTheOldIkeSa() {
    Charon charon = charon(Map.of());
    Espd espd = espd("reauth=yes\n");
    espd.up();
    String before = espd.sa(lab.a(), lab.b()).spi();
    Running ping = Traffic.steadyPing(lab, lab.a(), lab.b());
    espd.control("rekey", "--reauth", "net").succeeded();
    Running.await(
        "the old IKE SA is gone",
        REKEYED,
        () -> charon.sas().contains("peer: #2, ESTABLISHED") && !charon.sas().contains("#1,"));
    lab.b().pings(lab.a());
    assertEquals(0, Traffic.lost(ping));
    assertNotEquals(before, espd.sa(lab.a(), lab.b()).spi());
  }

  @Test
  void thePeerDeletesTheSas() {
    Charon charon = charon(Map.of());
    Espd espd = espd("");
    espd.up();
    charon.swanctl("--terminate", "--ike", "peer").succeeded();
    Running.await("no SA", REKEYED, () -> espd.sad().isEmpty());
  }

  @Test
  void aWrongSecretIsRefusedWithTheReason() {
    Charon.start(lab, lab.b(), lab.a(), Map.of("secret", "anotherone"));
    Espd espd = espd("");
    String words = espd.control("up", "net").failed().all();
    assertTrue(words.contains("AUTHENTICATION_FAILED"), words);
    assertEquals(List.of(), espd.sad());
  }

  @Test
  void noCommonProposalIsRefusedWithTheReason() {
    charon(Map.of("ike", "aes256-sha512-ecp521"));
    Espd espd = espd("ike=aes128-sha256-modp2048!\n");
    String words = espd.control("up", "net").failed().all();
    assertTrue(words.contains("NO_PROPOSAL_CHOSEN"), words);
  }
}
