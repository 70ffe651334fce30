package espd.daemon;

import espd.daemon.config.TunnelMtu;
import espd.dataplane.DataPlaneConfiguration;
import espd.ike.Connection;
import espd.tun.HostNetwork;
import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The longest outer packet that reaches every peer, and the MTU of the TUN device that follows it
/// (RFC 4301 §8.2, RFC 8201): the host learns from Packet Too Big what a path takes, and unless the
/// device is told, ESP packets that are too long vanish on the way. Any thread.
final class PathMtu {

  /// The device whose MTU it sets.
  interface Device {
    /// Sets the longest packet that the host gives the device, in octets.
    void mtu(int octets) throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(PathMtu.class);

  private final HostNetwork network;
  private List<Connection> connections;
  private final Device device;
  private int octets;
  private boolean led;

  private PathMtu(HostNetwork network, List<Connection> connections, Device device) {
    this.network = network;
    this.connections = List.copyOf(connections);
    this.device = device;
  }

  /// {@return the paths to the peers of `connections` as they are now, the device's MTU set}
  ///
  /// @throws IOException when the device refuses it
  static PathMtu of(HostNetwork network, List<Connection> connections, Device device)
      throws IOException {
    PathMtu path = new PathMtu(network, connections, device);
    path.octets = path.least();
    device.mtu(TunnelMtu.of(path.octets, connections));
    return path;
  }

  /// {@return the longest outer packet that reached every peer at the last look}
  synchronized int octets() {
    return octets;
  }

  /// Replaces the connections; the next look says what that means.
  synchronized void lead(List<Connection> others) {
    connections = List.copyOf(others);
    led = true;
  }

  /// Looks anew. To be called about once a second.
  ///
  /// @param changed is told the longest outer packet when it is another than at the last look
  synchronized void follow(IntConsumer changed) {
    int now = least();
    if (now == octets && !led) {
      return;
    }
    led = false;
    octets = now;
    changed.accept(now);
    int mtu = TunnelMtu.of(now, connections);
    try {
      device.mtu(mtu);
      LOG.info("the paths to the peers take {} octets: the TUN device {}", now, mtu);
    } catch (IOException e) {
      LOG.warn("the TUN device keeps its MTU: {}", e.getMessage());
    }
  }

  private int least() {
    int least = DataPlaneConfiguration.ETHERNET_MTU;
    for (Connection connection : connections) {
      if (connection.remote().isPresent()) {
        try {
          least = Math.min(least, network.pathMtu(connection.remote().get()));
        } catch (IOException e) {
          LOG.atDebug()
              .addKeyValue("connection", connection.name())
              .log("no path as yet: {}", e.getMessage());
        }
      }
    }
    return least;
  }
}
