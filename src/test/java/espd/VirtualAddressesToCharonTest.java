package espd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Running;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Addresses inside of the tunnel between us and strongSwan (RFC 7296 §2.19). We are host a.
@InLab
class VirtualAddressesToCharonTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String ADDRESS = "2001:db8:9::1";

  @RegisterExtension private final Lab lab = new Lab();

  private Espd espd(String more) {
    String connection =
        """
        keyexchange=ikev2
        authby=secret
        forceencaps=yes
        left=2001:db8:1:1::1
        right=2001:db8:2:2::2
        auto=add
        """;
    return Espd.start(lab, lab.a(), connection + more);
  }

  @Test
  void weGetAnAddressOutOfThePeersPool() {
    Charon charon =
        Charon.start(
            lab,
            lab.b(),
            lab.a(),
            Map.of(
                "remote_ts",
                "dynamic",
                "connection",
                "pools = road",
                "more",
                """
                pools {
                  road {
                    addrs = 2001:db8:9::/64
                    dns = 2001:db8:2:2::53
                  }
                }
                """));
    Espd espd = espd("leftsourceip=%config\n");
    espd.up();
    String status = espd.control("status").succeeded().out();
    assertTrue(status.contains("virtual IP " + ADDRESS), status);
    assertTrue(status.contains("DNS server 2001:db8:2:2::53"), status);
    assertTrue(status.contains(ADDRESS + "/128 === 2001:db8:2:2::2/128"), status);
    lab.a().pings(lab.b());
    assertTrue(charon.sas().contains("[" + ADDRESS + "]"), charon.sas());
    lab.b().ping(ADDRESS, 3, 56).succeeded();
    espd.control("down", "net").succeeded();
    String addresses = lab.a().run("ip", "-6", "addr", "show", "dev", "espd0").out();
    assertTrue(!addresses.contains(ADDRESS), addresses);
  }

  @Test
  void thePeerGetsAnAddressOutOfOurPool() {
    Espd espd = espd("rightsourceip=2001:db8:9::/64\nrightdns=2001:db8:1:1::53\n");
    Charon charon =
        Charon.start(
            lab, lab.b(), lab.a(), Map.of("local_ts", "dynamic", "connection", "vips = ::"));
    charon.initiate();
    assertTrue(charon.sas().contains(ADDRESS + "/128"), charon.sas());
    lab.a().ping(ADDRESS, 3, 56).succeeded();
    lab.b().pings(lab.a());
    String status = espd.control("status").succeeded().out();
    assertTrue(status.contains("virtual IP of the peer " + ADDRESS), status);
    String pools = swanctl("--list-pools", "--leases");
    assertTrue(pools.contains("2001:db8:9::/64"), pools);
    assertTrue(pools.contains(ADDRESS) && pools.contains("online"), pools);
    charon.swanctl("--rekey", "--ike", "peer").succeeded();
    Running.await("the IKE SA is new", PATIENCE, () -> charon.sas().contains("peer: #2, ESTABL"));
    lab.b().pings(lab.a());
    charon.swanctl("--terminate", "--ike", "peer").succeeded();
    Running.await(
        "the address is free",
        PATIENCE,
        () -> swanctl("--list-pools", "--leases").contains("offline"));
  }

  private String swanctl(String command, String more) {
    return lab.a()
        .run("swanctl", command, more, "--uri", "unix://" + lab.a().directory() + "/control")
        .succeeded()
        .out();
  }
}
