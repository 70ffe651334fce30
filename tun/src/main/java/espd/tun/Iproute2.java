package espd.tun;

import espd.tun.HostProgram.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The program `ip`, which changes interfaces, rules and routes.
///
/// It runs in the network namespace of the calling thread.
///
/// @param program its name or path
/// @param family of the addresses it speaks of: `-6` or `-4`
record Iproute2(String program, String family) {

  /// `ip` as the search path finds it, for IPv6.
  static final Iproute2 DEFAULT = new Iproute2("ip");

  private static final Pattern FAILED = Pattern.compile("Command failed -:(\\d+)");

  /// For IPv6.
  Iproute2(String program) {
    this(program, "-6");
  }

  /// {@return the same program for IPv4}
  Iproute2 ipv4() {
    return new Iproute2(program, "-4");
  }

  /// Performs all commands, the later ones also when an earlier one fails.
  ///
  /// @param commands as they follow `ip -6` or `ip -4`
  /// @return the words of `ip` about each command that failed, by its place in the list
  /// @throws HostException when `ip` cannot run
  SortedMap<Integer, String> tryEach(List<String> commands) throws HostException {
    Outcome outcome =
        run(List.of(family, "-force", "-batch", "-"), String.join("\n", commands).concat("\n"));
    SortedMap<Integer, String> failures = new TreeMap<>();
    StringBuilder words = new StringBuilder();
    for (String line : outcome.errors().lines().toList()) {
      Matcher failed = FAILED.matcher(line);
      if (failed.find()) {
        failures.put(Integer.parseInt(failed.group(1)) - 1, words.toString());
        words.setLength(0);
      } else if (!line.isBlank()) {
        words.append(words.isEmpty() ? "" : " ").append(line.strip());
      }
    }
    if (outcome.status() != 0 && failures.isEmpty()) {
      failures.put(0, words.toString());
    }
    return failures;
  }

  /// Performs all commands.
  ///
  /// @throws HostException with the first command that failed and the words of `ip`
  void each(List<String> commands) throws HostException {
    SortedMap<Integer, String> failures = tryEach(commands);
    if (!failures.isEmpty()) {
      throw refusal(commands, failures);
    }
  }

  /// {@return the lines that a showing command prints; none when it fails}
  List<String> show(String... arguments) throws HostException {
    List<String> command = new ArrayList<>(List.of(family, "-N"));
    command.addAll(List.of(arguments));
    Outcome outcome = run(command, "");
    return outcome.status() == 0 ? outcome.out().lines().toList() : List.of();
  }

  /// {@return the first refusal of a batch, with what to do where that is known}
  ///
  /// @param failures not empty
  HostException refusal(List<String> commands, SortedMap<Integer, String> failures) {
    Map.Entry<Integer, String> first = failures.entrySet().iterator().next();
    String words = first.getValue();
    String message = "\"ip " + family + " " + commands.get(first.getKey()) + "\" failed: " + words;
    if (words.contains("Operation not permitted")) {
      return new HostException(message).mendedBy(HostException.NEEDS_NET_ADMIN);
    }
    if (words.contains("Invalid source address")) {
      return new HostException(message).mendedBy("the source has to be an address of this host");
    }
    return new HostException(message);
  }

  private Outcome run(List<String> arguments, String input) throws HostException {
    return new HostProgram(program, "iproute2").run(arguments, input);
  }
}
