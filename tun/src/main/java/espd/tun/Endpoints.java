package espd.tun;

import espd.spd.Ipv6Address;
import java.util.List;

/// The sockets of an underlay: one for each local address and port, the port of a raw one being 0.
/// Laid out for a search without an object; immutable.
final class Endpoints {

  /// One socket.
  record Endpoint(Ipv6Address local, int port, int fd) {}

  /// What [#fd(long, long, int)] says when there is none.
  static final int NO_SOCKET = -1;

  private final int[] fds;
  private final long[] localHigh;
  private final long[] localLow;
  private final int[] localPort;

  Endpoints(List<Endpoint> endpoints) {
    this.fds = endpoints.stream().mapToInt(Endpoint::fd).toArray();
    this.localHigh = endpoints.stream().mapToLong(end -> end.local().high()).toArray();
    this.localLow = endpoints.stream().mapToLong(end -> end.local().low()).toArray();
    this.localPort = endpoints.stream().mapToInt(Endpoint::port).toArray();
  }

  int count() {
    return fds.length;
  }

  /// {@return the descriptors of all}
  int[] fds() {
    return fds.clone();
  }

  int fd(int index) {
    return fds[index];
  }

  long localHigh(int index) {
    return localHigh[index];
  }

  long localLow(int index) {
    return localLow[index];
  }

  int localPort(int index) {
    return localPort[index];
  }

  /// {@return the descriptor of this address and port, or [#NO_SOCKET]}
  int fd(long high, long low, int port) {
    for (int i = 0; i < fds.length; i++) {
      if (localLow[i] == low && localHigh[i] == high && localPort[i] == port) {
        return fds[i];
      }
    }
    return NO_SOCKET;
  }
}
