package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Datagram;
import espd.ike.message.Transform;
import espd.spd.Direction;
import espd.spd.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Both ends ask for something at once: each cell of the table of [espd.ike.exchange.Collisions]
/// (RFC 7296 §2.8, §2.25), and in each kind of weather. An arrow to the right is Alice's message,
/// one to the left Bob's, in the order they are sent; the number in brackets is that of the IKE SA.
/// `[ ? ]` is an answer of an end that has wiped its keys with it, when the other has too.
final class CollisionsTest extends TwoHosts {

  /// What happens to the messages while the collision lasts.
  enum Weather {
    FAIR,
    ALICES_REQUEST_IS_LOST,
    BOBS_REQUEST_IS_LOST,
    BOTH_REQUESTS_ARE_LOST,
    ALICES_ANSWER_IS_LOST,
    BOBS_ANSWER_IS_LOST,
    ALICES_REQUEST_IS_OVERTAKEN,
    BOBS_REQUEST_IS_OVERTAKEN,
    EVERYTHING_COMES_TWICE
  }

  private static Stream<Collision> cells() {
    return Collision.ALL.stream();
  }

  /// Each cell from either side.
  private static Stream<Arguments> cellsInAnyWeather() {
    return Collision.ALL.stream()
        .flatMap(
            cell -> cell.alice() == cell.bob() ? Stream.of(cell) : Stream.of(cell, cell.mirrored()))
        .flatMap(cell -> Stream.of(Weather.values()).map(weather -> Arguments.of(cell, weather)));
  }

  private static final Selector MORE = Connections.between("2001:db8:a::/48", "2001:db8:b::/48");
  private static final Selector MORE_MIRRORED =
      Connections.between("2001:db8:b::/48", "2001:db8:a::/48");

  /// With each the nonces are others, so either end wins.
  private static final int SEEDS = 4;

  private final List<Datagram> held = new ArrayList<>();

  /// The key exchange of Child SAs, if they have one.
  private List<Transform> esp = List.of();

  /// Requests that cross are answered as the RFC says, and one set of SAs remains.
  @ParameterizedTest
  @MethodSource("cells")
  void crossingRequestsAreSettled(Collision cell) {
    Transcript transcript = collide(cell, Weather.FAIR);
    assertEquals(cell.steps().strip(), transcript.text());
  }

  /// RFC 7296 §2.1, §2.8.1: the same remains whatever is lost, late or doubled, with and without a
  /// key exchange of Child SAs that takes its time between a request and its answer.
  @ParameterizedTest
  @MethodSource("cellsInAnyWeather")
  void theSameRemainsInAnyWeather(Collision cell, Weather weather) {
    for (int seed = 0; seed < SEEDS; seed++) {
      alice = new Host(Connections.ALICE, time, network, 100 + 2 * seed);
      bob = new Host(Connections.BOB, time, network, 1_000 + 2 * seed);
      held.clear();
      network.middlebox(List::of);
      esp = seed % 2 == 0 ? List.of() : List.of(Connections.X25519);
      collide(cell, weather);
    }
  }

  /// RFC 7296 §2.25.1: a request that comes when the Child SA is gone.
  @Test
  void aRekeyThatComesTooLateFindsNoChildSa() {
    Collision cell =
        new Collision(Collision.Wish.REKEY_CHILD, Collision.Wish.DELETE_CHILD, 0, 1, "");
    Transcript transcript = collide(cell, Weather.ALICES_REQUEST_IS_OVERTAKEN);
    assertEquals(
        """
        --> [1] CREATE_CHILD_SA request 2 [ N(REKEY_SA) SA No TSi TSr ]
        <-- [1] INFORMATIONAL request 0 [ D ]
        --> [1] INFORMATIONAL response 0 [ D ]
        <-- [1] CREATE_CHILD_SA response 2 [ N(NO_CHILD_SA) ]\
        """,
        transcript.text());
  }

  /// {@return a connection whose Child SAs have a key exchange of their own, or not}
  private Connections with(Connections connection) {
    List<Transform> transforms =
        Stream.concat(Stream.of(Connections.GCM_128, Connections.NO_ESN), esp.stream()).toList();
    return connection.espProposals(Connections.esp(transforms.toArray(Transform[]::new)));
  }

