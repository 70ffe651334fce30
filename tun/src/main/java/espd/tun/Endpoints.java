package espd.tun;

import espd.spd.Ipv6Address;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The sockets of an underlay: one for each local address and port, the port of a raw one being 0.
/// Laid out for a search without an object. One thread at a time changes them, while others read: a
/// place, once there, keeps its descriptor, whatever address that is bound to.
final class Endpoints {

  /// One socket.
  record Endpoint(Ipv6Address local, int port, int fd) {}

  /// What [#fd(long, long, int)] says when there is none.
  static final int NO_SOCKET = -1;

  /// As many there can be: an address has two.
  static final int MOST = 256;

  @SuppressWarnings("ArrayRecordComponent") // never compared, and never changed once published
  private record Table(int[] fds, long[] localHigh, long[] localLow, int[] localPort) {

    Table(List<Endpoint> endpoints) {
      this(
          endpoints.stream().mapToInt(Endpoint::fd).toArray(),
          endpoints.stream().mapToLong(end -> end.local().high()).toArray(),
          endpoints.stream().mapToLong(end -> end.local().low()).toArray(),
          endpoints.stream().mapToInt(Endpoint::port).toArray());
    }
  }

  private volatile List<Endpoint> all;
  private volatile Table table;

  Endpoints(List<Endpoint> endpoints) {
    this.all = List.copyOf(endpoints);
    this.table = new Table(all);
  }

  /// Replaces them, in their places.
  void become(List<Endpoint> endpoints) {
    all = List.copyOf(endpoints);
    table = new Table(all);
  }

  /// {@return them, in their places}
  List<Endpoint> all() {
    return all;
  }

  /// {@return the addresses that have one}
  Set<Ipv6Address> locals() {
    return all.stream().map(Endpoint::local).collect(Collectors.toUnmodifiableSet());
  }

  int count() {
    return table.fds.length;
  }

  /// {@return the descriptors of all}
  int[] fds() {
    return table.fds.clone();
  }

  int fd(int index) {
    return table.fds[index];
  }

  long localHigh(int index) {
    return table.localHigh[index];
  }

  long localLow(int index) {
    return table.localLow[index];
  }

  int localPort(int index) {
    return table.localPort[index];
  }

  /// {@return the descriptor of this address and port, or [#NO_SOCKET]}
  int fd(long high, long low, int port) {
    Table now = table;
    for (int i = 0; i < now.fds.length; i++) {
      if (now.localLow[i] == low && now.localHigh[i] == high && now.localPort[i] == port) {
        return now.fds[i];
      }
    }
    return NO_SOCKET;
  }
}
