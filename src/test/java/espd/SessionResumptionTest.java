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
import espd.lab.Running;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// IKE SAs that a ticket resumes (RFC 5723), between two of us; strongSwan does not know tickets,
/// and does not mind. We are host a.
@InLab
class SessionResumptionTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  /// A peer that does not answer is dead after eleven seconds.
  private static final List<String> IMPATIENT =
      Stream.of(Espd.command("run"), new String[] {"--retransmit-tries", "1"})
          .flatMap(Arrays::stream)
          .toList();

  private static final String CONNECTION =
      """
      keyexchange=ikev2
      authby=secret
      left=2001:db8:1:1::1
      right=2001:db8:2:2::2
      dpddelay=%s
      dpdaction=clear
      session-resumption=yes
      auto=add
      """;

  @RegisterExtension private final Lab lab = new Lab();

  /// All that a host gets vanishes, until it takes its peer for dead.
  private static void losesItsPeer(Host host, Espd espd) {
    host.run(
            "nft",
            "table ip6 cut { chain in { type filter hook input priority -300; iif wire drop; }; }")
        .succeeded();
    Running.await("the peer is dead", SOON, () -> espd.sad().isEmpty());
    host.run("nft", "delete", "table", "ip6", "cut").succeeded();
  }

  /// {@return the types of the exchanges that were answered, as tshark reads them}
  private static List<String> exchanges(Host host, Capture capture) {
    String responses = "isakmp.flag_r == 1 && isakmp.exchangetype != 37";
    String file = capture.file().toString();
    return host.run(
            "tshark", "-r", file, "-Y", responses, "-T", "fields", "-e", "isakmp.exchangetype")
        .succeeded()
        .out()
        .lines()
        .toList();
  }

  @Test
  void anIkeSaWhosePeerWasLostIsResumedWithoutAKeyExchange() {
    Espd a = Espd.start(lab, lab.a(), CONNECTION.formatted("1s"), IMPATIENT);
    Espd b = Espd.start(lab, lab.b(), CONNECTION.formatted("0"));
    a.up();
    lab.a().pings(lab.b());
    losesItsPeer(lab.a(), a);
    Capture capture = Capture.start(lab, lab.a());
    String up = a.up().out();
    lab.a().pings(lab.b());
    capture.stop();
    assertTrue(up.contains("generating IKE_SESSION_RESUME request 0 [ No N(TKT_OPAK)"), up);
    assertFalse(up.contains("IKE_SA_INIT"), up);
    assertTrue(up.contains("authentication of '2001:db8:2:2::2' with ticket successful"), up);
    // IKE_SESSION_RESUME and IKE_AUTH, and no IKE_SA_INIT (34) before them.
    assertEquals(List.of("38", "35"), exchanges(lab.a(), capture));
    assertEquals(List.of(), capture.pingsInTheClear());
    assertEquals(1, b.count("espd_ike_exchanges_total", "exchange=\"IKE_SESSION_RESUME\""));
  }

  @Test
  void aPeerThatDoesNotKnowTicketsDoesNotMind() {
    Charon charon = Charon.start(lab, lab.b(), lab.a(), Map.of());
    Espd a = Espd.start(lab, lab.a(), CONNECTION.formatted("1s") + "forceencaps=yes\n", IMPATIENT);
    String up = a.up().out();
    assertTrue(up.contains("N(TKT_REQ)"), up);
    lab.a().pings(lab.b());
    a.swanctl("--rekey", "--ike", "net").succeeded();
    a.daemon().awaitLog("generating INFORMATIONAL request 0 [ N(TKT_REQ) ]", SOON);
    a.daemon().awaitLog("parsed INFORMATIONAL response 0 [  ]", SOON);
    lab.a().pings(lab.b());
    a.control("down", "net").succeeded();
    charon.initiate();
    lab.b().pings(lab.a());
  }
}
