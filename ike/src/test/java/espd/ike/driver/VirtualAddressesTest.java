package espd.ike.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Assigned;
import espd.ike.Identity;
import espd.ike.InternalAddresses;
import espd.ike.pool.Pool;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Sa;
import espd.spd.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Addresses inside of the tunnel: asked for, given, kept and taken back (RFC 7296 §2.19).
final class VirtualAddressesTest extends TwoHosts {

  private static final String POOL = "2001:db8:9::/64";
  private static final AddressRange NET = AddressRange.parse("2001:db8:2:2::/64");
  private static final Ipv6Address FIRST = Ipv6Address.parse("2001:db8:9::1");
  private static final Ipv6Address SECOND = Ipv6Address.parse("2001:db8:9::2");
  private static final Ipv6Address SERVER = Ipv6Address.parse("2001:db8:2:2::53");

  private static Connections asking(Ipv6Address... wanted) {
    return Connections.alice()
        .with(c -> c.internal(new InternalAddresses(List.of(wanted), List.of(), List.of())))
        .selectors(Selector.between(AddressRange.ANY, NET));
  }

  private static Connections giving(String... pools) {
    return Connections.bob()
        .with(c -> c.internal(new InternalAddresses(List.of(), List.of(pools), List.of(SERVER))))
        .selectors(Selector.between(NET, AddressRange.ANY));
  }

  private static List<Selector> selectors(Host host) {
    List<Sa> sas = host.sas(Direction.OUTBOUND);
    return sas.isEmpty() ? List.of() : sas.getLast().parameters().selectors();
  }

  private static Assigned assigned(Host host) {
    return host.ike.list().getLast().established().orElseThrow().assigned();
  }

  private Outcome tryUp(Connections hers, Connections his) {
    alice.load(hers.connection());
    bob.load(his.connection());
    CompletableFuture<Outcome> outcome = alice.up("net");
    time.pass(Duration.ofSeconds(5));
    return outcome.join();
  }

  /// RFC 7296 §2.19, RFC 5739 §4: the initiator asks for any address and gets one, with what
  /// servers there are; the traffic selector of its end is narrowed to it.
  @Test
  void theInitiatorGetsAnAddressAndItsTrafficIsNarrowedToIt() {
    up(asking(Ipv6Address.UNSPECIFIED), giving(POOL));
    assertEquals(new Assigned(List.of(FIRST), List.of(), List.of(SERVER)), assigned(alice));
    assertEquals(Assigned.toPeer(List.of(FIRST)), assigned(bob));
    AddressRange inside = AddressRange.of(FIRST);
    assertEquals(List.of(Selector.between(inside, NET)), selectors(alice));
    assertEquals(List.of(Selector.between(NET, inside)), selectors(bob));
  }

  /// RFC 7296 §2.19: a request may name an address; nobody else has it, so the peer gets it.
  @Test
  void aPeerThatAsksForAFreeAddressGetsIt() {
    Ipv6Address wish = Ipv6Address.parse("2001:db8:9::77");
    up(asking(wish), giving(POOL));
    assertEquals(List.of(wish), assigned(alice).local());
  }

  @Test
  void aPeerThatComesBackGetsTheAddressItHad() {
    up(asking(Ipv6Address.UNSPECIFIED), giving(POOL));
    var _ = alice.down("net");
    time.pass(Duration.ofSeconds(5));
    assertEquals(List.of(0L, 1L), List.of(online(), bob.pools.list().getFirst().offline()));
    var _ = bob.pools.lease(List.of(POOL), Identity.ofName("other"), Ipv6Address.UNSPECIFIED);
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    assertEquals(List.of(FIRST), assigned(alice).local());
    assertEquals(2, online());
  }

  private long online() {
    return bob.pools.list().getFirst().online();
  }

  /// RFC 7296 §2.18: what an IKE SA has, its successor has; the address is not taken back.
  @Test
  void anAddressIsKeptWhenSasAreRekeyed() {
    up(asking(Ipv6Address.UNSPECIFIED), giving(POOL));
    var _ = alice.ike.rekey(ikeSa -> true);
    time.pass(Duration.ofSeconds(60));
    assertEquals(2, alice.ike.list().getLast().serial());
    assertEquals(List.of(FIRST), assigned(alice).local());
    assertEquals(List.of(FIRST), assigned(bob).remote());
    assertEquals(1, online());
    var _ = alice.ike.rekey((ikeSa, child) -> true);
    time.pass(Duration.ofSeconds(60));
    assertEquals(
        List.of(Selector.between(AddressRange.of(FIRST), NET)), selectors(alice), "no wider");
    assertProtected(1);
  }

  /// RFC 7296 §2.19: INTERNAL_ADDRESS_FAILURE, and the IKE SA stands without a Child SA.
  @Test
  void anExhaustedPoolIsSaidToBe() {
    String one = FIRST + "/128";
    var _ = bob.pools.lease(List.of(one), Identity.ofName("other"), Ipv6Address.UNSPECIFIED);
    assertFalse(tryUp(asking(Ipv6Address.UNSPECIFIED), giving(one)).succeeded());
    assertEquals(1, bob.count("sent INTERNAL_ADDRESS_FAILURE"));
    assertEquals(1, alice.ike.list().size());
    assertProtected(0);
  }

