package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.PpkRule;
import espd.ike.eap.Identities;
import espd.spd.Direction;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Postquantum preshared keys (RFC 8784): alice initiates.
final class PpkTest extends TwoHosts {

  private static PpkRule rule(boolean required) {
    return new PpkRule(List.of(Identities.octets("moon-sun")), required);
  }

  private void connect(boolean hersRequired, boolean hisRequired) {
    alice.load(Connections.alice().ppk(rule(hersRequired)).connection());
    bob.load(Connections.bob().ppk(rule(hisRequired)).connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
  }

  private boolean isUp() {
    return alice.sas(Direction.OUTBOUND).size() == 1 && bob.sas(Direction.OUTBOUND).size() == 1;
  }

  private static boolean used(Host host) {
    return host.lines.stream().anyMatch(line -> line.equals("using PPK for PPK_ID 'moon-sun'"));
  }

  @ParameterizedTest
  @CsvSource({
    // hers, his: whether each has the key and requires it; what comes of it (RFC 8784 §3)
    "true, false, true, false, with",
    "true, true, true, true, with",
    "true, false, false, false, without",
    "false, false, true, false, without",
    "true, true, false, false, nothing",
    "true, false, false, true, nothing",
    "false, true, true, false, nothing",
    "false, false, true, true, nothing"
  })
  void bothEndsUseThePpkOrTheRulesDecide(
      boolean hers, boolean hersRequired, boolean his, boolean hisRequired, String outcome) {
    if (hers) {
      alice.ppks.put("moon-sun", "a key of quantum proof length");
    }
    if (his) {
      bob.ppks.put("moon-sun", "a key of quantum proof length");
    }
    connect(hersRequired, hisRequired);
    assertEquals(!outcome.equals("nothing"), isUp(), String.join("\n", alice.lines));
    assertEquals(outcome.equals("with"), used(alice) && isUp());
    if (isUp()) {
      assertProtected(1);
    }
  }

  @Test
  void differentKeysOfOneNameDoNotAuthenticate() { // RFC 8784 §3
    alice.ppks.put("moon-sun", "one");
    bob.ppks.put("moon-sun", "another");
    connect(false, false);
    assertFalse(isUp());
    assertEquals(1, bob.count("sent AUTHENTICATION_FAILED"), bob.counters.toString());
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, true"})
  void aPeerThatKnowsNothingOfItIsServedUnlessItIsRequired(boolean required, boolean up) {
    alice.ppks.put("moon-sun", "a key");
    alice.load(Connections.alice().ppk(rule(required)).connection());
    bob.load(Connections.bob().connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    assertEquals(up, isUp());
    assertFalse(used(alice));
  }

  @Test
  void aResponderThatRequiresItRefusesWhoDoesWithout() {
    bob.ppks.put("moon-sun", "a key");
    alice.load(Connections.alice().connection());
    bob.load(Connections.bob().ppk(rule(true)).connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    assertFalse(isUp());
  }

  @Test
  void theIkeSaIsRekeyedFromTheMixedKeys() { // RFC 8784 §3: SK_d is the mixed one from then on
    alice.ppks.put("moon-sun", "a key");
    bob.ppks.put("moon-sun", "a key");
    connect(true, true);
    assertTrue(used(alice));
    var _ = alice.ike.rekey(ikeSa -> true);
    time.pass(Duration.ofSeconds(5));
    assertEquals(1, alice.count("rekeyed ike"), alice.counters.toString());
    assertProtected(1);
  }
}
