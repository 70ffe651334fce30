package espd.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A host of the [Lab]: a network namespace with one interface, `wire`.
///
/// @param name `a` or `b`
/// @param namespace the name iproute2 knows it by
/// @param address of the host on the wire
/// @param directory for its files
public record Host(String name, String namespace, String address, Path directory) {

  /// The name of the interface to the other host.
  public static final String WIRE = "wire";

  /// {@return the command that runs `command` on this host}
  List<String> here(String... command) {
    List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    words.addAll(List.of(command));
    return words;
  }

  /// Runs a program on this host to its end.
  public Output run(String... command) {
    return Running.run(here(command));
  }

  /// Starts a program on this host; its log is `NAME.log`.
  public Running start(String name, String... command) {
    return Running.start(here(command), directory.resolve(name + ".log"));
  }

  /// {@return the output of `ping` to an address: `count` echo requests, one every 0.2 s}
  public Output ping(String to, int count, int payloadOctets) {
    return run(
        "ping", "-n", "-c", "" + count, "-i", "0.2", "-W", "2", "-s", "" + payloadOctets, to);
  }

  /// Sends three echo requests.
  ///
  /// @throws AssertionError when one is not answered
  public void pings(Host other) {
    ping(other.address(), 3, 56).succeeded();
  }

  /// {@return the MAC address of the interface}
  public String macAddress() {
    return run("cat", "/sys/class/net/" + WIRE + "/address").succeeded().out().trim();
  }

  /// {@return everything of the host that a program can change and must put back: interfaces,
  /// rules, routes of every table, the filter}
  public String state() {
    return run("ip", "-o", "link").out().replaceAll("(?m)^\\d+: ", "")
        + run("ip", "-6", "rule").out()
        + run("ip", "-6", "route", "show", "table", "all").out().replaceAll(" expires \\d+sec", "")
        + run("nft", "list", "ruleset").out();
  }
}
