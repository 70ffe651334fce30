package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Capture;
import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Running;
import espd.lab.Scapy;
import espd.lab.Tshark;
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
    String[] words = new String[8 + more.length];
    String[] fixed = {"ping", "-4", "-c", "3", "-i", "0.2", "-W", "5"};
    System.arraycopy(fixed, 0, words, 0, fixed.length);
    System.arraycopy(more, 0, words, fixed.length, more.length);
    String[] all = java.util.Arrays.copyOf(words, words.length + 1);
    all[words.length] = to;
    return from.run(all);
  }

  private void tcp(Host from, String to, Host server) {
    Running iperf = server.start("iperf3-server", "iperf3", "-4", "-s", "-1");
    lab.closing(iperf);
    Running.await(
        "iperf3 does not listen",
        java.time.Duration.ofSeconds(20),
        () -> server.run("ss", "-Hltn", "sport = 5201").all().contains("5201"));
    from.run("iperf3", "-4", "-c", to, "-t", "2").succeeded();
  }

  /// RFC 4301 §5.1.2, RFC 4303 §2.6: next header 4; RFC 1191: nothing with DF is cut.
  @ParameterizedTest
  @ValueSource(strings = {"", "forceencaps=yes\n"})
  void carriesIpv4BetweenTwoNetworks(String more) {
    Espd a = Espd.start(lab, lab.a(), connection(more));
    Espd b = Espd.start(lab, lab.b(), connection(more));
    Capture capture = Capture.start(lab, lab.a());
    a.up();
    ping(lab.a(), AT_B).succeeded();
    ping(lab.b(), AT_A).succeeded();
    ping(lab.a(), AT_B, "-s", "4000").succeeded();
    ping(lab.a(), AT_B, "-s", "1200", "-M", "do").succeeded();
    assertTrue(ping(lab.a(), AT_B, "-s", "4000", "-M", "do").all().contains("too long"));
    tcp(lab.a(), AT_B, lab.b());
    tcp(lab.b(), AT_A, lab.a());
    capture.stop();
    assertEquals(List.of(), capture.lines("ip"), "nothing leaves in the clear");
    String spd = a.control("spd").all();
    assertTrue(spd.contains("10.1.0.0/24[any] 10.2.0.0/24[any] any"), spd);
    System.err.println(a.control("status").all());
  }
}
