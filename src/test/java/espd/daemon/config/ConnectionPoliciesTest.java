package espd.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Policy;
import espd.spd.PortRange;
import espd.spd.Processing;
import espd.spd.Selector;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionPoliciesTest {

  private static final Selector HOSTS =
      Selector.between(AddressRange.parse("::1"), AddressRange.parse("::2"));
  private static final Selector NETS =
      Selector.between(AddressRange.parse("2001:db8:1::/48"), AddressRange.parse("::/0"));
  private static final Selector WEB =
      new Selector(NETS.local(), NETS.remote(), 6, PortRange.ANY, PortRange.of(443));

  /// RFC 4301 §4.4.1: the SPD is ordered.
  @Test
  void asksNarrowerSelectorsFirst() {
    int hosts = priority(HOSTS);
    int web = priority(WEB);
    int nets = priority(NETS);
    assertTrue(hosts < web && web < nets);
    assertTrue(hosts > Policy.DEFAULT_PRIORITY);
  }

  @Test
  void makesAPolicyForEachDirection() {
    List<Policy> policies =
        ConnectionPolicies.of(new Shunt("x", List.of(NETS), new Processing.Bypass()));
    assertEquals(
        List.of(Direction.OUTBOUND, Direction.INBOUND),
        policies.stream().map(Policy::direction).toList());
    assertEquals(NETS, policies.get(1).selector());
    assertEquals("x", policies.get(0).connection());
  }

  private static int priority(Selector selector) {
    Shunt shunt = new Shunt("x", List.of(selector), new Processing.Discard());
    return ConnectionPolicies.of(shunt).getFirst().priority();
  }
}
