package espd.ike.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.Identity;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Pools of files and of commands, as they come and go.
final class PoolsTest {

  private static final Identity CAROL = Identity.ofName("carol");
  private static final List<String> ROAD = List.of("road");

  private final Pools pools = new Pools();

  private static Pool road(String addresses) {
    return new Pool("road", AddressRange.parse(addresses), List.of());
  }

  private Optional<Ipv6Address> lease(Identity peer) {
    return pools.lease(ROAD, peer, Ipv6Address.UNSPECIFIED).map(Pools.Leased::address);
  }

  private List<String> names() {
    return pools.list().stream().map(view -> view.pool().name()).toList();
  }

  @Test
  void aPoolOfAFileKeepsItsLeasesWhenTheFileIsReadAgain() {
    assertEquals(Optional.empty(), pools.read(List.of(road("2001:db8:9::/64"))));
    Optional<Ipv6Address> first = lease(CAROL);
    assertEquals(Optional.empty(), pools.read(List.of(road("2001:db8:9::/64"))));
    assertEquals(1, pools.list().getFirst().online());
    pools.release(ROAD, List.of(first.orElseThrow()));
    assertEquals(first, lease(CAROL));
  }

  @Test
  void addressesInUseAreNotTakenAway() {
    var _ = pools.read(List.of(road("2001:db8:9::/64")));
    var _ = lease(CAROL);
    Pool other = new Pool("other", AddressRange.parse("2001:db8:b::/64"), List.of());
    assertEquals(
        Optional.of("pool 'road' has addresses in use"),
        pools.read(List.of(other, road("2001:db8:a::/64"))));
    assertEquals(ROAD, names());
  }

  @Test
  void aPoolThatIsGoneGivesNothingAndIsForgottenWithItsLastLease() {
    var _ = pools.read(List.of(road("2001:db8:9::/64")));
    Ipv6Address given = lease(CAROL).orElseThrow();
    assertEquals(Optional.empty(), pools.read(List.of()));
    assertEquals(Optional.empty(), lease(Identity.ofName("dave")));
    assertEquals(ROAD, names());
    pools.release(ROAD, List.of(given));
    assertEquals(List.of(), names());
  }

  @Test
  void commandsLeaveThePoolsOfFilesAlone() {
    var _ = pools.read(List.of(road("2001:db8:9::/64")));
    assertTrue(pools.load(road("2001:db8:a::/64")).orElseThrow().contains("stands in a file"));
    assertTrue(pools.unload("road").isPresent());
    Pool other = new Pool("other", AddressRange.parse("2001:db8:b::/64"), List.of());
    assertEquals(Optional.empty(), pools.load(other));
    assertEquals(Optional.empty(), pools.read(List.of()));
    assertEquals(List.of("other"), names());
    assertEquals(Optional.empty(), pools.unload("other"));
  }
}
