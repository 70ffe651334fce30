package espd.ike.v1.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.LifetimeCheck;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.exchange.ChildWish;
import espd.ike.exchange.Event;
import espd.ike.exchange.Report;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.PortRange;
import espd.spd.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Quick mode (RFC 2409 §5.5): what both ends agree on, and what they do not.
class QuickModeTest {

  private static final AddressRange NET_1 =
      AddressRange.prefix(Ipv6Address.parse("2001:db8:1::"), 48);
  private static final AddressRange NET_2 =
      AddressRange.prefix(Ipv6Address.parse("2001:db8:2::"), 48);
  private static final AddressRange NET_3 =
      AddressRange.prefix(Ipv6Address.parse("2001:db8:3::"), 48);

  private static Connection tunnel(boolean alice, AddressRange... remotes) {
    AddressRange local = alice ? NET_1 : NET_2;
    List<Selector> selectors =
        List.of(remotes).stream().map(remote -> Selector.between(local, remote)).toList();
    return alice
        ? IsakmpConnections.alice(c -> c.mode(Mode.TUNNEL).selectors(selectors))
        : IsakmpConnections.bob(c -> c.mode(Mode.TUNNEL).selectors(selectors));
  }

  /// Client identities in ID payloads: networks in tunnel mode (RFC 2407 §4.6.2).
  @Test
  void networksAreProtectedInTunnelMode() {
    TwoPeers peers = new TwoPeers(tunnel(true, NET_2), tunnel(false, NET_1)).up();

    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
    assertEquals(
        List.of(Selector.between(NET_2, NET_1)),
        peers.responder.child().inbound().parameters().selectors());
    assertEquals(Mode.TUNNEL, peers.responder.child().inbound().parameters().mode());
  }

  /// One pair of identities a quick mode (RFC 2409 §5.5): two selectors make two pairs of SAs.
  @Test
  void eachSelectorGetsAQuickModeOfItsOwn() {
    Connection bob =
        IsakmpConnections.bob(
            c ->
                c.mode(Mode.TUNNEL)
                    .selectors(
                        List.of(Selector.between(NET_2, NET_1), Selector.between(NET_3, NET_1))));
    TwoPeers peers = new TwoPeers(tunnel(true, NET_2, NET_3), bob).up();

    assertEquals(2, peers.initiator.children().size());
    assertEquals(2, peers.responder.children().size());
    assertTrue(peers.initiator.established().quicks().size() <= 2);
  }

  /// A protocol and a port in the ID payloads (RFC 2407 §4.6.2).
  @Test
  void protocolAndPortAreSelected() {
    Selector telnet =
        new Selector(
            AddressRange.of(IsakmpConnections.ALICE),
            AddressRange.of(IsakmpConnections.BOB),
            6,
            PortRange.ANY,
            PortRange.of(23));
    Selector mirrored =
        new Selector(telnet.remote(), telnet.local(), 6, telnet.remotePorts(), PortRange.ANY);
    TwoPeers peers =
        new TwoPeers(
                IsakmpConnections.alice(c -> c.selectors(List.of(telnet))),
                IsakmpConnections.bob(c -> c.selectors(List.of(mirrored))))
            .up();

    assertEquals(List.of(mirrored), peers.responder.child().inbound().parameters().selectors());
  }

  /// What is within the responder's selectors is permitted as it is: nothing is narrowed.
  @Test
  void apartOfWhatIsAllowedIsPermitted() {
    Connection bob =
        IsakmpConnections.bob(
            c -> c.mode(Mode.TUNNEL).selectors(List.of(Selector.between(NET_2, AddressRange.ANY))));
    TwoPeers peers = new TwoPeers(tunnel(true, NET_2), bob).up();

    assertEquals(
        List.of(Selector.between(NET_2, NET_1)),
        peers.responder.child().inbound().parameters().selectors());
  }

  /// RFC 2409 §5.5: other identities are refused, which the initiator learns under the keys.
  @Test
  void otherIdentitiesAreRefused() {
    TwoPeers peers = new TwoPeers(tunnel(true, NET_3), tunnel(false, NET_1)).up();

    assertTrue(peers.responder.said("INVALID_ID_INFORMATION sent: net: ID differs"));
    assertTrue(
        peers.initiator.told(
            Report.ChildFailed.class,
            f -> f.line().contains("received INVALID_ID_INFORMATION error notify")));
    assertTrue(peers.initiator.isEstablished());
    assertEquals(0, peers.initiator.reserved.size());
    assertEquals(0, peers.responder.reserved.size());
  }

