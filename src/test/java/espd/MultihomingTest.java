package espd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Running;
import espd.lab.Traffic;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two hosts with two wires between them, on which each has an address: one of the wires breaks,
/// and a steady ping goes on through the tunnel (RFC 4555 §3.4 to §3.12). Either of the hosts, or
/// both, are we, the other is strongSwan.
///
/// ```
///   host a  ::1:1::1 ── wire  ── ::2:2::2  host b
///  ::a::1   ::3:3::1 ── wire2 ── ::3:3::2   ::b::1
/// ```
@InLab
class MultihomingTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String A_INSIDE = "2001:db8:a::1";
  private static final String B_INSIDE = "2001:db8:b::1";
  private static final String A_TOO = "2001:db8:3:3::1";
  private static final String B_TOO = "2001:db8:3:3::2";

  @RegisterExtension private final Lab lab = new Lab();

  @BeforeEach
  void anotherWire() {
    lab.a()
        .run(
            "ip",
            "link",
            "add",
            "wire2",
            "type",
            "veth",
            "peer",
            "name",
            "wire2",
            "netns",
            lab.b().namespace())
        .succeeded();
    has(lab.a(), A_INSIDE + "/128", "lo");
    has(lab.b(), B_INSIDE + "/128", "lo");
    has(lab.a(), A_TOO + "/64", "wire2");
    has(lab.b(), B_TOO + "/64", "wire2");
  }

  private static void has(Host host, String address, String device) {
    host.run("ip", "addr", "add", address, "dev", device, "nodad").succeeded();
    host.run("ip", "link", "set", device, "up").succeeded();
  }

  private static void breaks(Host host, String wire) {
    host.run("ip", "link", "set", wire, "down").succeeded();
  }

  /// What passes the wire vanishes, and nobody is told.
  private static void swallows(Host host, String wire) {
    host.run(
            "nft",
            "table ip6 cut { chain in { type filter hook input priority -300; iif %s drop; }; }"
                .formatted(wire))
        .succeeded();
  }

  private Espd ours(Host here, String peer) {
    boolean a = here.equals(lab.a());
    return Espd.start(
        lab,
        here,
        """
        keyexchange=ikev2
        authby=secret
        left=%s
        right=%s
        leftsubnet=%s/128
        rightsubnet=%s/128
        leftid=%s
        rightid=%s
        dpddelay=2s
        auto=add
        """
            .formatted(
                here.address(),
                peer,
                a ? A_INSIDE : B_INSIDE,
                a ? B_INSIDE : A_INSIDE,
                here.address(),
                (a ? lab.b() : lab.a()).address()));
  }

  private Charon theirs(Host here) {
    boolean a = here.equals(lab.a());
    return Charon.start(
        lab,
        here,
        a ? lab.b() : lab.a(),
        Map.of(
            "local_ts",
            (a ? A_INSIDE : B_INSIDE) + "/128",
            "remote_ts",
            (a ? B_INSIDE : A_INSIDE) + "/128",
            "here",
            "%any",
            "there",
            a ? lab.b().address() : "%any"));
  }

  private Running ping() {
    Host inside = new Host("inside", lab.b().namespace(), B_INSIDE, lab.b().directory());
    return Traffic.steadyPing(lab, lab.a(), inside);
  }

  private void awaitPing(String what) {
    Running.await(what, SOON, () -> lab.a().ping(B_INSIDE, 1, 56).exit() == 0);
  }

  /// The kernel tells at once when a link goes; when packets just vanish, the peer is asked first.
  private static void assertLost(Running ping, int atMost) {
    long lost = Traffic.lost(ping);
    assertTrue(lost <= atMost, lost + " of ten a second were lost");
  }

  @Test
  void weCallCharonAndOurLinkBreaks() {
    Charon charon = theirs(lab.b());
    Espd espd = ours(lab.a(), lab.b().address());
    String words = espd.up().all();
    assertTrue(words.contains("N(ADD_6_ADDR)"), words);
    Running ping = ping();
    breaks(lab.a(), Host.WIRE);
    espd.daemon().awaitLog("moved to " + A_TOO, SOON);
    awaitPing("by the other wire");
    assertTrue(charon.sas().contains("@ " + A_TOO), charon.sas());
    assertLost(ping, 40);
  }

  /// Charon chooses another path, or we tell it first: the carrier is gone for both.
  @Test
  void charonCallsUsAndItsLinkBreaks() {
    ours(lab.b(), "%any");
    assertFollowed(lab.a(), called());
  }

  /// Charon sees nothing of it but what we say from our other address.
  @Test
  void charonCallsUsAndOurLinkBreaks() {
    Espd espd = ours(lab.b(), "%any");
    assertFollowed(lab.b(), called());
    assertTrue(espd.daemon().log().contains("telling the peer"), espd.daemon().log());
  }

  private Charon called() {
    Charon charon = theirs(lab.a());
    charon.initiate();
    return charon;
  }

  private void assertFollowed(Host unplugged, Charon charon) {
    Running ping = ping();
    breaks(unplugged, Host.WIRE);
    Running.await("the peer follows", SOON, () -> charon.sas().contains("@ " + B_TOO));
    awaitPing("by the other wire");
    assertLost(ping, 60);
  }

  /// First the responder's link goes, which it tells from its other address; then the path swallows
  /// what it is given, which only asking brings out.
  @Test
  void bothOfUs() {
    ours(lab.b(), "%any");
    Espd espd = ours(lab.a(), lab.b().address());
    espd.up();
    Running ping = ping();
    breaks(lab.b(), Host.WIRE);
    espd.daemon().awaitLog("moved to " + A_TOO, SOON);
    awaitPing("by the other wire");
    assertLost(ping, 40);
    has(lab.b(), lab.b().address() + "/64", Host.WIRE);
    lab.b().run("ip", "route", "add", "2001:db8:1:1::/64", "dev", Host.WIRE).succeeded();
    lab.a().run("ip", "route", "replace", "2001:db8:2:2::/64", "dev", Host.WIRE).succeeded();
    Running.await(
        "the peer knows",
        SOON,
        () -> espd.daemon().log().contains("peer address: " + lab.b().address()));
    ping = ping();
    swallows(lab.a(), "wire2");
    swallows(lab.b(), "wire2");
    espd.daemon().awaitLog("moved to " + lab.a().address(), SOON);
    awaitPing("by the first wire again");
    assertLost(ping, 120);
  }
}
