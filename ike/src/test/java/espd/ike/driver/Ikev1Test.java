package espd.ike.driver;

import static espd.ike.driver.Connections.after;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection.DeadPeer;
import espd.ike.Connection.Rekeying;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.LifetimeCheck;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.crypto.IkeKeys;
import espd.spd.Direction;
import espd.spd.KeyMaterial;
import espd.spd.Mode;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// IKEv1 (RFC 2409) between two hosts: what the driver makes of it is what it makes of IKEv2.
final class Ikev1Test extends TwoHosts {

  /// Where the exchange type stands in a message (RFC 2408 §3.1).
  private static final int EXCHANGE = 18;

  private static final int QUICK_MODE = 32;

  private static final Rekeying NEVER = Rekeying.NEVER;
  private static final Rekeying MINUTES = after(Duration.ofSeconds(300), Duration.ofSeconds(100));

  static Connections one(Connections connections) {
    return one(connections, Phase1Mode.MAIN);
  }

  private static Connections one(Connections connections, Phase1Mode mode) {
    return connections
        .ikeProposals(
            Connections.ike(
                Connections.AES_128,
                Connections.SHA2_256,
                Connections.PRF_SHA2_256,
                Connections.P256))
        .with(c -> c.version(new IkeVersion.One(List.of(mode), LifetimeCheck.OBEY, true, true)));
  }

  private static Connections alice() {
    return one(Connections.alice());
  }

  private static Connections bob() {
    return one(Connections.bob());
  }

  @ParameterizedTest
  @EnumSource(Phase1Mode.class)
  void bothEndsAgreeOnIpsecSas(Phase1Mode mode) {
    up(one(Connections.alice(), mode), one(Connections.bob(), mode));
    assertEquals(1, alice.ike.list().getFirst().version());
    var outcome = bob.up("net");
    time.pass(Duration.ofSeconds(1));
    assertTrue(outcome.join().succeeded(), "there is one already");
  }

  /// Who logs keys is lent those that stand and those that come, the same at both ends.
  @Test
  void itsKeyIsLentToThoseWhoLogKeys() {
    List<String> hers = new ArrayList<>();
    List<String> his = new ArrayList<>();
    bob.keys.follow(keysInto(his));
    up(alice(), bob());
    alice.keys.follow(keysInto(hers));
    assertEquals(1, hers.size());
    assertEquals(hers, his);
  }

  private static KeyListener keysInto(List<String> log) {
    return new KeyListener() {
      @Override
      public void keys(long spiI, long spiR, IkeKeys keys) {
        throw new AssertionError("keys of IKEv2");
      }

      @Override
      public void key(long cookieI, KeyMaterial encryptionKey) {
        String hex = encryptionKey.use(octets -> HexFormat.of().formatHex(octets));
        log.add("%016x %s".formatted(cookieI, hex));
      }
    };
  }

  /// A peer of one version is no peer of the other.
  @Test
  void aConnectionOfIkev2DoesNotTakeIkev1() {
    alice.load(alice().connection());
    bob.load(Connections.bob().connection());
    var outcome = alice.up("net");
    time.pass(Duration.ofMinutes(5));
    assertTrue(outcome.isDone());
    assertFalse(outcome.join().succeeded());
    assertEquals(List.of(), bob.ike.list());
  }

  /// RFC 2408 §3.15: Delete ends the SAs at both ends.
  @Test
  void terminatingDeletesAtBothEnds() {
    up(alice(), bob());
    var down = alice.down("net");
    time.pass(Duration.ofSeconds(6));
    assertTrue(down.join().succeeded());
    assertEquals(List.of(), alice.sadb.sad().all());
    assertEquals(List.of(), bob.sadb.sad().all());
    assertEquals(List.of(), alice.ike.list());
    assertEquals(List.of(), bob.ike.list());
  }

  /// RFC 2409 §5.5: another quick mode before the IPsec SA ends, by whoever has the shorter one.
  @Test
  void ipsecSasAreReplacedByEitherEnd() {
    up(alice(), bob().lifetimes(NEVER, MINUTES));
    List<Integer> before = alice.spis(Direction.INBOUND);
    time.pass(Duration.ofSeconds(260));
    assertNotEquals(before, alice.spis(Direction.INBOUND));
    time.pass(Duration.ofSeconds(60));
    assertProtected(1);
  }