  @Test
  void otherProposalsAreRefused() {
    TwoPeers peers =
        new TwoPeers(
                IsakmpConnections.alice(c -> c),
                IsakmpConnections.bob(
                    c ->
                        c.espProposals(
                            List.of(
                                IsakmpConnections.esp(
                                    IsakmpConnections.AES_128,
                                    IsakmpConnections.SHA2_256,
                                    IsakmpConnections.NO_ESN)))))
            .up();

    assertTrue(
        peers.responder.said("INTEG differs: offered HMAC_SHA1_96, allowed HMAC_SHA2_256_128"),
        () -> String.join("\n", peers.responder.lines()));
    assertTrue(peers.initiator.said("received NO_PROPOSAL_CHOSEN error notify"));
    assertEquals(0, peers.initiator.reserved.size());
  }

  /// The mode is an attribute of the proposal (RFC 2407 §4.5).
  @Test
  void anotherModeIsRefused() {
    TwoPeers peers =
        new TwoPeers(
                IsakmpConnections.alice(c -> c), IsakmpConnections.bob(c -> c.mode(Mode.TUNNEL)))
            .up();

    assertTrue(
        peers.responder.said("encapsulation differs: offered TRANSPORT, allowed TUNNEL"),
        () -> String.join("\n", peers.responder.lines()));
    assertEquals(0, peers.initiator.children().size());
  }

  /// Perfect forward secrecy: KE in quick mode, g(qm)^xy in KEYMAT (RFC 2409 §5.5).
  @Test
  void withPerfectForwardSecrecyKeIsExchanged() {
    TwoPeers peers =
        IsakmpConnections.both(
                c ->
                    c.espProposals(
                        List.of(
                            IsakmpConnections.esp(
                                IsakmpConnections.GCM_128,
                                IsakmpConnections.P256,
                                IsakmpConnections.NO_ESN))))
            .up();

    assertTrue(peers.initiator.said("[ HASH SA No KE ID ID ]"));
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
  }

  /// A responder that does not ask for it permits it by the groups of phase 1.
  @Test
  void whoWantsPerfectForwardSecrecyGetsIt() {
    TwoPeers peers =
        new TwoPeers(
                IsakmpConnections.alice(
                    c ->
                        c.espProposals(
                            List.of(
                                IsakmpConnections.esp(
                                    IsakmpConnections.AES_128,
                                    IsakmpConnections.SHA1,
                                    IsakmpConnections.P256,
                                    IsakmpConnections.NO_ESN)))),
                IsakmpConnections.bob(c -> c))
            .up();

    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
  }

  /// A responder that asks for it refuses to do without.
  @Test
  void whoRequiresPerfectForwardSecrecyRefusesOthers() {
    TwoPeers peers =
        new TwoPeers(
                IsakmpConnections.alice(c -> c),
                IsakmpConnections.bob(
                    c ->
                        c.espProposals(
                            List.of(
                                IsakmpConnections.esp(
                                    IsakmpConnections.AES_128,
                                    IsakmpConnections.SHA1,
                                    IsakmpConnections.P256,
                                    IsakmpConnections.NO_ESN)))))
            .up();

    assertTrue(peers.responder.said("DH differs: offered NONE, allowed ECP_256"));
    assertTrue(peers.initiator.children().isEmpty());
  }

  /// Of several proposals the first of the responder's that is offered is taken.
  @Test
  void theResponderChooses() {
    var gcm = IsakmpConnections.esp(IsakmpConnections.GCM_128, IsakmpConnections.NO_ESN);
    var cbc =
        IsakmpConnections.esp(
            IsakmpConnections.AES_128, IsakmpConnections.SHA1, IsakmpConnections.NO_ESN);
    TwoPeers peers =
        new TwoPeers(
                IsakmpConnections.alice(c -> c.espProposals(List.of(cbc, gcm))),
                IsakmpConnections.bob(c -> c.espProposals(List.of(gcm, cbc))))
            .up();

    assertEquals(
        "AES_GCM_16_128", peers.initiator.child().inbound().parameters().suite().toString());
    MainModeTest.assertSamePair(peers.initiator.child(), peers.responder.child());
  }

