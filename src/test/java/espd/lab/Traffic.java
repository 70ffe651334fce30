package espd.lab;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Traffic between two hosts, beyond a ping.
public final class Traffic {

  private static final Pattern RECEIVED =
      Pattern.compile("\"sum_received\":\\s*\\{[^}]*\"bytes\":\\s*(\\d+)");

  private Traffic() {}

  /// Sends 20 MB through one TCP connection from one host to the other (iperf3).
  ///
  /// @param options more of iperf3's
  /// @return how many octets the receiver read; what is on its way when iperf3 ends is cut off
  /// @throws AssertionError when it fails
  public static long tcp(Lab lab, Host from, Host to, String... options) {
    Running server =
        lab.closing(to.start("iperf3-from-" + from.name(), "iperf3", "-s", "-1", "--forceflush"));
    server.awaitLog("Server listening", Duration.ofSeconds(20));
    Stream<String> usual =
        Stream.of("iperf3", "-c", to.address(), "-J", "-n", "20M", "--connect-timeout", "10000");
    Output output = from.run(Stream.concat(usual, Stream.of(options)).toArray(String[]::new));
    server.awaitEnd();
    Matcher received = RECEIVED.matcher(output.succeeded().out());
    if (!received.find()) {
      throw new AssertionError("no sum of what was received: " + output.out());
    }
    return Long.parseLong(received.group(1));
  }

  /// Pings ten times a second, until it is closed.
  ///
  /// @return the running ping, whose log is of `ping`
  public static Running steadyPing(Lab lab, Host from, Host to) {
    return lab.closing(from.start("steady-ping", "ping", "-n", "-i", "0.1", to.address()));
  }

  /// Ends a steady ping.
  ///
  /// @return how many of its requests were not answered; the last may be under way
  public static long lost(Running ping) {
    ping.interrupt();
    String summary =
        ping.log()
            .lines()
            .filter(line -> line.contains("packets transmitted"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no summary in " + ping.log()));
    String[] words = summary.split(" ", -1);
    return Math.max(0, Long.parseLong(words[0]) - Long.parseLong(words[3]) - 1);
  }
}
