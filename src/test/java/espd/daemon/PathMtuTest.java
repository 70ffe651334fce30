package espd.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.ike.Connection;
import espd.spd.Ipv6Address;
import espd.tun.memory.MemoryHostNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// RFC 4301 §8.2, RFC 8201: what a path takes may become less while packets pass.
class PathMtuTest {

  @TempDir private Path folder;

  private final MemoryHostNetwork network =
      new MemoryHostNetwork(Ipv6Address.parse("2001:db8:1:1::1"));
  private final List<Integer> mtus = new ArrayList<>();

  @Test
  void theDeviceFollowsWhatTheHostLearnsOfThePath() throws Exception {
    List<Connection> connections = Seed.connections(folder, "esp=aes128gcm16!", "type=transport");
    Ipv6Address peer = connections.getFirst().remote().orElseThrow();
    PathMtu path = PathMtu.of(network, connections, mtus::add);
    path.follow(changed -> {});
    network.pathMtu(peer, 1400);
    path.follow(changed -> {});
    path.follow(changed -> {});
    assertEquals(1400, path.octets());
    network.pathMtu(peer, 1500);
    path.follow(changed -> {});
    assertEquals(List.of(1458, 1358, 1458), mtus);
  }

  @Test
  void aDeviceThatRefusesIsNotAskedAgainForTheSame() throws Exception {
    List<Connection> connections = Seed.connections(folder, "esp=aes128gcm16!", "type=transport");
    PathMtu path = PathMtu.of(network, connections, this::refuseLess);
    network.pathMtu(connections.getFirst().remote().orElseThrow(), 1400);
    path.follow(changed -> {});
    path.follow(changed -> {});
    assertEquals(List.of(1458, 1358), mtus);
  }

  private void refuseLess(int octets) throws IOException {
    mtus.add(octets);
    if (octets < 1458) {
      throw new IOException("a test refuses it");
    }
  }
}
