package espd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Running;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A gateway with two addresses that sends its client from the one to the other (RFC 5685 §5), with
/// `swanctl --redirect`: one of them is strongSwan, the other we. The gateway is host b.
@InLab
class RedirectToCharonTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String OTHER = "2001:db8:2:2::9";

  @RegisterExtension private final Lab lab = new Lab();

  @BeforeEach
  void theGatewayHasTwoAddresses() {
    lab.b().run("ip", "addr", "add", OTHER + "/64", "dev", Host.WIRE, "nodad").succeeded();
  }

  private static String connection(String left, String right, String more) {
    return """
    keyexchange=ikev2
    authby=secret
    left=%s
    right=%s
    auto=add
    """
            .formatted(left, right)
        + more;
  }

  @Test
  void charonSendsUsToItsOtherAddress() {
    Charon charon =
        Charon.start(
            lab,
            lab.b(),
            lab.a(),
            Map.of("here", lab.b().address() + "," + OTHER, "local", "gw.example"));
    String here = lab.a().address();
    Espd espd =
        Espd.start(
            lab,
            lab.a(),
            connection(
                here,
                lab.b().address(),
                "rightid=@gw.example\nforceencaps=yes\nrightsubnet=2001:db8:2:2::2/128\n"));
    espd.up();
    lab.a().pings(lab.b());
    charon.swanctl("--redirect", "--peer-id", here, "--gateway", OTHER).succeeded();
    espd.daemon().awaitLog("redirected to " + OTHER, SOON);
    espd.daemon().awaitLog(" N(REDIR_FROM) ]", SOON);
    Running.await(
        "we are there only",
        SOON,
        () ->
            charon.sas().contains("'gw.example' @ " + OTHER)
                && !charon.sas().contains("'gw.example' @ " + lab.b().address()));
    lab.a().pings(lab.b());
    String status = espd.control("status").succeeded().out();
    assertTrue(status.contains("(1 up, 0 connecting)"), status);
  }

  @Test
  void weSendCharonToOurOtherAddress() {
    String more = "leftid=@gw.example\nleftsubnet=2001:db8:2:2::2/128\n";
    Espd espd =
        Espd.start(
            lab,
            lab.b(),
            connection(lab.b().address(), "%any", more),
            "conn there\n" + connection(OTHER, "%any", more).indent(4));
    Charon charon = Charon.start(lab, lab.a(), lab.b(), Map.of("remote", "gw.example"));
    charon.initiate();
    lab.a().pings(lab.b());
    String nobody =
        espd.swanctl("--redirect", "--peer-ip", "2001:db8:7::/48", "--gateway", OTHER)
            .failed()
            .all();
    assertTrue(nobody.contains("no matching SAs to redirect found"), nobody);
    espd.swanctl("--redirect", "--ike", "net", "--gateway", OTHER).succeeded();
    espd.daemon().awaitLog("client got redirected from " + lab.b().address(), SOON);
    Running.await(
        "it is there only",
        SOON,
        () ->
            charon.sas().contains("'gw.example' @ " + OTHER)
                && !charon.sas().contains("'gw.example' @ " + lab.b().address()));
    lab.a().pings(lab.b());
    lab.b().pings(lab.a());
  }
}