  private Transcript collide(Collision cell, Weather weather) {
    Connections hers = with(Connections.alice());
    Connections his = with(Connections.bob());
    alice.load(hers.connection(), hers.named("more", 2).selectors(MORE).connection());
    bob.load(his.connection(), his.named("more", 2).selectors(MORE_MIRRORED).connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    Transcript transcript = new Transcript(alice, bob);
    List<Integer> before = alice.spis(Direction.INBOUND);
    holdUntilBothHaveAsked(cell, transcript);
    release(weather, transcript);
    for (int second = 0; second < 180; second++) {
      time.pass(Duration.ofSeconds(1));
      if (cell.keepsTraffic()) {
        assertReceived();
      }
    }
    assertProtected(cell.pairs());
    for (Host host : List.of(alice, bob)) {
      assertEquals(cell.ikeSas(), host.ike.list().size(), host.ike.list()::toString);
      int children = host.ike.list().stream().mapToInt(view -> view.children().size()).sum();
      assertEquals(cell.pairs(), children);
    }
    if (cell.rekeysChild() && cell.pairs() == 1) {
      assertTrue(
          alice.spis(Direction.INBOUND).stream().noneMatch(before::contains),
          "what was to be rekeyed is");
    }
    return transcript;
  }

  /// RFC 7296 §2.8: whatever one end sends with, the other receives with.
  private void assertReceived() {
    assertTrue(bob.spis(Direction.INBOUND).containsAll(alice.spis(Direction.OUTBOUND)));
    assertTrue(alice.spis(Direction.INBOUND).containsAll(bob.spis(Direction.OUTBOUND)));
  }

  private void holdUntilBothHaveAsked(Collision cell, Transcript transcript) {
    network.middlebox(
        datagram -> {
          note(transcript, datagram);
          held.add(datagram);
          return List.of();
        });
    ask(alice, cell.alice());
    time.pass(Duration.ofMillis(50));
    ask(bob, cell.bob());
    time.pass(Duration.ofMillis(50));
    assertEquals(2, held.size(), "both have asked");
  }

  private static void note(Transcript transcript, Datagram datagram) {
    transcript.note(fromAlice(datagram) ? "-->" : "<--", datagram);
  }

  private static boolean fromAlice(Datagram datagram) {
    return datagram.local().equals(Connections.ALICE);
  }

  private static void ask(Host host, Collision.Wish wish) {
    switch (wish) {
      case REKEY_CHILD -> {
        var _ = host.ike.rekey((ikeSa, child) -> true);
      }
      case DELETE_CHILD -> {
        var _ = host.ike.terminate((ikeSa, child) -> true, Duration.ofSeconds(60), line -> {});
      }
      case CREATE_CHILD -> host.begin("more");
      case REKEY_IKE -> {
        var _ = host.ike.rekey(ikeSa -> true);
      }
      case DELETE_IKE -> {
        var _ = host.ike.terminate(ikeSa -> true, Duration.ofSeconds(60), line -> {});
      }
    }
  }

  private void release(Weather weather, Transcript transcript) {
    Datagram hers = held.get(0);
    Datagram his = held.get(1);
    boolean[] spared = {false};
    network.middlebox(
        datagram -> {
          note(transcript, datagram);
          boolean answer = !Transcript.isRequest(datagram);
          boolean hit =
              switch (weather) {
                case ALICES_ANSWER_IS_LOST -> answer && fromAlice(datagram);
                case BOBS_ANSWER_IS_LOST -> answer && !fromAlice(datagram);
                default -> false;
              };
          if (hit && !spared[0]) {
            spared[0] = true;
            return List.of();
          }
          return weather == Weather.EVERYTHING_COMES_TWICE
              ? List.of(datagram, datagram)
              : List.of(datagram);
        });
    switch (weather) {
      case FAIR, ALICES_ANSWER_IS_LOST, BOBS_ANSWER_IS_LOST -> carry(hers, his);
      case ALICES_REQUEST_IS_LOST -> carry(his);
      case BOBS_REQUEST_IS_LOST -> carry(hers);
      case BOTH_REQUESTS_ARE_LOST -> {}
      case ALICES_REQUEST_IS_OVERTAKEN -> {
        carry(his);
        time.pass(Duration.ofMillis(300));
        carry(hers);
      }
      case BOBS_REQUEST_IS_OVERTAKEN -> {
        carry(hers);
        time.pass(Duration.ofMillis(300));
        carry(his);
      }
      case EVERYTHING_COMES_TWICE -> carry(hers, his, his, hers);
    }
  }

  private void carry(Datagram... datagrams) {
    for (Datagram datagram : datagrams) {
      network.carry(datagram);
    }
  }
}
