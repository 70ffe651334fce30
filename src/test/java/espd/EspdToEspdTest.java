package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Capture;
import espd.lab.Capture.EspPacket;
import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Pki;
import espd.lab.Running;
import espd.lab.SadEntry;
import espd.lab.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two of us, raw ESP between them.
@InLab
class EspdToEspdTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @RegisterExtension private final Lab lab = new Lab();

  private static String connection(String mode, String auto) {
    return """
    keyexchange=ikev2
    authby=secret
    type=%s
    left=2001:db8:1:1::1
    right=2001:db8:2:2::2
    auto=%s
    """
        .formatted(mode, auto);
  }

  @ParameterizedTest
  @ValueSource(strings = {"transport", "tunnel"})
  void carriesPingsBothWaysUnderTheSasItShows(String mode) {
    Espd a = Espd.start(lab, lab.a(), connection(mode, "add"));
    Espd b = Espd.start(lab, lab.b(), connection(mode, "add"));
    Capture capture = Capture.start(lab, lab.a());
    String progress = a.up().all();
    lab.a().pings(lab.b());
    lab.b().pings(lab.a());
    lab.a().ping(lab.b().address(), 3, 1300).succeeded();
    capture.stop();
    assertEquals(List.of(), capture.pingsInTheClear());
    SadEntry out = a.sa(lab.a(), lab.b());
    SadEntry in = a.sa(lab.b(), lab.a());
    assertTrue(progress.contains(out.spi()) && progress.contains(in.spi()), progress);
    for (SadEntry sa : List.of(out, in)) {
      assertEquals(mode, sa.mode());
      EspPacket last = last(capture.esp(), sa);
      assertEquals(sa.spi(), last.spi());
      assertEquals(sa.sequence(), last.sequence());
      assertEquals(9, sa.packets());
    }
    assertEquals(out, b.sa(lab.a(), lab.b()), "both ends have the same SA");
    assertEquals(in, b.sa(lab.b(), lab.a()), "both ends have the same SA");
    assertEquals(9, a.count("espd_sa_packets_total", "spi=\"" + out.spi() + "\""));
  }

  private static EspPacket last(List<EspPacket> packets, SadEntry sa) {
    return packets.stream()
        .filter(packet -> packet.from().equals(sa.from()))
        .reduce((earlier, later) -> later)
        .orElseThrow(() -> new AssertionError("no ESP from " + sa.from()));
  }

  @Test
  void carriesPacketsLongerThanTheLinkInATunnel() {
    Espd a = Espd.start(lab, lab.a(), connection("tunnel", "add"));
    Espd.start(lab, lab.b(), connection("tunnel", "add"));
    a.up();
    lab.a().ping(lab.b().address(), 3, 4000).succeeded();
  }

  @ParameterizedTest
  @ValueSource(strings = {"transport", "tunnel"})
  void carriesTcpBothWays(String mode) {
    Espd a = Espd.start(lab, lab.a(), connection(mode, "add"));
    Espd b = Espd.start(lab, lab.b(), connection(mode, "add"));
    a.up();
    Traffic.tcp(lab, lab.a(), lab.b());
    Traffic.tcp(lab, lab.b(), lab.a());
    assertEquals(0, a.drops("replayed") + b.drops("replayed"));
    assertEquals(0, a.drops("bad_icv") + b.drops("bad_icv"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"transport", "tunnel"})
  void theFirstPacketAcquiresTheSaAndIsNotLost(String mode) {
    Espd a = Espd.start(lab, lab.a(), connection(mode, "route"));
    Espd.start(lab, lab.b(), connection(mode, "add"));
    assertEquals(List.of(), a.sad());
    lab.a().run("ping", "-n", "-c", "1", "-W", "20", lab.b().address()).succeeded();
    assertEquals(2, a.sad().size());
  }

  @Test
  void anSaComesUpByItselfWhenTheFileSaysStart() {
    Espd.start(lab, lab.b(), connection("tunnel", "add"));
    Espd a = Espd.start(lab, lab.a(), connection("tunnel", "start"));
    Running.await("two SAs", SOON, () -> a.sad().size() == 2);
    lab.b().pings(lab.a());
  }

  @Test
  void sigtermDeletesTheSasAtThePeerAndCleansTheHost() {
    String before = lab.a().state();
    Espd a = Espd.start(lab, lab.a(), connection("tunnel", "add"));
    Espd b = Espd.start(lab, lab.b(), connection("tunnel", "add"));
    a.up();
    assertNotEquals(before, lab.a().state());
    a.daemon().terminate();
    assertEquals(before, lab.a().state());
    Running.await("the peer has no SA", SOON, () -> b.sad().isEmpty());
  }

  /// SIGTERM while it starts: what it has put into the host by then goes, too.
  @Test
  void aStartThatIsBrokenOffCleansTheHost() {
    String before = lab.a().run("ip", "-6", "rule").out();
    Path conf = lab.a().directory().resolve("early.conf");
    Pki.write(conf, "conn net\n" + connection("tunnel", "add").indent(4));
    Running early =
        lab.closing(
            lab.a()
                .start(
                    "early",
                    Espd.command(
                        "run", "--config", conf.toString(), "--control", conf + ".control")));
    Running.await("a rule", SOON, () -> !lab.a().run("ip", "-6", "rule").out().equals(before));
    int exit = early.terminate();
    assertEquals(before, lab.a().run("ip", "-6", "rule").out());
    assertEquals(0, exit);
  }

  /// A peer that is dead is waited for some seconds, and `ipsec restart` waits as long.
  @Test
  void ipsecStopReturnsWhenTheHostIsAsItWas() {
    String before = lab.a().state();
    Espd a = Espd.start(lab, lab.a(), connection("tunnel", "add"));
    Espd b = Espd.start(lab, lab.b(), connection("tunnel", "add"));
    a.up();
    b.daemon().kill();
    ipsec("stop").succeeded();
    assertEquals(before, lab.a().state());
  }

  /// The host's name need not be in `/etc/hosts`, nor anywhere else.
  @Test
  void ipsecLookShowsAHostWhoseNameNobodyKnows() {
    List<String> program = new ArrayList<>();
    program.addAll(List.of("unshare", "--uts", "sh", "-c"));
    program.addAll(List.of("hostname nowhere.invalid; exec \"$@\"", "sh"));
    program.addAll(List.of(Espd.command("run")));
    Espd.start(lab, lab.a(), connection("tunnel", "add"), program);
    String shown = ipsec("look").succeeded().out();
    assertTrue(shown.startsWith("nowhere.invalid "), shown);
  }

  private Output ipsec(String verb) {
    return lab.a().run(Espd.command("--control", lab.a().directory() + "/control", "ipsec", verb));
  }

  @Test
  void downDeletesTheSasAtBothEnds() {
    Espd a = Espd.start(lab, lab.a(), connection("tunnel", "add"));
    Espd b = Espd.start(lab, lab.b(), connection("tunnel", "add"));
    a.up();
    a.control("down", "net").succeeded();
    Running.await("no SA", SOON, () -> a.sad().isEmpty() && b.sad().isEmpty());
    a.up();
    lab.a().pings(lab.b());
  }

  @Test
  void aKilledDaemonCleansUpAtItsNextStartAndComesBack() {
    String before = lab.a().state();
    Espd a = Espd.start(lab, lab.a(), connection("tunnel", "add"));
    Espd b = Espd.start(lab, lab.b(), connection("tunnel", "add"));
    a.up();
    lab.a().pings(lab.b());
    a.daemon().kill();
    a.restart();
    a.up();
    lab.a().pings(lab.b());
    lab.b().pings(lab.a());
    assertEquals(2, a.sad().size());
    Running.await("the peer has only the new SAs", SOON, () -> b.sad().size() == 2);
    a.daemon().terminate();
    assertEquals(before, lab.a().state());
  }
}
