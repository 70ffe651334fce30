package espd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Running;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A strongSwan with one identity and two addresses that makes a second IKE SA with us: `uniqueids`
/// says what becomes of the first. It is host a; we are host b.
@InLab
class UniquenessToCharonTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String ELSEWHERE = "2001:db8:1:1::7";
  private static final String GATEWAY =
      """
      keyexchange=ikev2
      authby=secret
      left=2001:db8:2:2::2
      right=%any
      rightid=@road.example
      auto=add
      """;

  @RegisterExtension private final Lab lab = new Lab();
  private Espd espd;
  private Charon charon;

  @BeforeEach
  void bothAreThere() {
    lab.a().run("ip", "addr", "add", ELSEWHERE + "/64", "dev", Host.WIRE, "nodad").succeeded();
    espd = Espd.start(lab, lab.b(), GATEWAY);
    charon = charon();
  }

  private Charon charon() {
    return Charon.start(
        lab,
        lab.a(),
        lab.b(),
        Map.of(
            "local",
            "road.example",
            "more",
            connections("far", ELSEWHERE) + connections("near", lab.a().address())));
  }

  private static String connections(String name, String from) {
    // As another connection than peer it must differ from it, or charon adds to peer's IKE SA.
    return """
    connections {
      %1$s {
        version = 2
        local_addrs = %2$s
        remote_addrs = 2001:db8:2:2::2
        encap = yes
        keyingtries = 2
        local {
          auth = psk
          id = road.example
        }
        remote {
          auth = psk
          id = 2001:db8:2:2::2
        }
        children {
          %1$s {
            mode = tunnel
            local_ts = %2$s/128
            remote_ts = 2001:db8:2:2::2/128
          }
        }
      }
    }
    """
        .formatted(name, from);
  }

  private Output initiate(String child) {
    return charon.swanctl("--initiate", "--child", child, "--timeout", "10");
  }

  private void awaitOnly(String connection) {
    Running.await(
        "only " + connection + " stands",
        SOON,
        () ->
            charon.sas().lines().filter(line -> line.contains("ESTABLISHED")).count() == 1
                && charon.sas().contains(connection + ": #"));
  }

  private void uniqueIds(String policy) {
    espd.rewrite("config setup\n    uniqueids=" + policy + "\nconn net\n" + GATEWAY.indent(4));
    espd.control("reload").succeeded();
    Running.await("no SA is left", SOON, () -> espd.sad().isEmpty());
    charon.swanctl("--terminate", "--ike", "*", "--force", "--timeout", "1");
  }

  /// It is the default of ipsec.conf.
  @Test
  void aSecondIkeSaReplacesTheFirst() {
    charon.initiate();
    lab.a().pings(lab.b());
    initiate("far").succeeded();
    espd.daemon()
        .awaitLog(
            "deleting duplicate IKE_SA for peer 'road.example' due to uniqueness policy", SOON);
    awaitOnly("far");
    lab.b().ping(ELSEWHERE, 3, 56).succeeded();
    initiate("near").succeeded();
    awaitOnly("near");
    initiate("net").succeeded();
    espd.daemon()
        .awaitLog(
            "schedule delete of duplicate IKE_SA for peer 'road.example' due to uniqueness policy"
                + " and suspected reauthentication",
            SOON);
    awaitOnly("peer");
    lab.a().pings(lab.b());
  }

  /// What has lost its memory says INITIAL_CONTACT (RFC 7296 §2.4), which all but `never` heed.
  @Test
  void aSecondIkeSaIsRefusedOrTheFirstStays() {
    uniqueIds("keep");
    charon.initiate();
    String refused = initiate("far").failed().all();
    assertTrue(refused.contains("received AUTHENTICATION_FAILED notify error"), refused);
    espd.daemon().awaitLog("canceling IKE_SA setup due to uniqueness policy", SOON);
    lab.a().pings(lab.b());
    uniqueIds("no");
    charon.initiate();
    initiate("far").succeeded();
    lab.a().pings(lab.b());
    lab.b().ping(ELSEWHERE, 3, 56).succeeded();
    charon.daemon().kill();
    charon = charon();
    charon.initiate();
    espd.daemon()
        .awaitLog(
            "destroying duplicate IKE_SA for peer 'road.example', received INITIAL_CONTACT", SOON);
    lab.a().pings(lab.b());
    String status = espd.control("status").succeeded().out();
    assertTrue(status.contains("(1 up, 0 connecting)"), status);
  }
}
