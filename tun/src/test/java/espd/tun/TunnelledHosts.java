package espd.tun;

import espd.spd.Ipv6Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Two hosts, each with a TUN device of an MTU of [#MTU], and the wires between these.
final class TunnelledHosts implements AutoCloseable {

  static final int MTU = 1400;
  static final Ipv6Address WEST = Ipv6Address.parse("2001:db8:1::1");
  static final Ipv6Address EAST = Ipv6Address.parse("2001:db8:2::2");

  private static final String DEVICE = "espdt0";

  final Namespace west = new Namespace();
  final Namespace east = new Namespace();
  final LinuxTun westTun;
  final LinuxTun eastTun;
  final Wire eastwards;
  final Wire westwards;

  /// @param offload what both hosts leave to their devices
  /// @param path of the wires, each way
  /// @param capture takes all packets
  TunnelledHosts(Offload offload, Wire.Path path, @Nullable PcapFile capture) throws Exception {
    westTun = device(west, offload);
    eastTun = device(east, offload);
    west.address(WEST + "/128", "lo");
    east.address(EAST + "/128", "lo");
    west.ip("route add 2001:db8:2::/48 dev " + DEVICE + " src " + WEST);
    east.ip("route add 2001:db8:1::/48 dev " + DEVICE + " src " + EAST);
    eastwards = new Wire(westTun, eastTun, path, capture);
    westwards = new Wire(eastTun, westTun, path, capture);
  }

  private static LinuxTun device(Namespace host, Offload offload) throws Exception {
    return host.call(() -> LinuxTun.open("/dev/net/tun", DEVICE, MTU, offload));
  }

  /// Sets a variable of a host's network.
  ///
  /// @param name such as `ipv4/tcp_ecn`
  static void set(Namespace host, String name, String value) throws Exception {
    host.call(() -> Files.writeString(Path.of("/proc/sys/net/" + name), value));
  }

  /// What a device has carried, a packet for several being one.
  ///
  /// @param received by the host
  /// @param sent by the host
  record Carried(long received, long sent) {}

  /// {@return what the TUN device of a host has carried}
  static Carried carried(Namespace host) throws Exception {
    return carried(host, DEVICE);
  }

  static Carried carried(Namespace host, String device) throws Exception {
    for (String line : read(host, "dev")) {
      String[] words = line.strip().split("[ :]+", -1);
      if (words[0].equals(device)) {
        return new Carried(Long.parseLong(words[2]), Long.parseLong(words[10]));
      }
    }
    throw new IOException("no device " + device);
  }

  /// {@return the counters of a host's network, such as `Tcp.InCsumErrors` and `Udp6InCsumErrors`}
  static Map<String, Long> counters(Namespace host) throws Exception {
    Map<String, Long> counters = new HashMap<>();
    for (String line : read(host, "snmp6")) {
      String[] words = line.split("\\s+", -1);
      counters.put(words[0], Long.parseLong(words[1]));
    }
    for (String file : List.of("snmp", "netstat")) {
      for (Iterator<String> lines = read(host, file).iterator(); lines.hasNext(); ) {
        String[] names = lines.next().split(" ", -1);
        String[] values = lines.next().split(" ", -1);
        for (int i = 1; i < names.length; i++) {
          counters.put(names[0].replace(':', '.') + names[i], Long.parseLong(values[i]));
        }
      }
    }
    return counters;
  }

  private static List<String> read(Namespace host, String file) throws Exception {
    return host.call(() -> Files.readAllLines(Path.of("/proc/thread-self/net/" + file)));
  }

  /// {@return one counter of a host's network}
  static long counter(Namespace host, String name) throws Exception {
    Long value = counters(host).get(name);
    if (value == null) {
      throw new IllegalStateException("no counter " + name);
    }
    return value;
  }

  /// Ends what the wires do.
  void disconnect() {
    westTun.close();
    eastTun.close();
    eastwards.await();
    westwards.await();
  }

  @Override
  public void close() {
    disconnect();
    west.close();
    east.close();
  }
}
