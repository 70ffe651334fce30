package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Capture;
import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Running;
import espd.lab.Tshark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// IPv4 inside tunnels over IPv6: networks 10.1.0.0/24 behind host a and 10.2.0.0/24 behind b.
@InLab
class Ipv4InTunnelsTest {

  private static final String AT_A = "10.1.0.1";
  private static final String AT_B = "10.2.0.1";

  @RegisterExtension private final Lab lab = new Lab();

  @BeforeEach
  void addresses() {
    lab.a().run("ip", "address", "add", AT_A + "/32", "dev", "lo").succeeded();
    lab.b().run("ip", "address", "add", AT_B + "/32", "dev", "lo").succeeded();
  }

  private static String connection(String more) {
    return """
    keyexchange=ikev2
    authby=secret
    type=tunnel
    left=2001:db8:1:1::1
    leftsubnet=10.1.0.0/24
    right=2001:db8:2:2::2
    rightsubnet=10.2.0.0/24
    auto=add
    """
        + more;
  }

  private static Output ping(Host from, String to, String... more) {
    List<String> words = new ArrayList<>(List.of("ping", "-4", "-n", "-c", "3", "-i", "0.2"));
    words.addAll(List.of(more));
    words.add(to);
    return from.run(words.toArray(String[]::new));
  }

  private void tcp(Host from, String to, Host server) {
    Running iperf = lab.closing(server.start("iperf3", "iperf3", "-s", "-1", "--forceflush"));
    iperf.awaitLog("Server listening", Duration.ofSeconds(20));
    from.run("iperf3", "-c", to, "-n", "20M", "--connect-timeout", "10000").succeeded();
    iperf.awaitEnd();
  }

  /// RFC 4301 §5.1.2, RFC 4303 §2.6: next header 4; RFC 1191: nothing with DF is cut.
  @ParameterizedTest
  @ValueSource(strings = {"", "forceencaps=yes\n"})
  void carriesIpv4BetweenTwoNetworks(String more) {
    Espd a = Espd.start(lab, lab.a(), connection(more));
    var _ = Espd.start(lab, lab.b(), connection(more));
    Capture small = Capture.start(lab, lab.a());
    a.up();
    ping(lab.a(), AT_B).succeeded();
    ping(lab.b(), AT_A).succeeded();
    ping(lab.a(), AT_B, "-s", "1200", "-M", "do").succeeded();
    small.stop();
    assertEquals(List.of(), small.lines("ip"), "nothing leaves in the clear");
    judge(small, a, "esp:ip:icmp");
    Capture large = Capture.start(lab, lab.a());
    ping(lab.a(), AT_B, "-s", "4000").succeeded();
    assertTrue(ping(lab.a(), AT_B, "-s", "4000", "-M", "do").all().contains("too long"));
    tcp(lab.a(), AT_B, lab.b());
    tcp(lab.b(), AT_A, lab.a());
    large.stop();
    assertEquals(List.of(), large.lines("ip"), "nothing leaves in the clear");
    String spd = a.control("spd").all();
    assertTrue(spd.contains("10.1.0.0/24[any] 10.2.0.0/24[any] any"), spd);
    assertTrue(a.control("status").all().contains("10.1.0.0/24 === 10.2.0.0/24"));
    if (more.isEmpty()) {
      // In UDP a capture has datagrams that the kernel is still to segment (UDP_SEGMENT).
      judge(large, a, "esp:ip:tcp");
    }
  }

  private static void judge(Capture capture, Espd a, String protocols) {
    List<Tshark.Verdict> verdicts = Tshark.judge(capture.file(), a.sad());
    assertTrue(verdicts.stream().anyMatch(one -> one.protocols().contains(protocols)));
    assertTrue(verdicts.stream().allMatch(Tshark.Verdict::icvGood));
  }

  /// RFC 4301 §5.2: it drops cleartext that must be protected; and leaves nothing behind.
  @Test
  void ipv4InTheClearIsDroppedAndTheHostIsLeftAsItWas() {
    String before = ipv4State();
    Espd a = Espd.start(lab, lab.a(), connection("").replace("auto=add", "auto=route"));
    lab.b().run("ip", "route", "add", AT_A, "dev", Host.WIRE, "src", AT_B).succeeded();
    assertTrue(ipv4State().contains("10.2.0.0/24"), ipv4State());
    ping(lab.b(), AT_A, "-W", "1");
    String counter =
        lab.a().run("nft", "list", "counter", "ip", "espd_espd0", "cleartext").succeeded().out();
    assertTrue(counter.contains("packets 3 "), counter);
    a.close();
    assertEquals(before, ipv4State());
  }

