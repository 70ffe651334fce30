package espd.daemon;

import espd.daemon.config.HostView;
import espd.dataplane.DataPlaneConfiguration;
import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.Tcp;
import espd.ike.net.NettyTransport.BoundSocket;
import espd.spd.Ipv6Address;
import espd.tun.AlwaysAdmitted;
import espd.tun.HostException;
import espd.tun.HostNetwork;
import espd.tun.HostRouting;
import espd.tun.InboundFilter;
import espd.tun.LinuxHostNetwork;
import espd.tun.LinuxInboundFilter;
import espd.tun.LinuxTun;
import espd.tun.LinuxUnderlay;
import espd.tun.MarkedUdpSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What the daemon has of the host: the TUN device, the outer network's sockets, IKE's sockets, the
/// routing and the packet filter.
///
/// @param tun the device, up, its MTU set
/// @param underlay ESP raw and in UDP, at every local address of the configuration
/// @param ikeSockets UDP 500 of every local address
/// @param network the rule and the routes
/// @param outerAtStart what passes the packet filter whatever the policies say, at the start
/// @param pathMtu the longest outer packet that reaches every peer, which the device's MTU follows
record Host(
    LinuxTun tun,
    LinuxUnderlay underlay,
    List<BoundSocket> ikeSockets,
    HostNetwork network,
    AlwaysAdmitted outerAtStart,
    PathMtu pathMtu) {

  /// {@return what passes the packet filter whatever the policies say, as ESP and IKE arrive now}
  AlwaysAdmitted outer() {
    return new AlwaysAdmitted(
        outerAtStart.device(), underlay.locals(), outerAtStart.ports(), outerAtStart.tcp());
  }

  /// {@return the packet filter, which not every host has}
  ///
  /// @throws HostException when it has none, with what to do
  InboundFilter inboundFilter() throws HostException {
    return LinuxInboundFilter.open(this::outer);
  }

  /// {@return what the daemon needs of the host}
  ///
  /// @param locals the addresses that IKE and ESP are spoken at
  /// @param connections whose paths are followed
  /// @param tunName the name of the device
  /// @param opened takes charge of all that is opened here, also when a later part fails
  /// @throws HostException with one line that says what the host lacks and what to do
  static Host open(
      Set<Ipv6Address> locals, List<Connection> connections, String tunName, Opened opened)
      throws IOException {
    HostRouting numbers =
        new HostRouting(
            tunName,
            HostRouting.DEFAULT.mark(),
            HostRouting.DEFAULT.table(),
            HostRouting.DEFAULT.preference());
    // Sockets first: where another daemon has the ports, nothing of its routing is touched.
    LinuxUnderlay underlay =
        opened.add(
            LinuxUnderlay.open(
                new LinuxUnderlay.Configuration(
                    locals, OptionalInt.of(Datagram.NAT_PORT), numbers.mark())));
    List<BoundSocket> ikeSockets = new ArrayList<>();
    for (Ipv6Address local : locals) {
      int fd = MarkedUdpSocket.open(local, Datagram.PORT, numbers.mark());
      ikeSockets.add(new BoundSocket(fd, local, Datagram.PORT));
    }
    LinuxTun tun = opened.add(LinuxTun.open(tunName, DataPlaneConfiguration.ETHERNET_MTU));
    HostNetwork network = opened.add(LinuxHostNetwork.open(numbers));
    PathMtu pathMtu = PathMtu.of(network, connections, tun::mtu);
    AlwaysAdmitted outer =
        new AlwaysAdmitted(
            tunName, locals, Set.of(Datagram.PORT, Datagram.NAT_PORT), tcp(connections));
    return new Host(tun, underlay, ikeSockets, network, outer, pathMtu);
  }

  private static AlwaysAdmitted.Tcp tcp(List<Connection> connections) {
    List<Tcp> uses = connections.stream().map(connection -> connection.options().tcp()).toList();
    return new AlwaysAdmitted.Tcp(
        uses.stream().anyMatch(Tcp::listens) ? Set.of(Datagram.NAT_PORT) : Set.of(),
        uses.stream().anyMatch(tcp -> tcp.use() != Tcp.Use.NO) ? HostRouting.DEFAULT.mark() : 0);
  }

  /// {@return the host as a configuration that is read later has to take it: no route of an SA
  /// leads IKE's packets, and its addresses are those where it listens}
  ///
  /// @param listening the addresses that sockets are open at
  HostView view(Set<Ipv6Address> listening) {
    return HostView.ofThisHost(
        peer -> {
          try {
            return Optional.of(network.localAddressFor(peer));
          } catch (IOException e) {
            return Optional.empty();
          }
        },
        () -> listening);
  }

  /// Sends what is complete, from the port that ESP in UDP has too.
  void sendFromNatPort(Datagram datagram) throws IOException {
    underlay.sendDatagram(
        datagram.local(),
        datagram.localPort(),
        datagram.remote(),
        datagram.remotePort(),
        datagram.payload());
  }
}
