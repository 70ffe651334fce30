package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.Datagram;
import espd.ike.Extension;
import espd.ike.Identity;
import espd.ike.exchange.Path;
import espd.spd.Direction;
import espd.spd.InboundSa;
import espd.spd.Ipv6Address;
import espd.spd.Sa;
import espd.spd.SaParameters;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// NAT detection and ESP in UDP (RFC 7296 §2.23, RFC 3948).
final class NatTest {

  private static final Ipv6Address OUTSIDE = Ipv6Address.parse("2001:db8:9::9");
  private static final Ipv6Address ELSEWHERE = Ipv6Address.parse("2001:db8:9::10");

  private final VirtualTime time = new VirtualTime();
  private final Network network = new Network(time, 1);
  private Host alice;
  private Host bob;

  @BeforeEach
  void twoHosts() {
    alice = new Host(Connections.ALICE, time, network, 10);
    bob = new Host(Connections.BOB, time, network, 20);
  }

  private Outcome up(Connections hers, Connections his) {
    alice.load(hers.connection());
    bob.load(his.connection());
    var outcome = alice.up("net");
    time.pass(Duration.ofSeconds(60));
    return outcome.join();
  }

  private void natAt(Ipv6Address outside) {
    network.middlebox(d -> List.of(translated(d, outside)));
    network.attach(outside, d -> network.carry(inward(d)));
  }

  private void behindNat() {
    behindNat(Connections.alice(), Connections.bob());
  }

  private void behindNat(Connections hers, Connections his) {
    natAt(OUTSIDE);
    Identity her = Identity.ofName("alice");
    Identity him = Identity.ofName("bob");
    alice.load(hers.identities(her, Optional.of(him)).connection());
    bob.load(open(his.identities(him, Optional.of(her)).connection()));
    var outcome = alice.up("net");
    time.pass(Duration.ofSeconds(5));
    assertTrue(outcome.join().succeeded(), alice.lines::toString);
  }

  /// RFC 7296 §2.23: with a NAT in between both ends float to 4500 and ESP goes in UDP.
  @Test
  void aNatIsDetectedAndFloatedFrom() {
    behindNat();
    Sa hers = alice.sas(Direction.OUTBOUND).getFirst();
    Sa his = bob.sas(Direction.OUTBOUND).getFirst();
    assertEquals(4500, hers.parameters().encapsulation().orElseThrow().remotePort());
    assertEquals(OUTSIDE, his.parameters().remote());
    assertEquals(61_000, his.parameters().encapsulation().orElseThrow().remotePort());
    int before = network.seen().size();
    time.pass(Duration.ofSeconds(45));
    assertTrue(
        network.seen().subList(before, network.seen().size()).stream()
            .allMatch(d -> d.isKeepalive() && d.local().equals(Connections.ALICE)),
        "RFC 3948 §4: who is behind the NAT keeps it alive");
    assertEquals(2, network.seen().size() - before);
  }

  /// RFC 7296 §2.23: who is not behind a NAT follows what the other's NAT does, with all SAs and at
  /// the first authentic packet; who is behind one does not, for that could be anybody's doing.
  @Test
  void onlyWhoIsNotBehindTheNatFollowsIt() {
    behindNat();
    carried(bob, OUTSIDE, 62_000);
    for (Direction direction : Direction.values()) {
      SaParameters his = bob.sas(direction).getFirst().parameters();
      assertEquals(62_000, his.encapsulation().orElseThrow().remotePort());
    }
    assertEquals(62_000, remotePort(bob), "and IKE with them");
    carried(bob, OUTSIDE, 63_000);
    assertEquals(62_000, remotePort(bob), "an SA is looked at once a second");
    time.pass(Duration.ofSeconds(1));
    carried(bob, OUTSIDE, 63_000);
    assertEquals(63_000, remotePort(bob));
    carried(alice, Connections.ALICE, 62_000);
    assertEquals(4500, remotePort(alice));
    SaParameters hers = alice.sas(Direction.OUTBOUND).getFirst().parameters();
    assertEquals(Connections.BOB, hers.remote());
  }

  /// RFC 7296 §1.4.1, §2.23: one message tells that the NAT has moved the peer, and that it goes.
  @Test
  void whoGoesFromWhereItsNatHasMovedItLeavesNothingBehind() {
    behindNat(withoutMobike(Connections.alice()), Connections.bob());
    natAt(ELSEWHERE);
    var down = alice.down("net");
    time.pass(Duration.ofSeconds(5));
    assertTrue(down.join().succeeded(), alice.lines::toString);
    assertEquals(List.of(), bob.ike.list());
    assertEquals(List.of(), bob.sadb.sad().all());
  }

  /// A packet of its first inbound SA has come from there.
  private void carried(Host host, Ipv6Address remote, int remotePort) {
    InboundSa sa = (InboundSa) host.sas(Direction.INBOUND).getFirst();
    host.ike.carried(sa, new Path(sa.parameters().local(), 4500, remote, remotePort));
    time.pass(Duration.ofMillis(1));
  }

  private static int remotePort(Host host) {
    return host.ike.list().getFirst().path().remotePort();
  }

  private static Connections withoutMobike(Connections c) {
    return c.with(b -> b.options(c.connection().options().announcing(Extension.MOBIKE, false)));
  }

  private static Connection open(Connection c) {
    return new ConnectionBuilder(c).remote(Optional.empty()).build();
  }

  private static Datagram translated(Datagram d, Ipv6Address outside) {
    if (!d.local().equals(Connections.ALICE)) {
      return d;
    }
    int port = d.localPort() == 500 ? 60_500 : 61_000;
    return new Datagram(outside, port, d.remote(), d.remotePort(), d.payload());
  }

  /// What arrives at the NAT, seen from there, on its way to the host behind it.
  private static Datagram inward(Datagram d) {
    int port = d.localPort() == 60_500 ? 500 : 4500;
    return new Datagram(
        /* local= */ d.remote(),
        /* localPort= */ d.remotePort(),
        /* remote= */ Connections.ALICE,
        /* remotePort= */ port,
        d.payload());
  }

  /// Where only one end forces encapsulation, the other finds a NAT that is not there (RFC 7296
  /// §2.23).
  @Test
  void oneEndThatForcesEncapsulationIsEnough() {
    assertTrue(up(Connections.alice().forcingEncapsulation(), Connections.bob()).succeeded());
    assertTrue(alice.sas(Direction.OUTBOUND).getFirst().parameters().encapsulation().isPresent());
    assertTrue(bob.sas(Direction.OUTBOUND).getFirst().parameters().encapsulation().isPresent());
  }

  @Test
  void theResponderMayForceEncapsulationToo() {
    assertTrue(up(Connections.alice(), Connections.bob().forcingEncapsulation()).succeeded());
    assertTrue(alice.sas(Direction.OUTBOUND).getFirst().parameters().encapsulation().isPresent());
    assertTrue(bob.sas(Direction.OUTBOUND).getFirst().parameters().encapsulation().isPresent());
  }
}
