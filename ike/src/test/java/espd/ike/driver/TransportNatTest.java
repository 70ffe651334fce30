package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Connection;
import espd.ike.Connection.Rekeying;
import espd.ike.Datagram;
import espd.ike.Identity;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.OriginalAddresses;
import espd.spd.SaParameters;
import espd.spd.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Transport mode between hosts that NATs show to each other by other addresses than they have (RFC
/// 7296 §2.23.1). Alice is behind a NAT that makes her HERS; Bob may be behind one that is HIS
/// outside:
///
/// ```
/// alice ── NAT ── HERS … HIS ── NAT ── bob
/// ```
final class TransportNatTest extends TwoHosts {

  private static final Ipv6Address HERS = Ipv6Address.parse("2001:db8:9::a");
  private static final Ipv6Address HIS = Ipv6Address.parse("2001:db8:9::b");
  private static final Ipv6Address ALICE = Connections.ALICE;
  private static final Ipv6Address BOB = Connections.BOB;

  /// How the initiator reaches the responder: at its own address, or at that of its NAT.
  private Ipv6Address bobSeen = BOB;

  private void nats(Ipv6Address bobOutside) {
    bobSeen = bobOutside;
    network.middlebox(d -> List.of(outwards(d)));
    network.attach(HERS, d -> network.carry(inwards(d, ALICE)));
    if (!bobOutside.equals(BOB)) {
      network.attach(HIS, d -> network.carry(inwards(d, BOB)));
    }
  }

  private Datagram outwards(Datagram d) {
    Ipv6Address outside =
        d.local().equals(ALICE) ? HERS : d.local().equals(BOB) ? bobSeen : d.local();
    return new Datagram(outside, d.localPort(), d.remote(), d.remotePort(), d.payload());
  }

  /// What has come to a NAT, on its way to the host behind it; its ends are as they are sent.
  private static Datagram inwards(Datagram d, Ipv6Address host) {
    return new Datagram(
        /* local= */ d.remote(),
        /* localPort= */ d.remotePort(),
        /* remote= */ host,
        /* remotePort= */ d.localPort(),
        d.payload());
  }

  private Connections hers(Mode mode) {
    return Connections.from(ALICE, bobSeen)
        .mode(mode)
        .identities(Identity.ofName("alice"), Optional.of(Identity.ofName("bob")));
  }

  private Connections his(Mode mode) {
    return Connections.bob()
        .mode(mode)
        .selectors(Selector.between(AddressRange.of(BOB), AddressRange.ANY))
        .with(c -> c.remote(Optional.empty()))
        .identities(Identity.ofName("bob"), Optional.of(Identity.ofName("alice")));
  }

  private void comesUp(Connection hers, Connection his) {
    alice.load(hers);
    bob.load(his);
    var outcome = alice.up("net");
    time.pass(Duration.ofSeconds(5));
    assertTrue(outcome.join().succeeded(), alice.lines::toString);
    assertProtected(1);
  }

  private static SaParameters inbound(Host host) {
    return host.sas(Direction.INBOUND).getFirst().parameters();
  }

  private static List<Selector> between(Ipv6Address local, Ipv6Address remote) {
    return List.of(Selector.between(AddressRange.of(local), AddressRange.of(remote)));
  }

  private static Optional<OriginalAddresses> originals(Ipv6Address local, Ipv6Address remote) {
    return Optional.of(new OriginalAddresses(local, remote));
  }

  /// Each takes the addresses that it sees for its SAs, and keeps those that the other sees, of
  /// which the checksums are:
  ///
  /// ```
  /// -->  SK {…, N(USE_TRANSPORT_MODE), SA, TSi = alice, TSr = bob}
  /// <--  SK {…, N(USE_TRANSPORT_MODE), SA, TSi = HERS, TSr = bob}
  /// ```
  @Test
  void eachTakesTheAddressesThatItSeesAndKeepsThoseOfTheOther() {
    nats(BOB);
    comesUp(hers(Mode.TRANSPORT).connection(), his(Mode.TRANSPORT).connection());
    assertEquals(between(ALICE, BOB), inbound(alice).selectors());
    assertEquals(originals(HERS, BOB), inbound(alice).originals());
    assertEquals(between(BOB, HERS), inbound(bob).selectors());
    assertEquals(originals(BOB, ALICE), inbound(bob).originals());
  }

  /// With both behind NATs neither end of a packet is what the sender wrote.
  @Test
  void bothMayBeBehindNats() {
    nats(HIS);
    comesUp(hers(Mode.TRANSPORT).connection(), his(Mode.TRANSPORT).connection());
    assertEquals(between(ALICE, HIS), inbound(alice).selectors());
    assertEquals(originals(HERS, BOB), inbound(alice).originals());
    assertEquals(between(BOB, HERS), inbound(bob).selectors());
    assertEquals(originals(HIS, ALICE), inbound(bob).originals());
  }

  /// Who rekeys offers what it sees, which is the other way round when the responder does.
  @Test
  void successorsKeepThemWhoeverRekeys() {
    nats(HIS);
    Rekeying often = Connections.after(Duration.ofSeconds(60), Duration.ofSeconds(20));
    comesUp(
        hers(Mode.TRANSPORT).connection(),
        his(Mode.TRANSPORT).lifetimes(Rekeying.NEVER, often).connection());
    int before = inbound(bob).spi();
    time.pass(Duration.ofSeconds(50));
    assertProtected(1);
    assertTrue(before != inbound(bob).spi());
    assertEquals(1, bob.count("CREATE_CHILD_SA initiator ok"));
    assertEquals(originals(HERS, BOB), inbound(alice).originals());
    assertEquals(between(ALICE, HIS), inbound(alice).selectors());
    assertEquals(originals(HIS, ALICE), inbound(bob).originals());
    assertEquals(between(BOB, HERS), inbound(bob).selectors());
  }

  /// A responder that has no transport mode for them takes the addresses back as they are, in
  /// tunnel mode, where packets have their own headers. An initiator that wants nothing else
  /// refuses that (RFC 7296 §1.3.1), and the difference names what it asked for.
  @Test
  void aTunnelIsForTheAddressesAsTheyAreSaid() {
    nats(BOB);
    alice.load(hers(Mode.TRANSPORT).connection());
    bob.load(
        his(Mode.TUNNEL)
            .selectors(Selector.between(AddressRange.of(BOB), AddressRange.of(ALICE)))
            .connection());
    var outcome = alice.up("net");
    time.pass(Duration.ofSeconds(5));
    assertFalse(outcome.join().succeeded());
    assertTrue(alice.lines.toString().contains("mode differs"), alice.lines::toString);
  }

  /// Without a NAT there is nothing to mend, even where ESP is made to go in UDP.
  @Test
  void withoutANatNothingIsMended() {
    comesUp(
        Connections.alice().mode(Mode.TRANSPORT).forcingEncapsulation().connection(),
        Connections.bob().mode(Mode.TRANSPORT).connection());
    assertTrue(inbound(alice).encapsulation().isPresent());
    assertEquals(Optional.empty(), inbound(alice).originals());
    assertEquals(Optional.empty(), inbound(bob).originals());
  }

  /// Nor in tunnel mode, whose checksums no NAT can make wrong.
  @Test
  void aTunnelNeedsNoMending() {
    nats(BOB);
    comesUp(
        hers(Mode.TUNNEL).connection(),
        his(Mode.TUNNEL)
            .selectors(Selector.between(AddressRange.of(BOB), AddressRange.of(ALICE)))
            .connection());
    assertEquals(Optional.empty(), inbound(alice).originals());
    assertEquals(Optional.empty(), inbound(bob).originals());
  }
}
