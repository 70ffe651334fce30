package espd.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.daemon.config.ConnectionPolicies;
import espd.ike.Connection;
import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.InboundSa;
import espd.spd.OutboundSa;
import espd.spd.Processing;
import espd.spd.Sa;
import espd.spd.Sadb;
import espd.tun.HostNetwork.Route;
import espd.tun.memory.MemoryHostNetwork;
import espd.tun.memory.MemoryInboundFilter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Policies and routes follow the SAs.
final class ProtectedTrafficTest {

  private static final Route TO_PEER = new Route(AddressRange.of(Seed.REMOTE), Seed.LOCAL);

  @TempDir private Path folder;
  private final Sadb sadb = new Sadb(InstantSource.fixed(Instant.EPOCH), new Random(1));
  private final MemoryHostNetwork host = new MemoryHostNetwork(Seed.LOCAL);
  private final MemoryInboundFilter filter = new MemoryInboundFilter();
  private Connection connection;
  private ProtectedTraffic traffic;

  @BeforeEach
  void oneConnection() throws Exception {
    List<Connection> connections = Seed.connections(folder, "type=tunnel");
    connection = connections.getFirst();
    Enforcement enforcement =
        Enforcement.open(sadb, InstantSource.fixed(Instant.EPOCH), () -> filter);
    traffic = new ProtectedTraffic(sadb, enforcement, host, connections);
    sadb.subscribe(traffic);
  }

  private OutboundSa sa(int spi) {
    return new OutboundSa(Seed.sa(spi, connection));
  }

  private void assertProtected() {
    assertEquals(Set.of(TO_PEER), host.routes());
    assertEquals(1, filter.policies().size());
    assertEquals(Direction.INBOUND, filter.policies().getFirst().direction());
    assertEquals(
        List.of(Direction.INBOUND, Direction.OUTBOUND),
        sadb.spd().entries().stream().map(entry -> entry.policy().direction()).sorted().toList());
    assertTrue(
        sadb.spd().entries().stream()
            .allMatch(entry -> entry.policy().processing() instanceof Processing.Protect));
  }

  private void assertUnprotected() {
    assertEquals(Set.of(), host.routes());
    assertEquals(List.of(), filter.policies());
    assertEquals(List.of(), sadb.spd().entries());
  }

  @Test
  void withoutAnSaTrafficIsLeftAlone() {
    assertUnprotected();
  }

  /// RFC 4301 §4.4.1: an entry of each direction for as long as the SA stands.
  @Test
  void anSaBringsItsPoliciesAndRouteAndTakesThemWithIt() {
    Sa sa = sa(0x1000);
    sadb.install(sa);
    sadb.settle();
    assertProtected();
    sadb.remove(sa);
    sadb.settle();
    assertUnprotected();
  }

  /// RFC 2409 §5.5: a responder can receive before it can send; the answer has to wait for an SA.
  @Test
  void anSaThatReceivesAloneBringsThePoliciesToo() {
    sadb.install(new InboundSa(Seed.sa(0x1000, connection)));
    sadb.settle();
    assertProtected();
    Sa sa = sa(0x2000);
    sadb.install(sa);
    sadb.settle();
    assertProtected();
    sadb.remove(sa);
    sadb.settle();
    assertUnprotected();
  }

  @Test
  void anSaThatReceivedAloneTakesThePoliciesWithIt() {
    Sa sa = new InboundSa(Seed.sa(0x1000, connection));
    sadb.install(sa);
    sadb.settle();
    sadb.remove(sa);
    sadb.settle();
    assertUnprotected();
  }

  /// RFC 7296 §2.8: the successor is there before the old SA goes, so nothing changes.
  @Test
  void aRekeyedSaChangesNothing() {
    Sa sa = sa(0x1000);
    sadb.install(sa);
    sadb.settle();
    var before = sadb.spd().entries();
    sadb.install(sa(0x2000));
    sadb.remove(sa);
    sadb.settle();
    assertEquals(before, sadb.spd().entries());
    assertProtected();
  }

  @Test
  void whatStandsOnDemandStaysWhenTheSaGoes() {
    traffic.replace(List.of(), ConnectionPolicies.of(connection));
    assertProtected();
    Sa sa = sa(0x1000);
    sadb.install(sa);
    sadb.settle();
    sadb.remove(sa);
    sadb.settle();
    assertProtected();
  }

  /// A host has thousands of SAs to set up at the same time, and changes of the host cost.
  @Test
  void whatManySasNeedTogetherIsDoneAtOnce() {
    int before = host.changes();
    for (int spi = 0x1000; spi < 0x1100; spi++) {
      sadb.install(sa(spi));
    }
    sadb.settle();
    assertProtected();
    assertEquals(1, host.changes() - before);
    sadb.settle();
    assertEquals(1, host.changes() - before);
  }
}
