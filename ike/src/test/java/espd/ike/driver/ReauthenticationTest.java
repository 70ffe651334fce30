package espd.ike.driver;

import static espd.ike.driver.Connections.after;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection.Rekeying;
import espd.ike.Datagram;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.spd.Direction;
import espd.spd.Selector;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Another IKE SA in the place of an old one, made before that is closed (RFC 7296 §2.8.3).
final class ReauthenticationTest extends TwoHosts {

  private static final Rekeying TEN_MINUTES =
      after(Duration.ofSeconds(600), Duration.ofSeconds(100));

  private static final Selector OTHER = Connections.between("2001:db8:a::1", "2001:db8:b::1");

  private static final Selector OTHER_FROM_BOB =
      Connections.between("2001:db8:b::1", "2001:db8:a::1");

  private static final Selector THIRD = Connections.between("2001:db8:a::2", "2001:db8:b::2");

  private static final Selector THIRD_FROM_BOB =
      Connections.between("2001:db8:b::2", "2001:db8:a::2");

  private static Connections anew(Connections connections) {
    return connections
        .lifetimes(TEN_MINUTES, Rekeying.NEVER)
        .with(c -> c.options(connections.connection().options().reauthenticating(true)));
  }

  private List<Integer> serials() {
    return alice.ike.list().stream().map(IkeSaView::serial).toList();
  }

  /// RFC 7296 §2.8.3: a new IKE SA with new Child SAs, then the deletion of the old one. There is
  /// no moment without an SA.
  @Test
  void bothEndsProveThemselvesAnewBeforeTheOldIkeSaIsClosed() {
    up(anew(Connections.alice()), Connections.bob());
    List<Integer> before = alice.spis(Direction.OUTBOUND);
    int least = Integer.MAX_VALUE;
    for (int second = 0; second < 520; second++) {
      time.pass(Duration.ofSeconds(1));
      least = Math.min(least, alice.sas(Direction.OUTBOUND).size());
      least = Math.min(least, bob.sas(Direction.INBOUND).size());
    }
    assertEquals(1, least);
    assertEquals(List.of(2), serials());
    assertEquals(2, alice.count("IKE_AUTH initiator ok"));
    assertEquals(0, alice.count("CREATE_CHILD_SA initiator ok"));
    assertNotEquals(before, alice.spis(Direction.OUTBOUND));
    assertProtected(1);
  }

  @Test
  void allChildSasComeAlong() {
    Connections second = anew(Connections.alice().named("second", 2).selectors(OTHER));
    alice.load(anew(Connections.alice()).connection(), second.connection());
    bob.load(
        Connections.bob().connection(),
        Connections.bob().named("second", 2).selectors(OTHER_FROM_BOB).connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    alice.begin("second");
    time.pass(Duration.ofSeconds(5));
    assertProtected(2);
    List<Integer> before = alice.spis(Direction.OUTBOUND);
    time.pass(Duration.ofSeconds(520));
    assertEquals(List.of(2), serials());
    assertTrue(alice.spis(Direction.OUTBOUND).stream().noneMatch(before::contains));
    assertProtected(2);
  }

  /// RFC 7296 §2.8.3: the old one is closed when all its Child SAs are in the new one, and one that
  /// the peer makes there is none of these.
  @Test
  void aChildSaThatThePeerMakesMeanwhileIsNotTakenForAnother() {
    Connections third = Connections.alice().named("third", 3).selectors(THIRD);
    alice.load(
        anew(Connections.alice()).connection(),
        anew(Connections.alice().named("second", 2).selectors(OTHER)).connection(),
        third.connection());
    bob.load(
        Connections.bob().connection(),
        Connections.bob().named("second", 2).selectors(OTHER_FROM_BOB).connection(),
        Connections.bob().named("third", 3).selectors(THIRD_FROM_BOB).connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    alice.begin("second");
    time.pass(Duration.ofSeconds(5));
    network.middlebox(d -> asksForChildSa(d) ? List.of() : List.of(d));
    while (alice.count("IKE_AUTH initiator ok") < 2) {
      time.pass(Duration.ofMillis(10));
    }
    bob.begin("third");
    time.pass(Duration.ofSeconds(1));
    assertEquals(List.of(1, 2), serials());
    assertProtected(4);
    network.middlebox(List::of);
    time.pass(Duration.ofSeconds(10));
    assertEquals(List.of(2), serials());
    assertProtected(3);
  }

  private static boolean asksForChildSa(Datagram datagram) {
    try {
      Header header = Header.read(datagram.payload());
      return datagram.local().equals(Connections.ALICE)
          && header.exchange() == Header.CREATE_CHILD_SA
          && !header.isResponse();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /// The old one stands until its own end; the peer that comes back in time keeps the connection.
  @Test
  void aPeerThatDoesNotAnswerIsAskedAgain() {
    up(anew(Connections.alice()), Connections.bob());
    time.pass(Duration.ofSeconds(490));
    bob.load();
    time.pass(Duration.ofSeconds(30));
    assertEquals(List.of(1), serials());
    assertProtected(1);
    bob.load(Connections.bob().connection());
    time.pass(Duration.ofSeconds(60));
    assertEquals(1, serials().size());
    assertTrue(serials().getFirst() > 1);
    assertProtected(1);
  }

  /// RFC 4478 §2: the responder says how long a proof holds, the initiator brings another in time.
  @Test
  void theResponderHasTheInitiatorProveItselfAnew() {
    up(Connections.alice(), anew(Connections.bob()));
    time.pass(Duration.ofSeconds(520));
    assertEquals(2, alice.count("IKE_AUTH initiator ok"));
    assertEquals(List.of(2), serials());
    assertProtected(1);
  }

  /// RFC 4478 §2: keys that are new do not make the proof newer.
  @Test
  void aProofGetsNoYoungerByRekeying() {
    up(
        Connections.alice()
            .lifetimes(after(Duration.ofSeconds(300), Duration.ofSeconds(50)), Rekeying.NEVER),
        anew(Connections.bob()));
    time.pass(Duration.ofSeconds(460));
    assertEquals(2, alice.count("IKE_AUTH initiator ok"));
    assertEquals(1, serials().size());
    assertProtected(1);
  }
}
