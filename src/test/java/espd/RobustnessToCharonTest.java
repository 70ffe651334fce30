package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.KeyExchange;
import espd.ike.message.Message;
import espd.ike.message.Nonce;
import espd.ike.message.Proposal;
import espd.ike.message.SecurityAssociation;
import espd.ike.message.Transform;
import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Running;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What strangers and crashes do to us and strongSwan (RFC 7296 §2.4, §2.6). We are host a.
@InLab
final class RobustnessToCharonTest {

  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String SUITE = "aes128gcm16-prfsha256-x25519";

  /// More first requests than we answer without a cookie.
  private static final int MANY = 35;

  @RegisterExtension private final Lab lab = new Lab();

  private Espd espd() {
    return Espd.start(
        lab,
        lab.a(),
        """
        keyexchange=ikev2
        authby=secret
        ike=%s!
        forceencaps=yes
        left=2001:db8:1:1::1
        right=2001:db8:2:2::2
        auto=add
        """
            .formatted(SUITE));
  }

  private Charon charon(Map<String, String> more) {
    return Charon.start(lab, lab.b(), lab.a(), more);
  }

  /// A first request of somebody who will not go on.
  private static String init(long spi) {
    List<Transform> suite =
        List.of(
            Transform.encr(20, 128),
            Transform.of(Transform.PRF, 5),
            Transform.of(Transform.DH, 31));
    Message message =
        new Message(
            new Header(spi, 0, Header.IKE_SA_INIT, Header.INITIATOR, 0),
            List.of(
                new SecurityAssociation(List.of(new Proposal(1, Proposal.IKE, Bytes.EMPTY, suite))),
                new KeyExchange(31, Bytes.ofHex("09" + "00".repeat(31))),
                new Nonce(Bytes.of(new byte[32]))));
    return HexFormat.of().formatHex(message.write());
  }

  private static void strangers(Host from, Host to, int count) {
    String datagrams =
        LongStream.rangeClosed(1, count)
            .mapToObj(RobustnessToCharonTest::init)
            .collect(Collectors.joining("','", "['", "']"));
    from.run(
            "python3",
            "-c",
            """
            import socket
            s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            for each in %s: s.sendto(bytes.fromhex(each), ('%s', 500))
            """
                .formatted(datagrams, to.address()))
        .succeeded();
  }

  /// RFC 7296 §2.6: who has half-open IKE SAs asks for a cookie, and gets the same request with it.
  @Test
  void aCookieIsAskedForAndGivenInBothRoles() {
    Charon charon = charon(Map.of("ike", SUITE, "options", "cookie_threshold = 1"));
    Espd espd = espd();
    strangers(lab.a(), lab.b(), 1);
    Running.await("half open", SOON, () -> charon.sas().contains("CONNECTING"));
    String up = espd.up().out();
    assertTrue(up.contains("parsed IKE_SA_INIT response 0 [ N(COOKIE) ]"), up);
    assertTrue(up.contains("generating IKE_SA_INIT request 0 [ N(COOKIE) SA KE No"), up);
    lab.a().pings(lab.b());
    espd.control("down", "net").succeeded();
    strangers(lab.b(), lab.a(), MANY);
    String initiated = charon.initiate().out();
    assertTrue(initiated.contains("parsed IKE_SA_INIT response 0 [ N(COOKIE) ]"), initiated);
    lab.b().pings(lab.a());
    assertTrue(espd.count("espd_ike_cookies") > 0, () -> "" + espd.metrics().keySet());
  }

  /// RFC 7296 §2.4: who has died without a word is noticed, and is the same peer when it is back.
  @Test
  void deathIsNoticedAndForgiven() {
    Charon charon = charon(Map.of("ike", SUITE, "connection", "dpd_delay = 1s"));
    Espd espd = espd();
    espd.up();
    espd.daemon().kill();
    Running.await("strongSwan has noticed", SOON, () -> charon.sas().isEmpty());
    espd.restart();
    espd.up();
    lab.a().pings(lab.b());
    charon.daemon().kill();
    Charon again = charon(Map.of("ike", SUITE));
    again.initiate();
    lab.b().pings(lab.a());
    lab.a().pings(lab.b());
    assertEquals(2, espd.sad().size(), "INITIAL_CONTACT has cleared those of before");
  }
}
