package espd.ike.driver;

import static espd.ike.driver.Connections.after;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection.Compression;
import espd.ike.Connection.Rekeying;
import espd.spd.Direction;
import espd.spd.Ipcomp;
import espd.spd.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// IPCOMP_SUPPORTED (RFC 7296 §2.22): compression takes two.
final class CompressionTest extends TwoHosts {

  private static final Rekeying MINUTE = after(Duration.ofSeconds(60), Duration.ofSeconds(20));

  private static Connections compressing(Connections connections) {
    return connections.with(c -> c.compression(Compression.DEFLATE));
  }

  private static List<Optional<Ipcomp>> ipcomp(Host host, Direction direction) {
    return host.sas(direction).stream().map(sa -> sa.parameters().ipcomp()).toList();
  }

  /// Each end sends with the CPI that the other chose.
  private void assertCompressed() {
    assertProtected(1);
    for (Host host : List.of(alice, bob)) {
      Ipcomp chosen = ipcomp(host, Direction.INBOUND).getFirst().orElseThrow();
      assertTrue(chosen.cpi() >= Ipcomp.LEAST_NEGOTIATED, chosen::toString);
    }
    assertEquals(ipcomp(alice, Direction.INBOUND), ipcomp(bob, Direction.OUTBOUND));
    assertEquals(ipcomp(bob, Direction.INBOUND), ipcomp(alice, Direction.OUTBOUND));
  }

  private void assertNotCompressed() {
    assertProtected(1);
    for (Host host : List.of(alice, bob)) {
      for (Direction direction : Direction.values()) {
        assertEquals(List.of(Optional.empty()), ipcomp(host, direction));
      }
    }
  }

  /// RFC 7296 §2.22: the first Child SA, in IKE_AUTH.
  @ParameterizedTest
  @EnumSource(Mode.class)
  void bothEndsThatWantItCompress(Mode mode) {
    up(compressing(Connections.alice().mode(mode)), compressing(Connections.bob().mode(mode)));
    assertCompressed();
  }

  /// RFC 7296 §2.22: a responder that does not support it says nothing of it.
  @Test
  void theResponderMayDecline() {
    up(compressing(Connections.alice()), Connections.bob());
    assertNotCompressed();
  }

  /// RFC 7296 §2.22: a responder does not accept what was not offered.
  @Test
  void theResponderDoesNotOffer() {
    up(Connections.alice(), compressing(Connections.bob()));
    assertNotCompressed();
  }

  /// RFC 7296 §2.22, §1.3.3: a successor is negotiated anew, under other CPIs, by either end.
  @Test
  void successorsAreCompressedToo() {
    up(
        compressing(Connections.alice().lifetimes(Rekeying.NEVER, MINUTE)),
        compressing(Connections.bob()));
    List<Optional<Ipcomp>> before = ipcomp(alice, Direction.INBOUND);
    time.pass(Duration.ofSeconds(45));
    assertCompressed();
    assertNotEquals(before, ipcomp(alice, Direction.INBOUND));
  }

  @Test
  void successorsThatTheResponderAsksForAreCompressedToo() {
    up(
        compressing(Connections.alice()),
        compressing(Connections.bob().lifetimes(Rekeying.NEVER, MINUTE)));
    List<Optional<Ipcomp>> before = ipcomp(alice, Direction.INBOUND);
    time.pass(Duration.ofSeconds(45));
    assertCompressed();
    assertNotEquals(before, ipcomp(alice, Direction.INBOUND));
  }

  // --- IKEv1: IPCOMP beside ESP under one number (RFC 3173 §4.1, RFC 2408 §4.2) ------------------

  private static Connections alice1() {
    return Ikev1Test.one(Connections.alice());
  }

  private static Connections bob1() {
    return Ikev1Test.one(Connections.bob());
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void bothEndsThatWantItCompressByIkev1Too(Mode mode) {
    up(compressing(alice1().mode(mode)), compressing(bob1().mode(mode)));
    assertCompressed();
  }

  /// RFC 2408 §4.2: ESP alone is offered too, under the next number.
  @Test
  void aResponderOfIkev1TakesEspAlone() {
    up(compressing(alice1()), bob1());
    assertNotCompressed();
  }

  @Test
  void aResponderOfIkev1DoesNotOffer() {
    up(alice1(), compressing(bob1()));
    assertNotCompressed();
  }

  /// What is replaced stays for a while.
  @Test
  void successorsByIkev1AreCompressedToo() {
    up(compressing(alice1().lifetimes(Rekeying.NEVER, MINUTE)), compressing(bob1()));
    time.pass(Duration.ofSeconds(45));
    List<Optional<Ipcomp>> chosen = ipcomp(alice, Direction.INBOUND);
    assertEquals(2, chosen.stream().flatMap(Optional::stream).distinct().count());
    assertEquals(chosen, ipcomp(bob, Direction.OUTBOUND));
    assertEquals(ipcomp(bob, Direction.INBOUND), ipcomp(alice, Direction.OUTBOUND));
  }
}
