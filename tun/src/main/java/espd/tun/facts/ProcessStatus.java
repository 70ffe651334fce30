package espd.tun.facts;

import java.math.BigInteger;
import java.util.List;

/// What a process may do, from `/proc/PID/status`.
///
/// @param lines of that file
public record ProcessStatus(List<String> lines) {

  /// Of this process.
  public static ProcessStatus ofThisProcess(HostFiles files) {
    return new ProcessStatus(files.lines("/proc/self/status"));
  }

  /// Copies the lines.
  public ProcessStatus {
    lines = List.copyOf(lines);
  }

  /// What espd needs (capabilities(7)).
  public enum Capability {
    /// Binding ports below 1024.
    CAP_NET_BIND_SERVICE(10),
    /// TUN devices, routes, rules, filters and marks.
    CAP_NET_ADMIN(12),
    /// Raw sockets.
    CAP_NET_RAW(13);

    private final int bit;

    Capability(int bit) {
      this.bit = bit;
    }
  }

  /// {@return whether the capability is in effect}
  public boolean has(Capability capability) {
    return new BigInteger(field("CapEff", "0"), 16).testBit(capability.bit);
  }

  /// {@return whether a seccomp filter looks at its system calls}
  public boolean isFiltered() {
    return field("Seccomp", "0").equals("2");
  }

  private String field(String name, String otherwise) {
    String prefix = name + ":";
    return lines.stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()).strip())
        .findFirst()
        .orElse(otherwise);
  }
}
