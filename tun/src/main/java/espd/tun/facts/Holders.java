package espd.tun.facts;

import espd.spd.Ipv6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Who has a port or a TUN device, as far as `/proc` tells: of other users' processes only to root.
///
/// @param files of the host
public record Holders(HostFiles files) {

  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;

  /// How `/proc` writes TCP_LISTEN.
  private static final String LISTENS = "0A";

  /// {@return the processes whose IPv6 sockets keep others from binding a UDP port at `local`}
  ///
  /// @param local an address of this host, or `::` for all
  public List<Holder> ofUdpPort(Ipv6Address local, int port) {
    return of(sockets("/proc/net/udp6").filter(fields -> isAt(fields[LOCAL_ADDRESS], local, port)));
  }

  /// {@return the processes whose IPv6 sockets keep others from listening at a TCP port of `local`}
  ///
  /// @param local an address of this host, or `::` for all
  public List<Holder> ofTcpPort(Ipv6Address local, int port) {
    return of(
        sockets("/proc/net/tcp6")
            .filter(fields -> fields[STATE].equals(LISTENS))
            .filter(fields -> isAt(fields[LOCAL_ADDRESS], local, port)));
  }

  private Stream<String[]> sockets(String file) {
    return files.lines(file).stream()
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields.length > INODE);
  }

  private List<Holder> of(Stream<String[]> sockets) {
    Set<String> inodes =
        sockets.map(fields -> "socket:[" + fields[INODE] + "]").collect(Collectors.toSet());
    if (inodes.isEmpty()) {
      return List.of();
    }
    List<Holder> holders = new ArrayList<>();
    for (String pid : processes()) {
      String folder = "/proc/" + pid + "/fd";
      if (files.names(folder).stream()
          .anyMatch(fd -> files.link(folder + "/" + fd).filter(inodes::contains).isPresent())) {
        holders.add(holder(pid));
      }
    }
    return holders.isEmpty() ? List.of(Holder.UNKNOWN) : holders;
  }

  /// A socket is at an address and port, `0000…:01F4`: the address in words of four octets, each
  /// with its last octet first.
  private static boolean isAt(String text, Ipv6Address local, int port) {
    if (!text.matches("[0-9A-F]{32}:[0-9A-F]{4}")
        || Integer.parseInt(text.substring(33), 16) != port) {
      return false;
    }
    Ipv6Address bound =
        new Ipv6Address(
            words(text.substring(0, 8), text.substring(8, 16)),
            words(text.substring(16, 24), text.substring(24, 32)));
    return bound.isUnspecified() || local.isUnspecified() || bound.equals(local);
  }

  private static long words(String first, String second) {
    long high = Integer.reverseBytes(Integer.parseUnsignedInt(first, 16));
    long low = Integer.reverseBytes(Integer.parseUnsignedInt(second, 16));
    return (high << 32) | (low & 0xffff_ffffL);
  }

  /// {@return the process that has a TUN device, or nothing where none is seen to}
  public Optional<Holder> ofTun(String device) {
    String says = "iff:\t" + device;
    for (String pid : processes()) {
      String folder = "/proc/" + pid;
      for (String fd : files.names(folder + "/fd")) {
        boolean tun =
            files.link(folder + "/fd/" + fd).filter("/dev/net/tun"::equals).isPresent()
                && files.lines(folder + "/fdinfo/" + fd).contains(says);
        if (tun) {
          return Optional.of(holder(pid));
        }
      }
    }
    return Optional.empty();
  }

  /// Those of this network namespace: names of devices and ports are each namespace's own.
  private List<String> processes() {
    Optional<String> here = files.link("/proc/self/ns/net");
    return files.names("/proc").stream()
        .filter(name -> name.matches("\\d+"))
        .filter(name -> files.link("/proc/" + name + "/ns/net").equals(here))
        .toList();
  }

  private Holder holder(String pid) {
    return new Holder(Long.parseLong(pid), files.text("/proc/" + pid + "/comm").orElse(""));
  }
}
