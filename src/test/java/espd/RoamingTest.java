package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Running;
import espd.lab.SadEntry;
import espd.lab.Traffic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A host that loses its address and gets another while packets flow (RFC 4555): either or both are
/// we, the other is strongSwan. Host a moves; inside the tunnel it is 2001:db8:a::1.
@InLab
class RoamingTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String INSIDE = "2001:db8:a::1/128";
  private static final String ELSEWHERE = "2001:db8:1:1::7";

  @RegisterExtension private final Lab lab = new Lab();

  @BeforeEach
  void inside() {
    lab.a().run("ip", "addr", "add", INSIDE, "dev", "lo").succeeded();
  }

  private void moves(String from, String to) {
    lab.a().run("ip", "addr", "del", from + "/64", "dev", Host.WIRE).succeeded();
    lab.a().run("ip", "addr", "add", to + "/64", "dev", Host.WIRE, "nodad").succeeded();
  }

  private static String connection(String here, String more) {
    return "keyexchange=ikev2\nauthby=secret\nleft=" + here + "\n" + more + "auto=add\n";
  }

  private Espd mobile() {
    String more = "leftsubnet=" + INSIDE + "\nright=" + lab.b().address() + "\n";
    return Espd.start(lab, lab.a(), connection(lab.a().address(), more));
  }

  private Espd gateway() {
    String more = "right=%any\nrightid=" + lab.a().address() + "\nrightsubnet=" + INSIDE + "\n";
    return Espd.start(lab, lab.b(), connection(lab.b().address(), more));
  }

  /// Raw ESP: the very SAs go on.
  @Test
  void bothOfUs() {
    Espd gateway = gateway();
    Espd mobile = mobile();
    mobile.up();
    Running ping = Traffic.steadyPing(lab, lab.a(), lab.b());
    List<String> before = spis(mobile);
    moves(lab.a().address(), ELSEWHERE);
    gateway.daemon().awaitLog(moved(ELSEWHERE), SOON);
    lab.a().pings(lab.b());
    moves(ELSEWHERE, lab.a().address());
    gateway.daemon().awaitLog(moved(lab.a().address()), SOON);
    lab.a().pings(lab.b());
    assertFew(ping);
    assertEquals(before, spis(mobile));
    assertEquals(before, spis(gateway));
  }

  private static List<String> spis(Espd espd) {
    return espd.sad().stream().map(SadEntry::spi).sorted().toList();
  }

  private String moved(String to) {
    return "moved to %s[4500]...%s[4500]".formatted(lab.b().address(), to);
  }

  /// It takes a second until the host's addresses are looked at.
  private static void assertFew(Running ping) {
    long lost = Traffic.lost(ping);
    assertTrue(lost < 40, lost + " of ten a second were lost");
  }

  @Test
  void weMoveAndThePeerIsCharon() {
    Charon charon = Charon.start(lab, lab.b(), lab.a(), Map.of("remote_ts", INSIDE));
    mobile().up();
    Running ping = Traffic.steadyPing(lab, lab.a(), lab.b());
    moves(lab.a().address(), ELSEWHERE);
    String there = "remote '%s' @ %s[4500]".formatted(lab.a().address(), ELSEWHERE);
    Running.await("the peer follows", SOON, () -> charon.sas().contains(there));
    lab.a().pings(lab.b());
    assertFew(ping);
  }

  @Test
  void charonMovesAndWeAreThePeer() {
    Espd gateway = gateway();
    Charon charon = Charon.start(lab, lab.a(), lab.b(), Map.of("local_ts", INSIDE, "here", "%any"));
    charon.initiate();
    Running ping = Traffic.steadyPing(lab, lab.a(), lab.b());
    moves(lab.a().address(), ELSEWHERE);
    gateway.daemon().awaitLog(moved(ELSEWHERE), SOON);
    lab.a().pings(lab.b());
    assertFew(ping);
  }
}
