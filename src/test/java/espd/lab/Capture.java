package espd.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What passes a host's wire, seen by tcpdump.
public final class Capture implements AutoCloseable {

  private static final Pattern ESP =
      Pattern.compile(
          ".* IP6 ([0-9a-f:]+?)(?:\\.\\d+)? > ([0-9a-f:]+?)(?:\\.\\d+)?: (?:UDP-encap: )?"
              + "ESP\\(spi=(0x[0-9a-f]{8}),seq=0x([0-9a-f]+)\\).*");

  private static final Duration SEEN = Duration.ofSeconds(20);

  /// To all nodes of the wire, which no policy protects.
  private static final String LAST =
      """
      import socket
      s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
      s.sendto(b"last", ("ff02::1", 9, 0, socket.if_nametoindex("%s")))
      """
          .formatted(Host.WIRE);

  /// An ESP packet as tcpdump prints it.
  ///
  /// @param from the outer source
  /// @param to the outer destination
  /// @param spi as `0x%08x`
  /// @param sequence the low 32 bits
  public record EspPacket(String from, String to, String spi, long sequence) {}

  private final Host host;
  private final Path file;
  private final Running tcpdump;

  private Capture(Host host, Path file) {
    this.host = host;
    this.file = file;
    this.tcpdump =
        host.start(
            "tcpdump",
            "tcpdump",
            "-i",
            Host.WIRE,
            "-U",
            "--immediate-mode",
            "-Z",
            "root",
            "-w",
            file.toString());
  }

  /// Begins to capture what passes the wire of a host.
  ///
  /// @param lab that ends it after the test
  public static Capture start(Lab lab, Host host) {
    Capture capture = lab.closing(new Capture(host, host.directory().resolve("wire.pcap")));
    capture.tcpdump.awaitLog("listening on", Duration.ofSeconds(20));
    return capture;
  }

  /// Ends the capture when it has seen all that passed until now: a datagram of our own, sent last,
  /// says so.
  ///
  /// @return this
  public Capture stop() {
    host.run("/usr/bin/python3", "-c", LAST).succeeded();
    Running.await("the end of the capture", SEEN, () -> !read("udp port 9").out().isEmpty());
    tcpdump.terminate();
    return this;
  }

  /// {@return the file with all it saw}
  public Path file() {
    return file;
  }

  /// {@return the lines tcpdump prints of the packets that match a filter}
  ///
  /// @param filter in tcpdump's language
  public List<String> lines(String filter) {
    return read(filter).succeeded().out().lines().toList();
  }

  private Output read(String filter) {
    return host.run("tcpdump", "-nn", "-r", file.toString(), filter);
  }

  /// {@return the ESP packets, raw and in UDP, in their order}
  public List<EspPacket> esp() {
    return lines("ip6 proto 50 or udp port 4500").stream()
        .map(ESP::matcher)
        .filter(Matcher::matches)
        .map(
            line ->
                new EspPacket(
                    line.group(1), line.group(2), line.group(3), Long.parseLong(line.group(4), 16)))
        .toList();
  }

  /// {@return the echo requests and replies that anybody on the wire could read}
  public List<String> pingsInTheClear() {
    return lines("icmp6 and (ip6[40] == 128 or ip6[40] == 129)");
  }

  @Override
  public void close() {
    tcpdump.close();
  }
}
