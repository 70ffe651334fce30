package espd.ike.driver;

import static espd.ike.driver.Connections.after;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Datagram;
import espd.ike.Extension;
import espd.ike.message.EncryptedFragment;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.spd.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Messages that fit no packet (RFC 7383).
final class FragmentationTest extends TwoHosts {

  private static final int PACKET = 256;
  private static final int MESSAGE = PACKET - 40 - 8;

  private static Connections alice() {
    return Connections.alice().fragments(PACKET);
  }

  private static Connections bob() {
    return Connections.bob().fragments(PACKET);
  }

  private static Optional<EncryptedFragment> fragment(Datagram datagram) {
    try {
      return EncryptedFragment.in(Message.read(datagram.payload()));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static boolean isFragment(Datagram datagram, int number) {
    return fragment(datagram).filter(f -> f.number() == number).isPresent();
  }

  private List<Datagram> fragments() {
    return network.seen().stream().filter(d -> fragment(d).isPresent()).toList();
  }

  private static boolean isInit(Datagram datagram) {
    return datagram.payload()[18] == Header.IKE_SA_INIT;
  }

  /// RFC 7383 §2.5.1: all but IKE_SA_INIT fits the packet, whoever sends it.
  @Test
  void whatFitsNoPacketGoesInFragments() {
    up(alice(), bob());
    assertTrue(fragments().stream().anyMatch(d -> d.local().equals(Connections.ALICE)));
    assertTrue(fragments().stream().anyMatch(d -> d.local().equals(Connections.BOB)));
    for (Datagram datagram : network.seen()) {
      assertTrue(isInit(datagram) || datagram.payload().length <= MESSAGE, datagram::toString);
      assertFalse(isInit(datagram) && fragment(datagram).isPresent());
    }
  }

  /// RFC 7383 §2.5.1: the four octets before a message on port 4500 are part of the packet.
  @Test
  void theNonEspMarkerIsCountedIn() {
    up(alice().forcingEncapsulation(), bob());
    assertFalse(fragments().isEmpty());
    fragments().forEach(d -> assertTrue(d.payload().length <= MESSAGE - 4, d::toString));
  }

  @Test
  void theLinesAreAsCharonWritesThem() {
    alice.load(alice().connection());
    bob.load(bob().connection());
    var outcome = alice.up("net");
    time.pass(Duration.ofSeconds(5));
    assertTrue(outcome.join().succeeded());
    String lines = String.join("\n", alice.lines);
    assertTrue(
        lines.matches("(?s).*splitting IKE message \\(\\d+ bytes\\) into 2 fragments.*"), lines);
    assertTrue(lines.contains("parsed IKE_AUTH response 1 [ EF(1/2) ]"), lines);
    assertTrue(
        lines.contains("received fragment #1 of 2, waiting for complete IKE message"), lines);
    assertTrue(
        lines.contains("received fragment #2 of 2, reassembled fragmented IKE message ("), lines);
  }

  /// RFC 7383 §2.3: who has not heard the other announce it sends none; and who sends none himself
  /// still takes them.
  @Test
  void fragmentsAreSentOnlyToThoseWhoTakeThem() {
    Connections deaf =
        Connections.bob()
            .with(
                c ->
                    c.options(
                        Connections.bob()
                            .connection()
                            .options()
                            .announcing(Extension.FRAGMENTATION, false)));
    up(alice(), deaf);
    assertEquals(List.of(), fragments());
  }

  @Test
  void whoSendsNoFragmentsTakesThem() {
    up(alice(), Connections.bob().fragments(0));
    assertFalse(fragments().isEmpty());
    assertTrue(fragments().stream().allMatch(d -> d.local().equals(Connections.ALICE)));
  }

  /// RFC 7383 §2.6.1: what gets lost is sent again, and with it all other fragments.
  @Test
  void aLostFragmentBringsAllAgain() {
    List<Datagram> lost = new ArrayList<>();
    network.middlebox(
        d -> {
          if (lost.isEmpty() && isFragment(d, 2)) {
            lost.add(d);
            return List.of();
          }
          return List.of(d);
        });
    up(alice(), bob());
    assertEquals(1, alice.count("retransmitted"));
    long again =
        fragments().stream()
            .filter(d -> Arrays.equals(d.payload(), lost.getFirst().payload()))
            .count();
    assertEquals(2, again);
    assertEquals(1, bob.count("dropped a fragment that is not wanted"), "the first came twice");
  }

  /// RFC 7383 §2.6.1: of a request that comes again the first fragment has the response sent again,
  /// and the others do not, or one request would bring as many responses as it has fragments.
  @Test
  void onlyTheFirstFragmentOfADuplicateBringsTheAnswerAgain() {
    up(alice(), bob());
    List<Datagram> request =
        fragments().stream().filter(d -> d.local().equals(Connections.ALICE)).toList();
    List<Datagram> response =
        fragments().stream().filter(d -> d.local().equals(Connections.BOB)).toList();
    int before = network.seen().size();
    network.carry(request.get(1));
    time.pass(Duration.ofSeconds(1));
    assertEquals(before, network.seen().size());
    network.carry(request.get(0));
    time.pass(Duration.ofSeconds(1));
    assertEquals(
        response.size(),
        network.seen().size() - before,
        "every fragment of the response, and once each");
  }

  /// RFC 7383 §2.6: fragments that nobody sent are not kept, and so do not stand in the way of the
  /// true ones, whatever they say of themselves.
  @Test
  void forgedFragmentsAreNotKept() {
    network.middlebox(
        d ->
            fragment(d).isEmpty()
                ? List.of(d)
                : List.of(
                    changed(d, d.payload().length - 1, 1), // another ICV
                    changed(d, 35, 250), // more fragments, so that the others are forgotten
                    changed(d, 34, 255), // far more
                    changed(d, 33, 0), // number 0
                    changed(d, 33, 200), // a number above the total
                    d));
    up(alice(), bob());
    assertEquals(0, alice.count("retransmitted"));
    assertEquals(0, bob.count("retransmitted"));
    assertTrue(bob.count("dropped not authentic") >= 4, bob.counters::toString);
  }

  private static Datagram changed(Datagram d, int at, int to) {
    byte[] octets = d.payload().clone();
    octets[at] = (byte) (octets[at] == (byte) to ? to + 1 : to);
    return new Datagram(d.local(), d.localPort(), d.remote(), d.remotePort(), octets);
  }

  /// Every first fragment of a request withheld from the rest: the peer is waited for, and nothing
  /// else suffers.
  @Test
  void aWithheldFragmentLeavesThePeerHalfOpenAndThenGone() {
    network.middlebox(d -> isFragment(d, 2) ? List.of() : List.of(d));
    alice.load(alice().connection());
    bob.load(bob().connection());
    alice.begin("net");
    time.pass(Duration.ofMinutes(3));
    assertEquals(List.of(), alice.sas(Direction.OUTBOUND));
    assertEquals(List.of(), bob.sas(Direction.OUTBOUND));
    assertEquals(List.of(), bob.ike.list());
  }

  /// RFC 7296 §2.1, RFC 7383 §2.6.1: through loss, duplication and reordering of fragments, and
  /// through rekeying, the ends agree.
  @Test
  void fragmentsPassABadNetwork() {
    for (int seed = 0; seed < 60; seed++) {
      VirtualTime clock = new VirtualTime();
      Network bad = new Network(clock, seed);
      bad.faults(new Network.Faults(0.1, 0.1, Duration.ofMillis(200)));
      Host one = new Host(Connections.ALICE, clock, bad, 10 + seed);
      Host two = new Host(Connections.BOB, clock, bad, 20_000 + seed);
      var often = after(Duration.ofSeconds(90), Duration.ofSeconds(40));
      var never = after(Duration.ZERO, Duration.ZERO);
      one.load(alice().lifetimes(often, never).connection());
      two.load(bob().connection());
      one.begin("net");
      clock.pass(Duration.ofMinutes(5));
      bad.faults(Network.Faults.NONE);
      clock.pass(Duration.ofMinutes(2));
      assertEquals(1, one.sas(Direction.OUTBOUND).size(), "seed " + seed);
      assertEquals(one.spis(Direction.OUTBOUND), two.spis(Direction.INBOUND), "seed " + seed);
      assertEquals(two.spis(Direction.OUTBOUND), one.spis(Direction.INBOUND), "seed " + seed);
    }
  }
}
