package espd.daemon;

import espd.daemon.config.TunnelMtu;
import espd.dataplane.DataPlaneConfiguration;
import espd.ike.Connection;
import espd.spd.Ipv6Address;
import espd.spd.SaParameters;
import espd.tun.HostNetwork;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
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
  private int mtu;

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
    path.octets = path.least(List.of());
    path.mtu = TunnelMtu.of(path.octets, connections, List.of());
    device.mtu(path.mtu);
    return path;
  }

  /// {@return the longest outer packet that reached every peer at the last look}
  synchronized int octets() {
    return octets;
  }

  /// Replaces the connections; the next look says what that means.
  synchronized void lead(List<Connection> others) {
    connections = List.copyOf(others);
  }

  /// Looks anew. To be called about once a second.
  ///
  /// @param byHand the SAs that people have made
  /// @param changed is told the longest outer packet when it is another than at the last look
  synchronized void follow(Collection<SaParameters> byHand, IntConsumer changed) {
    int now = least(byHand);
    if (now != octets) {
      octets = now;
      changed.accept(now);
    }
    int fits = TunnelMtu.of(now, connections, byHand);
    if (fits == mtu) {
      return;
    }
    mtu = fits;
    try {
      device.mtu(mtu);
      LOG.info("the paths to the peers take {} octets: the TUN device {}", now, mtu);
    } catch (IOException e) {
      LOG.warn("the TUN device keeps its MTU: {}", e.getMessage());
    }
  }

  private int least(Collection<SaParameters> byHand) {
    int least = DataPlaneConfiguration.ETHERNET_MTU;
    Stream<Ipv6Address> negotiated = connections.stream().flatMap(c -> c.remote().stream());
    Stream<Ipv6Address> made = byHand.stream().map(SaParameters::remote);
    for (Ipv6Address peer : Stream.concat(negotiated, made).distinct().toList()) {
      try {
        least = Math.min(least, network.pathMtu(peer));
      } catch (IOException e) {
        LOG.debug("no path to {} as yet: {}", peer, e.getMessage());
      }
    }
    return least;
  }
}
