package espd.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.ike.Connection;
import espd.spd.Ipv6Address;
import espd.spd.SaParameters;
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
    path.follow(List.of(), changed -> {});
    network.pathMtu(peer, 1400);
    path.follow(List.of(), changed -> {});
    path.follow(List.of(), changed -> {});
    assertEquals(1400, path.octets());
    network.pathMtu(peer, 1500);
    path.follow(List.of(), changed -> {});
    assertEquals(List.of(1458, 1358, 1458), mtus);
  }

  @Test
  void aDeviceThatRefusesIsNotAskedAgainForTheSame() throws Exception {
    List<Connection> connections = Seed.connections(folder, "esp=aes128gcm16!", "type=transport");
    PathMtu path = PathMtu.of(network, connections, this::refuseLess);
    network.pathMtu(connections.getFirst().remote().orElseThrow(), 1400);
    path.follow(List.of(), changed -> {});
    path.follow(List.of(), changed -> {});
    assertEquals(List.of(1458, 1358), mtus);
  }

  /// Without a connection, SAs by hand alone: what they take and what their path takes.
  @Test
  void theDeviceFollowsSasByHand() throws Exception {
    Connection like = Seed.connections(folder, "esp=aes128gcm16!", "type=transport").getFirst();
    PathMtu path = PathMtu.of(network, List.of(), mtus::add);
    List<SaParameters> byHand = List.of(Seed.sa(0x300, like));
    path.follow(byHand, changed -> {});
    network.pathMtu(byHand.getFirst().remote(), 1400);
    path.follow(byHand, changed -> {});
    path.follow(List.of(), changed -> {});
    assertEquals(List.of(1500, 1466, 1366, 1500), mtus);
  }

  private void refuseLess(int octets) throws IOException {
    mtus.add(octets);
    if (octets < 1458) {
      throw new IOException("a test refuses it");
    }
  }
}