  /// RFC 7296 §3.10.1: FAILED_CP_REQUIRED where an address has to be asked for.
  @Test
  void aPeerThatAsksForNoAddressIsRefusedWhereItNeedsOne() {
    Connections bare =
        Connections.alice().selectors(Selector.between(AddressRange.of(Connections.ALICE), NET));
    assertFalse(tryUp(bare, giving(POOL)).succeeded());
    assertEquals(1, bob.count("sent FAILED_CP_REQUIRED"));
    assertTrue(alice.lines.toString().contains("FAILED_CP_REQUIRED"), alice.lines.toString());
    assertProtected(0);
  }

  /// A connection with an address inside of the tunnel protects nothing without one.
  @Test
  void withoutAnAddressNothingIsProtected() {
    Connections his = Connections.bob().selectors(Selector.between(NET, AddressRange.ANY));
    assertFalse(tryUp(asking(Ipv6Address.UNSPECIFIED), his).succeeded());
    time.pass(Duration.ofSeconds(20));
    assertProtected(0);
  }

  /// RFC 7296 §2.4, §2.19: who says INITIAL_CONTACT has lost its IKE SA, and gets its address anew.
  @Test
  void aPeerThatStartedAnewKeepsItsAddress() {
    up(asking(Ipv6Address.UNSPECIFIED), giving(POOL));
    alice = new Host(Connections.ALICE, time, network, 30);
    alice.load(asking(Ipv6Address.UNSPECIFIED).connection());
    alice.begin("net");
    time.pass(Duration.ofSeconds(5));
    assertEquals(List.of(FIRST), assigned(alice).local());
    assertEquals(1, online());
    assertProtected(1);
  }

  /// Make before break: while the older IKE SA stands, the newer one gets the same address.
  @Test
  void anAddressAskedForAgainByWhoHasItIsGivenOnceMore() {
    Identity peer = Identity.ofName("peer");
    List<String> pools = List.of(POOL);
    var _ = bob.pools.lease(pools, peer, Ipv6Address.UNSPECIFIED);
    assertEquals(FIRST, bob.pools.lease(pools, peer, FIRST).orElseThrow().address());
    bob.pools.release(pools, List.of(FIRST));
    assertEquals(1, online());
    bob.pools.release(pools, List.of(FIRST));
    assertEquals(0, online());
  }

  @Test
  void connectionsThatNameOnePoolShareIt() {
    assertEquals(
        Optional.empty(), bob.pools.load(new Pool("road", AddressRange.parse(POOL), List.of())));
    List<String> names = List.of("road");
    var one = bob.pools.lease(names, Identity.ofName("a"), Ipv6Address.UNSPECIFIED);
    var two = bob.pools.lease(names, Identity.ofName("b"), Ipv6Address.UNSPECIFIED);
    assertEquals(List.of(FIRST, SECOND), List.of(one.get().address(), two.get().address()));
    assertTrue(bob.pools.unload("road").isPresent(), "its addresses are in use");
    bob.pools.release(names, List.of(FIRST, SECOND));
    assertEquals(Optional.empty(), bob.pools.unload("road"));
  }

  /// Who left first loses its address first, and only when no other is left.
  @Test
  void anAddressIsGivenToOthersOnlyWhenNoneIsUnused() {
    List<String> pool = List.of("2001:db8:9::8-2001:db8:9::9");
    for (String name : List.of("a", "b", "c")) {
      Ipv6Address address =
          bob.pools
              .lease(pool, Identity.ofName(name), Ipv6Address.UNSPECIFIED)
              .orElseThrow()
              .address();
      assertEquals(name.equals("b") ? "2001:db8:9::9" : "2001:db8:9::8", address.toString());
      bob.pools.release(pool, List.of(address));
    }
  }

  /// IPv4 inside: addresses are IPv4-mapped, and 0 and 255 of a prefix are nobody's.
  @Test
  void bothFamiliesComeFromPoolsOfTheirOwn() {
    AddressRange inner = AddressRange.prefix(new Ipv6Address(0, 0xffff_0a01_0200L), 24);
    bob.pools.load(new Pool("four", inner, List.of()));
    up(asking(Ipv6Address.UNSPECIFIED, InternalAddresses.ANY_IPV4), giving(POOL, "four"));
    assertEquals(List.of(FIRST, new Ipv6Address(0, 0xffff_0a01_0201L)), assigned(alice).local());
  }

  /// A pool of one address of IPv4 has that address to give.
  @Test
  void oneAddressOfEitherFamilyIsAPool() {
    for (Ipv6Address address : List.of(FIRST, new Ipv6Address(0, 0xffff_0a01_0203L))) {
      Pool pool = new Pool("one" + address, AddressRange.of(address), List.of());
      assertEquals(Optional.empty(), bob.pools.load(pool));
      var leased =
          bob.pools.lease(
              List.of(pool.name()),
              Identity.ofName("peer"),
              address.isIpv4() ? InternalAddresses.ANY_IPV4 : Ipv6Address.UNSPECIFIED);
      assertEquals(address, leased.orElseThrow().address());
    }
  }
}
