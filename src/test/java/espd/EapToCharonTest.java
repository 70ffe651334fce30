package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// EAP-MSCHAPv2 (RFC 7296 §2.16) and postquantum preshared keys (RFC 8784) between us and
/// strongSwan. We are host a.
@InLab
class EapToCharonTest {

  private static final String CONNECTION =
      """
      keyexchange=ikev2
      type=tunnel
      forceencaps=yes
      left=2001:db8:1:1::1
      right=2001:db8:2:2::2
      auto=add
      """;

  private static final String PASSWORD = "eap-carol { id = carol\n secret = \"%s\" }";

  private static final Duration SOON = Duration.ofSeconds(10);

  @RegisterExtension private final Lab lab = new Lab();

  private Espd espd(String more) {
    return Espd.start(lab, lab.a(), CONNECTION + more);
  }

  private Charon charon(Map<String, String> settings) {
    return Charon.start(lab, lab.b(), lab.a(), settings);
  }

  /// strongSwan, which asks its peer for a password.
  private Charon asking(String password) {
    return charon(
        Map.of(
            "remote_auth",
            "eap-mschapv2\n eap_id = %any",
            "secrets",
            PASSWORD.formatted(password)));
  }

  /// strongSwan, which has a password.
  private Charon answering(String password) {
    return charon(
        Map.of(
            "local_auth",
            "eap-mschapv2\n eap_id = carol",
            "secrets",
            PASSWORD.formatted(password)));
  }

  /// strongSwan, which wants a postquantum preshared key to be used.
  private Charon requiringPpk(String key) {
    return charon(
        Map.of(
            "connection",
            "ppk_id = moon-sun\n ppk_required = yes",
            "secrets",
            "ppk-ms { id = moon-sun\n secret = \"%s\" }".formatted(key)));
  }

  @Test
  void weProveOurselvesByPassword() {
    Charon charon = asking(Espd.SECRET);
    Espd espd = espd("leftauth=eap-mschapv2\nrightauth=psk\neap_identity=carol\n");
    Output up = espd.up();
    assertTrue(up.out().contains("EAP method EAP_MSCHAPV2 succeeded"), up.out());
    lab.a().pings(lab.b());
    assertTrue(charon.sas().contains("EAP: 'carol'"), charon.sas());
  }

  @Test
  void strongSwanProvesItselfByPassword() {
    Charon charon = answering(Espd.SECRET);
    Espd espd = espd("leftauth=psk\nrightauth=eap-mschapv2\neap_identity=%identity\n");
    charon.initiate();
    lab.b().pings(lab.a());
    assertEquals(2, espd.sad().size());
  }

  @Test
  void aWrongPasswordIsRefusedByEither() {
    Charon asked = asking("another");
    Espd espd = espd("leftauth=eap-mschapv2\nrightauth=psk\neap_identity=carol\n");
    Output refused = espd.control("up", "net");
    assertFalse(refused.exit() == 0, refused.out());
    assertTrue(refused.out().contains("E=691"), refused.out());
    asked.close();
    espd.close();

    Charon asking = answering("another");
    Espd responder = espd("leftauth=psk\nrightauth=eap-mschapv2\neap_identity=%identity\n");
    Output failed = asking.swanctl("--initiate", "--child", "net");
    assertTrue(failed.out().contains("EAP_MS"), failed.out() + failed.err());
    assertEquals(0, responder.sad().size());
    // RFC 7296 §2.21.2: strongSwan says at once that it gives up, and nothing waits for more.
    responder.daemon().awaitLog("received AUTHENTICATION_FAILED error notify", SOON);
    String status = responder.control("status").out();
    assertTrue(status.contains("(0 up, 0 connecting)"), status);
    assertEquals(
        1, responder.count("espd_ike_error_notifies_total", "received", "AUTHENTICATION_FAILED"));
  }

  /// RFC 7296 §2.21.2: we find that strongSwan has not proven itself, which it is told while it
  /// waits for our packet of EAP. It answers, and gives its own IKE SA up in its own time.
  @Test
  void strongSwanIsToldThatWeGiveUp() {
    Charon asking =
        charon(
            Map.of(
                "remote_auth",
                "eap-mschapv2\n eap_id = %any",
                "secret",
                "another",
                "secrets",
                PASSWORD.formatted(Espd.SECRET)));
    Espd espd = espd("leftauth=eap-mschapv2\nrightauth=psk\neap_identity=carol\n");
    Output refused = espd.control("up", "net");
    assertTrue(refused.out().contains("the secrets differ"), refused.out());
    assertTrue(espd.control("status").out().contains("(0 up, 0 connecting)"));
    asking.close(); // Which writes what it has not written of its log.
    String log = asking.daemon().log();
    assertTrue(log.contains("parsed INFORMATIONAL request 2 [ D N(AUTH_FAILED) ]"), log);
    assertTrue(log.contains("generating INFORMATIONAL response 2 [ ]"), log);
  }

  @Test
  void aPpkIsUsedInBothRoles() {
    Charon charon = requiringPpk(Espd.SECRET);
    Espd espd = espd("authby=secret\nppk=insist\nppk-ids=moon-sun\n");
    Output up = espd.up();
    assertTrue(up.out().contains("using PPK for PPK_ID 'moon-sun'"), up.out());
    lab.a().pings(lab.b());
    assertTrue(charon.sas().contains("/PPK"), charon.sas());
    espd.control("down", "net").succeeded();
    charon.initiate();
    lab.b().pings(lab.a());
    assertEquals(2, espd.sad().size());
  }

  @Test
  void differentPpksDoNotAuthenticate() {
    Charon charon = requiringPpk("other");
    Espd espd = espd("authby=secret\nppk=insist\nppk-ids=moon-sun\n");
    Output refused = espd.control("up", "net");
    assertTrue(refused.out().contains("AUTHENTICATION_FAILED"), refused.out());
    Output failed = charon.swanctl("--initiate", "--child", "net");
    assertFalse(failed.exit() == 0, failed.out());
    assertEquals(0, espd.sad().size());
  }
}
