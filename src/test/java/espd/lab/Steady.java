package espd.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbered datagrams from each of two hosts to the other at a steady rate, counted one by one:
/// their sockets hold all of them, so that a busy machine loses none but on the way.
public final class Steady {

  private static final Pattern RESULT = Pattern.compile("sent (\\d+), received (\\d+)");
  private static final String RATE = "700";

  /// How many datagrams each way.
  ///
  /// @param sent by one host
  /// @param lost of them
  public record Way(long sent, long lost) {}

  private Steady() {}

  /// Has both hosts send for a while through their TUN devices, which get queues as long as the
  /// sockets'.
  ///
  /// @return the way from `one` to `other` and the way back
  public static Way[] between(Lab lab, Host one, Host other, Duration during) {
    for (Host host : new Host[] {one, other}) {
      String devices = host.run("ip", "-o", "link", "show", "type", "tun").succeeded().out();
      for (String device : devices.lines().map(line -> line.split(": ", -1)[1]).toList()) {
        host.run("ip", "link", "set", device, "txqueuelen", "20000").succeeded();
      }
    }
    Running there = start(lab, one, other, during);
    Running back = start(lab, other, one, during);
    Duration limit = during.plusSeconds(60);
    there.awaitLog("sent ", limit);
    back.awaitLog("sent ", limit);
    return new Way[] {way(there, back), way(back, there)};
  }

  private static Running start(Lab lab, Host from, Host to, Duration during) {
    Path script = from.directory().resolve("steady.py");
    try {
      Files.writeString(script, Resource.text("steady.py"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String seconds = "" + during.toSeconds();
    Running running =
        lab.closing(
            from.start(
                "steady", "/usr/bin/python3", script.toString(), to.address(), seconds, RATE));
    running.awaitLog("ready", Duration.ofSeconds(30));
    return running;
  }

  private static Way way(Running sender, Running receiver) {
    long sent = figure(sender, 1);
    return new Way(sent, sent - figure(receiver, 2));
  }

  private static long figure(Running of, int group) {
    Matcher matcher = RESULT.matcher(of.log());
    if (!matcher.find()) {
      throw new AssertionError("no result: " + of.log());
    }
    return Long.parseLong(matcher.group(group));
  }
}
