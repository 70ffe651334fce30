package espd.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Mode;
import espd.spd.Policy;
import espd.spd.Processing;
import espd.spd.Sadb;
import espd.spd.Selector;
import espd.tun.HostException;
import espd.tun.memory.MemoryInboundFilter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The host's filter follows the SPD (RFC 4301 §5.2).
final class EnforcementTest {

  private static final Selector ALL = Selector.between(AddressRange.ANY, AddressRange.ANY);
  private static final Policy PROTECT =
      policy(Direction.INBOUND, 2, new Processing.Protect(Mode.TUNNEL, Seed.LOCAL, Seed.REMOTE, 1));
  private static final Policy BYPASS = policy(Direction.INBOUND, 1, new Processing.Bypass());

  private Instant now = Instant.EPOCH;
  private final InstantSource clock = () -> now;
  private final Sadb sadb = new Sadb(clock, new Random(1));
  private final MemoryInboundFilter filter = new MemoryInboundFilter();
  private final Enforcement enforcement = Enforcement.open(sadb, clock, () -> filter);

  private static Policy policy(Direction direction, int priority, Processing processing) {
    return new Policy("net", direction, ALL, priority, processing);
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void theFilterHasTheInboundPoliciesInTheOrderOfTheSpd() {
    sadb.addAll(List.of(PROTECT, policy(Direction.OUTBOUND, 0, new Processing.Discard()), BYPASS));
    enforcement.follow();
    assertEquals(List.of(BYPASS, PROTECT), filter.policies());
    assertTrue(enforcement.state().inForce());
  }

  @Test
  void aHostThatCannotFilterIsToldOnceAndTheDaemonGoesOn() {
    Enforcement none =
        Enforcement.open(
            sadb,
            clock,
            () -> {
              throw new HostException("install nftables");
            });
    none.follow();
    none.look();
    assertEquals(0, none.dropped());
    assertEquals(new Enforcement.State(false, "install nftables"), none.state());
    none.close();
  }

  @Test
  void whoWaivesItHasNoFilterLeft() throws Exception {
    sadb.add(PROTECT);
    filter.follow(sadb.spd());
    Enforcement waived = Enforcement.waived(sadb, () -> filter);
    sadb.add(PROTECT);
    waived.follow();
    assertEquals(List.of(), filter.policies());
    assertFalse(waived.state().inForce());
  }

  @Test
  void whatAnotherProgramTookOutComesBack() {
    sadb.add(PROTECT);
    enforcement.follow();
    enforcement.look();
    filter.vanish();
    enforcement.look();
    assertEquals(List.of(), filter.policies(), "it is not looked at all the time");
    pass(Enforcement.LOOK_AGAIN);
    enforcement.look();
    assertEquals(List.of(PROTECT), filter.policies());
    assertTrue(enforcement.state().inForce());
  }

  @Test
  void saysThatTheHostRefuses() {
    filter.refuse();
    enforcement.follow();
    assertFalse(enforcement.state().inForce());
    assertEquals("the host refuses", enforcement.state().detail());
  }

  @Test
  void readsTheCounterOnceASecondAtMost() {
    filter.drop(3);
    assertEquals(3, enforcement.dropped());
    filter.drop(4);
    assertEquals(3, enforcement.dropped());
    pass(Enforcement.COUNT_AGAIN);
    assertEquals(7, enforcement.dropped());
  }

  @Test
  void takesTheFilterOutAtTheEnd() {
    sadb.add(PROTECT);
    enforcement.follow();
    enforcement.close();
    assertEquals(List.of(), filter.policies());
  }
}
