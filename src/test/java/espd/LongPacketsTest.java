package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Running;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Packets that the path does not take whole: fragments before ESP and after it (RFC 4301 §7, RFC
/// 4303 §3.3.4), and what a router says of ESP (RFC 4301 §8.2).
@InLab
class LongPacketsTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @RegisterExtension private final Lab lab = new Lab();

  private static String connection(String mode, String encapsulated) {
    return """
    keyexchange=ikev2
    authby=secret
    type=%s
    forceencaps=%s
    left=2001:db8:1:1::1
    right=2001:db8:2:2::2
    auto=add
    """
        .formatted(mode, encapsulated);
  }

  /// RFC 4303 §3.3.4: transport mode protects the datagram, whose ESP is then cut; tunnel mode
  /// carries the host's fragments.
  @ParameterizedTest
  @ValueSource(strings = {"transport no", "transport yes", "tunnel no", "tunnel yes"})
  void datagramsOfManyPacketsComeThrough(String modeAndEncapsulation) {
    String[] words = modeAndEncapsulation.split(" ", -1);
    Espd a = Espd.start(lab, lab.a(), connection(words[0], words[1]));
    Espd b = Espd.start(lab, lab.b(), connection(words[0], words[1]));
    a.up();
    for (int octets : new int[] {1400, 5000, 20_000, 60_000}) {
      lab.a().ping(lab.b().address(), 3, octets).succeeded();
    }
    boolean whole = words[0].equals("transport");
    long packets = a.count("espd_sa_packets_total", "direction=\"outbound\"");
    assertTrue(whole ? packets == 12 : packets > 100, "packets under the SA: " + packets);
    assertEquals(0, a.drops("cleartext") + b.drops("cleartext"));
  }

  /// RFC 4301 §8.2.1, RFC 8201 §4: the router's word about ESP reaches the SA, the SA's reaches the
  /// sender inside, and the device's MTU follows.
  @Test
  void aNarrowLinkOnTheWayIsHeeded() {
    lab.routerBetween(1400);
    Espd a = Espd.start(lab, lab.a(), connection("tunnel", "no"));
    Espd.start(lab, lab.b(), connection("tunnel", "no"));
    a.up();
    // The first one is lost to the router; its sender then knows.
    lab.a().run("ping", "-n", "-c", "40", "-i", "0.01", "-s", "1330", "-W", "1", lab.b().address());
    lab.a().ping(lab.b().address(), 3, 1330).succeeded();
    // The device's MTU follows within a second, and may have told the sender before we had to.
    assertTrue(a.drops("too_big") >= 1 || deviceMtu() < 1400 - 40, "nobody was told");
    assertEquals(
        1400,
        a.metrics().entrySet().stream()
            .filter(row -> row.getKey().startsWith("espd_sa_path_mtu_bytes"))
            .mapToDouble(Map.Entry::getValue)
            .min()
            .orElse(0));
    Running.await("the device's MTU", SOON, () -> deviceMtu() < 1400 - 40);
  }

  /// A gateway that anybody may call is asked for no path beforehand, not even that of its own
  /// link: what the host refuses to send tells.
  @ParameterizedTest
  @ValueSource(strings = {"no", "yes"})
  void theNarrowLinkOfAGatewayIsHeeded(String encapsulated) {
    lab.routerBetween(1400);
    String known = connection("tunnel", encapsulated);
    Espd a = Espd.start(lab, lab.a(), known);
    Espd.start(
        lab, lab.b(), known.replace("left=2001:db8:1:1::1", "left=%any\nleftid=2001:db8:1:1::1"));
    a.up();
    // The first one is lost; its sender then knows.
    lab.b().run("ping", "-n", "-c", "5", "-i", "0.01", "-s", "1330", "-W", "1", lab.a().address());
    lab.b().ping(lab.a().address(), 3, 1330).succeeded();
  }

  private int deviceMtu() {
    String link = lab.a().run("ip", "-o", "link", "show", "dev", "espd0").succeeded().out();
    return Integer.parseInt(link.replaceAll("(?s).* mtu (\\d+) .*", "$1"));
  }
}
