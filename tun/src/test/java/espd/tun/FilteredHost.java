package espd.tun;

import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Policy;
import espd.spd.PortRange;
import espd.spd.Processing;
import espd.spd.Sadb;
import espd.spd.Selector;
import espd.spd.SpdEntry;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// A host with the filter, and a peer on its link that sends to it in the clear.
final class FilteredHost {

  static final Ipv6Address HERE = Ipv6Address.parse("2001:db8:9::1");
  static final Ipv6Address PEER = Ipv6Address.parse("2001:db8:9::2");
  static final AlwaysAdmitted OUTER = new AlwaysAdmitted("espd0", Set.of(HERE), Set.of(500, 4500));

  static final int SERVICE = 5353;
  static final int SHORT = 10;

  /// Three fragments on Ethernet.
  static final int LONG = 4000;

  final Namespace host = new Namespace();
  final Namespace peer = new Namespace();
  private final Sadb sadb = new Sadb(InstantSource.system(), new Random());
  private List<SpdEntry> entries = List.of();
  private InboundFilter filter;

  FilteredHost() throws Exception {
    Namespace.join(host, HERE + "/64", peer, PEER + "/64");
    open("nft");
  }

  /// Opens the filter, as a daemon does that was started anew.
  void open(String nft) throws Exception {
    filter = host.call(() -> LinuxInboundFilter.open(() -> OUTER, nft));
  }

  static Policy policy(Selector selector, Processing processing) {
    return new Policy("net", Direction.INBOUND, selector, 0, processing);
  }

  /// What must come protected from these.
  static Policy protect(AddressRange peers) {
    return policy(
        Selector.between(AddressRange.of(HERE), peers),
        new Processing.Protect(Mode.TUNNEL, HERE, PEER, 1));
  }

  static Selector udp(int localPort) {
    return new Selector(
        AddressRange.of(HERE), AddressRange.of(PEER), 17, PortRange.of(localPort), PortRange.ANY);
  }

  /// Has the filter follow an SPD of exactly these policies.
  void policies(Policy... policies) throws Exception {
    sadb.removeAll(entries);
    entries = sadb.addAll(List.of(policies));
    host.call(
        () -> {
          filter.follow(sadb.spd());
          return filter;
        });
  }

  long dropped() throws Exception {
    return host.call(filter::dropped);
  }

  String place() {
    return filter.place();
  }

  /// {@return whether a datagram from the peer reaches a socket of the host}
  boolean reaches(int port, int octets) throws Exception {
    DatagramSocket socket =
        host.call(() -> new DatagramSocket(new InetSocketAddress(HERE.toInetAddress(), port)));
    try (socket) {
      socket.setSoTimeout(500);
      peer.call(
          () -> {
            try (DatagramSocket from = new DatagramSocket()) {
              from.send(new DatagramPacket(new byte[octets], octets, HERE.toInetAddress(), port));
            }
            return socket;
          });
      DatagramPacket received = new DatagramPacket(new byte[LONG], LONG);
      socket.receive(received);
      return received.getLength() == octets;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  String tables() throws Exception {
    return host.run("nft list tables");
  }

  /// {@return the elements of the only set, as nft shows them in JSON}
  String elements(String family) throws Exception {
    String sets = host.run("nft -j list sets " + family);
    return sets.replaceFirst(".*?\"elem\": ", "").replaceFirst("}}]}\\s*$", "");
  }

  void closeFilter() throws Exception {
    host.call(
        () -> {
          filter.close();
          return filter;
        });
  }

  void close() throws Exception {
    closeFilter();
    host.close();
    peer.close();
  }
}
