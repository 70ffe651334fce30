package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.IkeOptions.Childless;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// IKE SAs that come without a Child SA (RFC 6023).
final class ChildlessTest extends TwoHosts {

  private static Connections with(Connections connections, Childless policy) {
    return connections.with(c -> c.options(connections.connection().options().childless(policy)));
  }

  /// RFC 6023 §3: the responder announces it, and the initiator may leave out SA, TSi and TSr.
  @ParameterizedTest
  @CsvSource({
    "ALLOW, ALLOW, false", "ALLOW, PREFER, false", "ALLOW, NEVER, false",
    "PREFER, ALLOW, true", "PREFER, NEVER, false", "PREFER, FORCE, true",
    "FORCE, ALLOW, true", "FORCE, FORCE, true", "NEVER, ALLOW, false"
  })
  void theFirstChildSaComesInAnExchangeOfItsOwn(Childless hers, Childless his, boolean isApart) {
    up(with(Connections.alice(), hers), with(Connections.bob(), his));
    assertEquals(isApart ? 1 : 0, alice.count("CREATE_CHILD_SA initiator ok"));
    assertEquals(1, alice.ike.list().size());
    assertTrue(alice.lines.getLast().contains("established successfully"), "and is waited for");
  }

  /// RFC 6023 §3: a request without a Child SA needs the responder's announcement.
  @Test
  void whoForcesItMakesNoOther() {
    alice.load(with(Connections.alice(), Childless.FORCE).connection());
    bob.load(with(Connections.bob(), Childless.NEVER).connection());
    var outcome = alice.up("net");
    time.pass(Duration.ofSeconds(5));
    assertFalse(outcome.join().succeeded());
    assertTrue(alice.lines.toString().contains("childless=force"), alice.lines.toString());
    assertEquals(0, alice.ike.list().size());
  }

  @Test
  void aChildSaInTheFirstExchangeIsRefusedWhereNoneMayBe() {
    alice.load(Connections.alice().connection());
    bob.load(with(Connections.bob(), Childless.FORCE).connection());
    var outcome = alice.up("net");
    time.pass(Duration.ofSeconds(5));
    assertFalse(outcome.join().succeeded());
    assertEquals(1, bob.count("sent NO_ADDITIONAL_SAS"));
    assertProtected(0);
  }
}
