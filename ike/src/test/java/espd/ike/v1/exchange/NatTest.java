package espd.ike.v1.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.ConnectionBuilder;
import espd.ike.Datagram;
import espd.ike.IkeOptions;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.LifetimeCheck;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.exchange.Event;
import espd.ike.exchange.Path;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.OriginalAddresses;
import espd.spd.Selector;
import espd.spd.UdpEncapsulation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// NATs between the ends (RFC 3947), ESP in UDP (RFC 3948).
class NatTest {

  private static final Ipv6Address OUTSIDE = Ipv6Address.parse("2001:db8:99::1");

  private static TwoPeers behindNat(Mode mode, IkeVersion version) {
    TwoPeers peers =
        new TwoPeers(
            IsakmpConnections.alice(c -> c.mode(mode).version(version)),
            IsakmpConnections.bob(
                c ->
                    c.mode(mode)
                        .version(version)
                        .remote(Optional.empty())
                        .selectors(selectors(mode))));
    peers.nat = Optional.of(OUTSIDE);
    return peers;
  }

  private static List<Selector> selectors(Mode mode) {
    AddressRange bob = AddressRange.of(IsakmpConnections.BOB);
    return List.of(
        Selector.between(
            bob,
            mode == Mode.TUNNEL ? AddressRange.of(IsakmpConnections.ALICE) : AddressRange.ANY));
  }

  /// The hashes show the NAT, messages go on by port 4500 from the fifth on, and ESP goes in UDP
  /// (RFC 3947 §3.2, §4, §5.1).
  @Test
  void aNatIsFoundAndPassed() {
    TwoPeers peers = behindNat(Mode.TUNNEL, IkeVersion.ONE).up();

    assertTrue(peers.initiator.said("local host is behind NAT"));
    assertTrue(peers.responder.said("remote host is behind NAT"));
    assertEquals(
        Path.between(IsakmpConnections.ALICE, IsakmpConnections.BOB).floated(),
        peers.initiator.established().path());
    assertEquals(
        new Path(IsakmpConnections.BOB, 4500, OUTSIDE, 14_500),
        peers.responder.established().path());
    assertEquals(
        Optional.of(new UdpEncapsulation(4500, 14_500)),
        peers.responder.child().outbound().parameters().encapsulation());
    assertEquals(OUTSIDE, peers.responder.child().outbound().parameters().remote());
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
  }

  @Test
  void inAggressiveModeTheThirdMessageFloats() {
    TwoPeers peers = behindNat(Mode.TUNNEL, AggressiveModeTest.AGGRESSIVE).up();

    assertTrue(peers.initiator.established().path().isFloated());
    assertEquals(14_500, peers.responder.established().path().remotePort());
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
  }

  /// In transport mode the ends know each other by addresses that are not their own; the original
  /// ones are told, and kept to mend checksums with (RFC 3947 §5.2, RFC 3948 §3.1.2).
  @Test
  void transportModeIsForTheAddressesOutside() {
    TwoPeers peers = behindNat(Mode.TRANSPORT, IkeVersion.ONE).up();

    assertTrue(peers.initiator.said("[ HASH SA No ID ID NAT-OA NAT-OA ]"));
    assertEquals(
        List.of(Selector.between(AddressRange.of(IsakmpConnections.BOB), AddressRange.of(OUTSIDE))),
        peers.responder.child().inbound().parameters().selectors());
    assertEquals(
        Optional.of(new OriginalAddresses(IsakmpConnections.BOB, IsakmpConnections.ALICE)),
        peers.responder.child().inbound().parameters().originals());
    assertEquals(
        Optional.of(new OriginalAddresses(OUTSIDE, IsakmpConnections.BOB)),
        peers.initiator.child().inbound().parameters().originals());
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
  }

  /// A tunnel has nothing to mend.
  @Test
  void aTunnelKeepsNoOriginalAddresses() {
    TwoPeers peers = behindNat(Mode.TUNNEL, IkeVersion.ONE).up();
    assertEquals(Optional.empty(), peers.responder.child().inbound().parameters().originals());
  }

  private static ConnectionBuilder forced(ConnectionBuilder c) {
    return c.options(IkeOptions.DEFAULT.forcingEncapsulation(true));
  }

  /// Without a NAT a hash that is none has the peer put ESP in UDP too.
  @Test
  void encapsulationCanBeForced() {
    TwoPeers peers =
        new TwoPeers(IsakmpConnections.alice(NatTest::forced), IsakmpConnections.bob(c -> c)).up();

    assertTrue(peers.responder.said("remote host is behind NAT"));
    assertEquals(
        Optional.of(new UdpEncapsulation(4500, 4500)),
        peers.initiator.child().outbound().parameters().encapsulation());
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
  }

  /// Who does not announce it gets none of it (RFC 3947 §3.1).
  @Test
  void withoutTheVendorIdThereIsNoDiscovery() {
    IkeVersion without =
        new IkeVersion.One(List.of(Phase1Mode.MAIN), LifetimeCheck.OBEY, false, true);
    TwoPeers peers =
        new TwoPeers(
                IsakmpConnections.alice(c -> c), IsakmpConnections.bob(c -> c.version(without)))
            .up();

    assertTrue(peers.initiator.said("generating ID_PROT request 0 [ KE No ]"));
    assertFalse(peers.initiator.established().path().isFloated());
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
  }

  /// A NAT is reminded of the host behind it (RFC 3948 §4), and the other end sends none.
  @Test
  void theNatIsKeptAwake() {
    TwoPeers peers = behindNat(Mode.TUNNEL, IkeVersion.ONE).up();
    Established alice = peers.initiator.established();
    assertEquals(
        Optional.of(alice.timers().sent().plus(Duration.ofSeconds(20))), alice.keepaliveAt());
    assertEquals(Optional.empty(), peers.responder.established().keepaliveAt());
    peers.now = peers.now.plusSeconds(20);
    peers.initiator.feedAll(new Event.Woken(peers.now));
    assertTrue(peers.initiator.sent.stream().anyMatch(Datagram::isKeepalive));
  }

  /// A NAT that gives the peer another port is followed, once something authentic shows it (RFC
  /// 3947 §6), for ESP as well.
  @Test
  void aPeerThatANatMovesIsFollowed() {
    TwoPeers peers = behindNat(Mode.TUNNEL, IkeVersion.ONE).up();
    Path moved = new Path(IsakmpConnections.BOB, 4500, OUTSIDE, 23_456);
    peers.responder.feedAll(
        new Event.Carried(peers.now, peers.responder.child().inbound().spi(), moved));

    assertEquals(moved, peers.responder.established().path());
    assertEquals(2, peers.responder.moves.size());
    peers.initiator.feedAll(
        new Event.Carried(peers.now, peers.initiator.child().inbound().spi(), moved));
    assertEquals(4500, peers.initiator.established().path().remotePort());
  }
}