  private String ipv4State() {
    return lab.a().run("ip", "-4", "rule").out()
        + lab.a().run("ip", "-4", "route", "show", "table", "4303").out()
        + lab.a().run("nft", "list", "tables", "ip").out();
  }

  private Charon charon() {
    return Charon.start(
        lab, lab.b(), lab.a(), Map.of("local_ts", "10.2.0.0/24", "remote_ts", "10.1.0.0/24"));
  }

  @Test
  void carriesIpv4ToAndFromCharon() {
    Charon charon = charon();
    Espd a = Espd.start(lab, lab.a(), connection("forceencaps=yes\n"));
    a.up();
    ping(lab.a(), AT_B).succeeded();
    ping(lab.b(), AT_A).succeeded();
    tcp(lab.a(), AT_B, lab.b());
    a.control("down", "net").succeeded();
    Running.await(
        "the peer has no SA", Duration.ofSeconds(20), () -> !charon.sas().contains("INSTALLED"));
    charon.initiate();
    ping(lab.b(), AT_A).succeeded();
    ping(lab.a(), AT_B, "-s", "1200", "-M", "do").succeeded();
    tcp(lab.b(), AT_A, lab.a());
  }

  /// RFC 4301 §4.4.1.1, §7.3: what may pass leaves and comes as it is; under an SA for some ports
  /// fragments go whole. `trace` and `doctor` say so.
  @Test
  void letsPassWhatItIsToldAndCarriesFragmentsForSomePortsWhole() {
    String udp = connection("leftprotoport=udp\nrightprotoport=udp/7777\n");
    Espd a = Espd.start(lab, lab.a(), udp, OPEN);
    Espd b = Espd.start(lab, lab.b(), udp, OPEN);
    lab.a().run("ip", "route", "add", "10.2.0.0/24", "dev", Host.WIRE, "src", AT_A).succeeded();
    lab.b().run("ip", "route", "add", "10.1.0.0/24", "dev", Host.WIRE, "src", AT_B).succeeded();
    a.up();
    Capture capture = Capture.start(lab, lab.a());
    ping(lab.a(), AT_B).succeeded();
    ping(lab.b(), AT_A).succeeded();
    Running listener = python(lab.b(), LISTEN);
    listener.awaitLog("listens", Duration.ofSeconds(20));
    python(
        lab.a(),
        "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);"
            + " s.sendto(b'x' * 5000, ('10.2.0.1', 7777))");
    listener.awaitLog("got 5000", Duration.ofSeconds(20));
    capture.stop();
    assertEquals(12, capture.lines("ip and icmp").size(), "pings in the clear");
    assertEquals(List.of(), capture.lines("ip and not icmp"));
    assertTrue(a.sa(lab.a(), lab.b()).sequence() >= 1);
    trace(a, "leaves in the clear", AT_A, AT_B, "icmp");
    trace(a, "leaves under ESP", AT_A, AT_B, "udp", "7777");
    trace(a, "too_big", AT_A, AT_B, "udp", "7777", "--octets", "1500");
    trace(a, "is let in as it is", AT_B, AT_A, "icmp", "0", "--in");
    String told = a.doctor();
    assertTrue(told.contains("sysctl -w net.ipv4.ip_forward=1"), told);
    assertEquals(0, b.drops("not_selected"));
  }

  private static final String OPEN =
      """
      conn open
          left=2001:db8:1:1::1
          right=2001:db8:2:2::2
          leftsubnet=10.1.0.0/24
          leftprotoport=icmp
          rightsubnet=10.2.0.0/24
          rightprotoport=icmp
          type=passthrough
          auto=route
      """;

  private static final String LISTEN =
      """
      import socket
      s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      s.bind(("10.2.0.1", 7777))
      print("listens", flush=True)
      print("got", len(s.recv(9000)), flush=True)
      """;

  private Running python(Host host, String script) {
    return lab.closing(host.start("python", "/usr/bin/python3", "-c", script));
  }

  private static void trace(Espd espd, String says, String... packet) {
    List<String> words = new ArrayList<>(List.of("trace"));
    words.addAll(List.of(packet));
    String told = espd.control(words.toArray(String[]::new)).succeeded().out();
    assertTrue(told.contains(says), told);
  }
}