  /// IPsec SAs outlive the ISAKMP SA that they came by (RFC 2408 §2.1).
  @Test
  void anotherIsakmpSaLooksAfterTheIpsecSas() {
    up(alice().lifetimes(MINUTES, NEVER), bob());
    List<Integer> before = alice.spis(Direction.INBOUND);
    int serial = alice.ike.list().getFirst().serial();
    time.pass(Duration.ofSeconds(320));
    assertEquals(before, alice.spis(Direction.INBOUND));
    assertEquals(1, alice.ike.list().size());
    assertTrue(alice.ike.list().getFirst().serial() > serial);
    var down = bob.down("net");
    time.pass(Duration.ofSeconds(6));
    assertTrue(down.join().succeeded());
    assertEquals(List.of(), alice.sadb.sad().all());
  }

  /// RFC 2409 §5.5: what the peer sends by its new SA may ask for an answer before the last message
  /// of quick mode is here; that does not have us begin another.
  @Test
  void anAnswerThatWaitsForQuickModeBeginsNoOther() {
    alice.load(alice().connection());
    bob.load(bob().connection());
    AtomicInteger quick = new AtomicInteger();
    network.middlebox(
        d ->
            d.local().equals(Connections.ALICE)
                    && d.payload()[EXCHANGE] == QUICK_MODE
                    && quick.incrementAndGet() > 1
                ? List.of()
                : List.of(d));
    alice.begin("net");
    time.pass(Duration.ofSeconds(1));
    assertEquals(1, bob.sas(Direction.INBOUND).size());
    assertEquals(0, bob.sas(Direction.OUTBOUND).size());
    Selector packet = Connections.bob().connection().selectors().getFirst();
    Policy policy =
        new Policy(
            "net",
            Direction.OUTBOUND,
            packet,
            0,
            new Processing.Protect(Mode.TUNNEL, Connections.BOB, Connections.ALICE, 1));
    bob.ike.acquire(bob.sadb.add(policy), packet);
    network.middlebox(List::of);
    time.pass(Duration.ofSeconds(30));
    assertProtected(1);
  }

  /// Both ends are told before the program ends.
  @Test
  void theEndIsToldToThePeer() {
    up(alice(), bob());
    var closed = alice.ike.terminateAll();
    time.pass(Duration.ofSeconds(1));
    assertTrue(closed.isDone());
    assertEquals(List.of(), bob.sadb.sad().all());
    assertEquals(List.of(), bob.ike.list());
  }

  /// RFC 3706 §5: a peer that does not say that it is there is not.
  @Test
  void aDeadPeersSasAreRemoved() {
    up(alice().liveness(Duration.ofSeconds(10), DeadPeer.CLEAR), bob());
    time.pass(Duration.ofSeconds(60));
    assertProtected(1);
    network.middlebox(d -> List.of());
    time.pass(Duration.ofMinutes(4));
    assertEquals(List.of(), alice.sadb.sad().all());
    assertEquals(List.of(), alice.ike.list());
  }

  /// RFC 2408 §3.1: one message in ten is lost, one in ten arrives twice, and later ones overtake.
  @Test
  void establishesAndReplacesThroughLossDuplicationAndReordering() {
    for (int seed = 0; seed < 40; seed++) {
      VirtualTime time = new VirtualTime();
      Network network = new Network(time, seed);
      network.faults(new Network.Faults(0.1, 0.1, Duration.ofMillis(200)));
      Host alice = new Host(Connections.ALICE, time, network, 10 + seed);
      Host bob = new Host(Connections.BOB, time, network, 20_000 + seed);
      alice.load(
          alice()
              .lifetimes(MINUTES, MINUTES)
              .liveness(Duration.ofSeconds(20), DeadPeer.RESTART)
              .keyingTries(0)
              .connection());
      bob.load(bob().lifetimes(MINUTES, MINUTES).connection());
      alice.begin("net");
      time.pass(Duration.ofMinutes(30));
      network.faults(Network.Faults.NONE);
      time.pass(Duration.ofMinutes(8));
      String where = "seed " + seed;
      assertTrue(alice.sas(Direction.OUTBOUND).size() >= 1, where);
      assertEquals(alice.spis(Direction.OUTBOUND), bob.spis(Direction.INBOUND), where);
      assertEquals(bob.spis(Direction.OUTBOUND), alice.spis(Direction.INBOUND), where);
    }
  }
}
