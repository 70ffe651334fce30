package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Running;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Several Child SAs in one IKE SA with strongSwan, narrowed by either end (RFC 7296 §1.3.1, §2.9),
/// the first of them in IKE_AUTH or not (RFC 6023). We are host a.
@InLab
class ChildrenToCharonTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String HERE = "2001:db8:1:1::1/128";

  @RegisterExtension private final Lab lab = new Lab();

  private Charon charon;
  private Espd espd;

  @BeforeEach
  void bothEnds() {
    lab.b().run("ip", "-6", "addr", "add", "2001:db8:22::1/128", "dev", "lo").succeeded();
    lab.b().run("ip", "-6", "addr", "add", "2001:db8:33::1/128", "dev", "lo").succeeded();
    charon =
        Charon.start(
            lab,
            lab.b(),
            lab.a(),
            Map.of(
                "children", child("lan", "2001:db8:22::/64") + child("far", "2001:db8:33::/48")));
    String both =
        """
        keyexchange=ikev2
        authby=secret
        forceencaps=yes
        childless=prefer
        left=2001:db8:1:1::1
        right=2001:db8:2:2::2
        auto=add
        """;
    espd =
        Espd.start(
            lab,
            lab.a(),
            both,
            "conn lan\n"
                + (both + "rightsubnet=2001:db8:22::/56\n").indent(4)
                + "conn far\n"
                + (both + "rightsubnet=2001:db8:33::/64\n").indent(4));
  }

  private static String child(String name, String subnet) {
    return """
    %s {
      mode = tunnel
      local_ts = %s
      remote_ts = %s
    }
    """
        .formatted(name, subnet, HERE);
  }

  @Test
  void threeChildSasShareOneIkeSaAndEachIsRekeyedByItself() {
    String lines = espd.control("up", "net").succeeded().out();
    assertTrue(lines.contains("generating CREATE_CHILD_SA request 2"), lines);
    espd.control("up", "lan").succeeded();
    charon.swanctl("--initiate", "--child", "far").succeeded();
    String status = espd.control("status").succeeded().out();
    assertTrue(status.contains("(1 up, 0 connecting)"), status);
    assertTrue(status.contains(HERE + " === 2001:db8:22::/64"), "the peer narrowed: " + status);
    assertTrue(status.contains(HERE + " === 2001:db8:33::/64"), "we narrowed: " + status);
    pings();
    List<String> before = spis("lan");
    charon.swanctl("--rekey", "--child", "lan").succeeded();
    Running.await("lan is new", PATIENCE, () -> !spis("lan").equals(before));
    pings();
    assertNotEquals(before, spis("lan"));
    espd.control("down", "lan").succeeded();
    lab.b().pings(lab.a());
    assertEquals(List.of(), spis("lan"));
  }

  private void pings() {
    lab.a().pings(lab.b());
    lab.a().ping("2001:db8:22::1", 3, 56).succeeded();
    lab.a().ping("2001:db8:33::1", 3, 56).succeeded();
  }

  private List<String> spis(String connection) {
    return espd.control("status")
        .succeeded()
        .out()
        .lines()
        .filter(line -> line.contains(connection + "{") && line.contains("INSTALLED"))
        .map(line -> line.replaceAll(".*SPIs: ", ""))
        .toList();
  }
}
