package espd.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbered datagrams from each of two hosts to the other at a steady rate, counted one by one:
/// their sockets hold all of them, so that a busy machine loses none but on the way.
public final class Steady {

  private static final Pattern RESULT = Pattern.compile("sent (\\d+), received (\\d+)");
  private static final String RATE = "700";

  /// What is under way arrives within this time.
  private static final Duration FURTHER = Duration.ofSeconds(60);

  /// How many datagrams each way.
  ///
  /// @param sent by one host
  /// @param lost of them
  public record Way(long sent, long lost) {}

  private Steady() {}

  /// Has both hosts send through their TUN devices, which get queues as long as the sockets', until
  /// it is enough.
  ///
  /// @param most for how long, whatever `enough` says
  /// @return the way from host a to host b and the way back
  public static Way[] between(Lab lab, Duration most, BooleanSupplier enough) {
    for (Host host : List.of(lab.a(), lab.b())) {
      String devices = host.run("ip", "-o", "link", "show", "type", "tun").succeeded().out();
      for (String device : devices.lines().map(line -> line.split(": ", -1)[1]).toList()) {
        host.run("ip", "link", "set", device, "txqueuelen", "20000").succeeded();
      }
    }
    Path sign = lab.a().directory().resolve("enough");
    Running there = start(lab, lab.a(), lab.b(), most, sign);
    Running back = start(lab, lab.b(), lab.a(), most, sign);
    awaitEnough(most, enough);
    Pki.write(sign, "");
    there.awaitLog("sent ", FURTHER);
    back.awaitLog("sent ", FURTHER);
    return new Way[] {way(there, back), way(back, there)};
  }

  private static void awaitEnough(Duration most, BooleanSupplier enough) {
    long deadline = System.nanoTime() + most.toNanos();
    while (!enough.getAsBoolean() && System.nanoTime() < deadline) {
      try {
        Thread.sleep(500); // Whoever looks takes CPU from those who send.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private static Running start(Lab lab, Host from, Host to, Duration most, Path sign) {
    Path script = from.directory().resolve("steady.py");
    Pki.write(script, Resource.text("steady.py"));
    Running running =
        lab.closing(
            from.start(
                "steady",
                "/usr/bin/python3",
                script.toString(),
                to.address(),
                "" + most.toSeconds(),
                RATE,
                sign.toString()));
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
