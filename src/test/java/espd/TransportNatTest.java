package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Running;
import espd.lab.Traffic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Transport mode through real NATs: the kernels at both ends take no segment, datagram or echo
/// whose checksum is not that of the addresses they see (RFC 7296 §2.23.1, RFC 3948 §3.1.2), and
/// Wireshark looks at each. Host a is behind a NAT; host b may be behind one too, which the router
/// plays at an address on a's side.
@InLab
class TransportNatTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String A_OUTSIDE = "2001:db8:2:2::f";
  private static final String B_OUTSIDE = "2001:db8:1:1::b";

  private static final String NATS =
      """
      table ip6 nat {
        chain prerouting {
          type nat hook prerouting priority dstnat
          ip6 daddr %s dnat to 2001:db8:2:2::2
        }
        chain postrouting {
          type nat hook postrouting priority srcnat
          ip6 saddr 2001:db8:1:1::/64 masquerade
        }
      }
      """
          .formatted(B_OUTSIDE);

  /// Datagrams of all lengths around those of words, sent and sent back.
  private static final String UDP_ECHO =
      """
      import socket
      s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
      s.bind(("::", 7777))
      print("ready", flush=True)
      while True:
          data, there = s.recvfrom(2000)
          s.sendto(data, there)
      """;

  private static String udpAsk(String address) {
    return """
    import os, socket
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.settimeout(5)
    for octets in range(1, 80):
        data = os.urandom(octets)
        s.sendto(data, ("%s", 7777))
        assert s.recv(2000) == data
    """
        .formatted(address);
  }

  @RegisterExtension private final Lab lab = new Lab();

  @BeforeEach
  void nats() throws Exception {
    Host router = lab.routerBetween(1500);
    router.run("ip", "addr", "add", B_OUTSIDE + "/64", "dev", "a", "nodad").succeeded();
    Path rules = router.directory().resolve("nat.nft");
    Files.writeString(rules, NATS);
    router.run("nft", "-f", rules.toString()).succeeded();
  }

  private static String connection(String exchange, String left, String right, String more) {
    return """
    keyexchange=%s
    authby=secret
    type=transport
    left=%s
    right=%s
    auto=add
    """
            .formatted(exchange, left, right)
        + more;
  }

  private static Host seenAt(Host host, String address) {
    return new Host(host.name() + "-outside", host.namespace(), address, host.directory());
  }

  @Test
  void byIkev2BothMayBeBehindOne() {
    Espd.start(
        lab,
        lab.b(),
        connection("ikev2", lab.b().address(), "%any", "leftid=@b.example\nrightid=@a.example\n"));
    Espd a =
        Espd.start(
            lab,
            lab.a(),
            connection(
                "ikev2",
                lab.a().address(),
                B_OUTSIDE,
                """
                leftid=@a.example
                rightid=@b.example
                lifetime=60s
                margintime=55s
                rekeyfuzz=0%
                """));
    a.up();
    carries(seenAt(lab.b(), B_OUTSIDE));
    a.daemon().awaitLog("rekeying CHILD_SA", SOON);
    lab.a().ping(B_OUTSIDE, 3, 56).succeeded();
  }

  @Test
  void byIkev1OneMayBeBehindOne() {
    Espd.start(
        lab,
        lab.b(),
        connection("ikev1", lab.b().address(), "%any", "rightid=" + lab.a().address() + "\n"));
    Espd a =
        Espd.start(lab, lab.a(), connection("ikev1", lab.a().address(), lab.b().address(), ""));
    a.up();
    carries(lab.b());
  }

  /// TCP from either end, UDP, and echoes.
  ///
  /// @param b as host a sees it
  private void carries(Host b) {
    Path file = lab.a().directory().resolve("inside.pcap");
    Running dump =
        lab.closing(
            lab.a()
                .start("tcpdump", "tcpdump", "-i", "espd0", "-U", "-Z", "root", "-w", "" + file));
    dump.awaitLog("listening on", SOON);
    lab.a().ping(b.address(), 3, 56).succeeded();
    lab.b().ping(A_OUTSIDE, 3, 57).succeeded();
    Running echo = lab.closing(b.start("echo", "/usr/bin/python3", "-c", UDP_ECHO));
    echo.awaitLog("ready", SOON);
    lab.a().run("/usr/bin/python3", "-c", udpAsk(b.address())).succeeded();
    assertTrue(Traffic.tcp(lab, lab.a(), b) > 10_000_000);
    assertTrue(Traffic.tcp(lab, lab.b(), seenAt(lab.a(), A_OUTSIDE)) > 10_000_000);
    dump.terminate();
    assertEquals(Set.of("Good"), checksums(file, "icmpv6 and ipv6.src == " + b.address()));
    assertEquals(Set.of("Good"), checksums(file, "udp and ipv6.src == " + b.address()));
    // What the TUN device takes together has its checksum made by the kernel (virtio).
    String alone = "tcp.len < 1000 and ipv6.src == " + b.address();
    assertEquals(Set.of("Good"), checksums(file, alone));
  }

  /// {@return what Wireshark says of the checksums of the packets that a filter takes}
  private Set<String> checksums(Path file, String filter) {
    List<String> words = List.of("tshark", "-r", "" + file, "-Y", filter, "-T", "fields");
    List<String> all = new ArrayList<>(words);
    for (String protocol : List.of("tcp", "udp", "icmpv6")) {
      all.addAll(List.of("-e", protocol + ".checksum.status"));
      if (!protocol.equals("icmpv6")) {
        all.addAll(List.of("-o", protocol + ".check_checksum:TRUE"));
      }
    }
    return lab.a()
        .run(all.toArray(String[]::new))
        .succeeded()
        .out()
        .lines()
        .map(String::strip)
        .map(status -> status.matches("1|Good") ? "Good" : status)
        .collect(Collectors.toSet());
  }
}