  // --- lifetimes

  private static TwoPeers lifetimes(Duration alice, Duration bob, LifetimeCheck check) {
    IkeVersion one = new IkeVersion.One(List.of(Phase1Mode.MAIN), check, true, true);
    return new TwoPeers(
            IsakmpConnections.alice(
                c -> c.childLifetime(IsakmpConnections.after(alice, Duration.ofMinutes(1)))),
            IsakmpConnections.bob(
                c ->
                    c.version(one)
                        .childLifetime(IsakmpConnections.after(bob, Duration.ofMinutes(1)))))
        .up();
  }

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  /// RFC 2407 §4.5: what the initiator says holds, where the responder obeys.
  @Test
  void anObedientResponderTakesTheLifetime() {
    TwoPeers peers = lifetimes(DAY, HOUR, LifetimeCheck.OBEY);
    assertEquals(
        DAY.toSeconds(), peers.responder.child().inbound().parameters().lifetime().hardSeconds());
  }

  /// RFC 2407 §4.6.3.1: RESPONDER-LIFETIME shortens it for both.
  @Test
  void aClaimingResponderSaysItsOwn() {
    TwoPeers peers = lifetimes(DAY, HOUR, LifetimeCheck.CLAIM);
    assertTrue(peers.initiator.said("N(RESPONDER-LIFETIME)"));
    for (TwoPeers.End end : List.of(peers.initiator, peers.responder)) {
      assertEquals(HOUR.toSeconds(), end.child().inbound().parameters().lifetime().hardSeconds());
    }
  }

  @Test
  void aStrictResponderRefusesALongerOne() {
    TwoPeers peers = lifetimes(DAY, HOUR, LifetimeCheck.STRICT);
    assertTrue(peers.responder.said("lifetime differs: offered 86400s, allowed 3600s"));
    assertTrue(peers.initiator.children().isEmpty());
    assertFalse(lifetimes(HOUR, DAY, LifetimeCheck.STRICT).initiator.children().isEmpty());
  }

  @Test
  void anExactResponderRefusesAnyOther() {
    assertTrue(lifetimes(HOUR, DAY, LifetimeCheck.EXACT).initiator.children().isEmpty());
    assertFalse(lifetimes(HOUR, HOUR, LifetimeCheck.EXACT).initiator.children().isEmpty());
  }

  // --- several at a time

  /// Quick modes are told apart by their message ids (RFC 2409 §5.5): two of one end and one of the
  /// other cross.
  @Test
  void quickModesCross() {
    TwoPeers peers = IsakmpConnections.usual().up();
    Connection second =
        IsakmpConnections.alice(
            c ->
                c.name("second")
                    .reqid(2)
                    .mode(Mode.TUNNEL)
                    .selectors(List.of(Selector.between(NET_1, NET_2))));
    peers.responder.connections.add(
        IsakmpConnections.bob(
            c ->
                c.name("second")
                    .reqid(2)
                    .mode(Mode.TUNNEL)
                    .selectors(List.of(Selector.between(NET_2, NET_1)))));
    peers.initiator.connections.add(second);
    peers.initiator.feed(
        peers.initiator.established().localSpi(),
        new Event.ChildWanted(peers.now, new ChildWish(second, Optional.empty())));
    peers.responder.feed(
        peers.responder.established().localSpi(),
        Event.Expired.soft(peers.now, peers.responder.child().inbound().spi()));
    peers.quiet();

    assertEquals(3, peers.initiator.children().size());
    assertEquals(3, peers.responder.children().size());
    MainModeTest.assertSamePair(
        peers.initiator.children().get(1),
        peers.responder.children().stream()
            .filter(c -> c.inbound().spi() == peers.initiator.children().get(1).outbound().spi())
            .findFirst()
            .orElseThrow());
  }

  @Test
  void aPeerHasSoManyIpsecSasAtMost() {
    TwoPeers peers = IsakmpConnections.usual();
    peers.responder.mostChildSas = 0;
    peers.up();
    assertTrue(peers.responder.said("too many IPsec SAs"));
    assertTrue(peers.initiator.children().isEmpty());
  }
}
