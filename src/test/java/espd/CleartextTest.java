package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Running;
import espd.lab.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 4301 §5.2: what the SPD says must be protected does not come in when it is not. Host a is
/// ours; host b tries.
@InLab
class CleartextTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PYTHON = "/usr/bin/python3";
  private static final int SERVICE = 7777;

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

  /// {@return a running program on host a that logs each datagram and each octet of a stream it
  /// gets at a port}
  private Running listener(int port) {
    String script =
        """
        import socket, select
        udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        tcp = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        udp.bind(('::', %d)); tcp.bind(('::', %d)); tcp.listen()
        print('listening', flush=True)
        while True:
            for ready in select.select([udp, tcp], [], [])[0]:
                if ready is udp: print('got', udp.recv(9000)[:20].decode(), flush=True)
                else: ready.accept(); print('got a connection', flush=True)
        """
            .formatted(port, port);
    Running running = lab.closing(lab.a().start("listener" + port, PYTHON, "-c", script));
    running.awaitLog("listening", SOON);
    return running;
  }

  private Output datagram(int port, String words) {
    return lab.b()
        .run(
            PYTHON,
            "-c",
            "import socket; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)"
                + ".sendto(b'%s', ('%s', %d))".formatted(words, lab.a().address(), port))
        .succeeded();
  }

  private Output connect(int port) {
    return lab.b()
        .run(
            PYTHON,
            "-c",
            "import socket; socket.create_connection(('%s', %d), 2)"
                .formatted(lab.a().address(), port));
  }

  private Output pingFrom(Host from, Host to) {
    return from.run("ping", "-n", "-c", "1", "-W", "1", to.address());
  }

  @ParameterizedTest
  @ValueSource(strings = {"transport", "tunnel"})
  void staysOutUntilItComesThroughEsp(String mode) {
    Running listener = listener(SERVICE);
    Espd a = Espd.start(lab, lab.a(), connection(mode, "route"));
    pingFrom(lab.b(), lab.a()).failed();
    connect(SERVICE).failed();
    datagram(SERVICE, "early");
    Running.await("the count", SOON, () -> a.drops("cleartext") >= 3);
    assertEquals(1, a.count("espd_cleartext_filtered"));
    assertTrue(a.control("status").out().contains("inbound cleartext"));

    // IKE and ESP go between the very addresses whose traffic is protected.
    Espd.start(lab, lab.b(), connection(mode, "route"));
    for (Host host : List.of(lab.a(), lab.b())) {
      host.run("ip", "-6", "neigh", "flush", "dev", Host.WIRE).succeeded();
    }
    lab.a().run("ping", "-n", "-c", "1", "-W", "20", lab.b().address()).succeeded();
    lab.b().pings(lab.a());
    connect(SERVICE).succeeded();
    datagram(SERVICE, "late");
    listener.awaitLog("got late", SOON);
    assertFalse(listener.log().contains("early"), listener.log());
    Traffic.tcp(lab, lab.b(), lab.a());
  }

  /// With `auto=add` there are policies while there are SAs: a peer without espd is served before.
  @Test
  void passesWhereNoPolicyIsYet() {
    Espd a = Espd.start(lab, lab.a(), connection("transport", "add"));
    Espd b = Espd.start(lab, lab.b(), connection("transport", "add"));
    lab.b().pings(lab.a());
    a.up();
    b.daemon().kill();
    pingFrom(lab.b(), lab.a()).failed();
    assertTrue(a.drops("cleartext") >= 1);
  }

  @Test
  void passesWhereAMoreSpecificPolicySaysSo() {
    Running bypassed = listener(SERVICE);
    Running protectedOne = listener(SERVICE + 1);
    Espd.start(
        lab,
        lab.a(),
        connection("transport", "route"),
        """
        conn open
            left=2001:db8:1:1::1
            leftprotoport=udp/%d
            right=2001:db8:2:2::2
            rightprotoport=udp
            type=passthrough
            auto=route
        """
            .formatted(SERVICE));
    datagram(SERVICE + 1, "closed");
    datagram(SERVICE, "open");
    bypassed.awaitLog("got open", SOON);
    assertFalse(protectedOne.log().contains("got"), protectedOne.log());
  }

  /// RFC 8200 §4: what stands between the headers changes nothing, and neither do fragments.
  @Test
  void staysOutBehindExtensionHeadersAndInFragments() throws IOException {
    Running listener = listener(SERVICE);
    Espd a = Espd.start(lab, lab.a(), connection("transport", "route"));
    String udp = "UDP(sport=9, dport=%d)/Raw(b'%s')";
    scapy("wire(IPv6(dst=to)/IPv6ExtHdrDestOpt()/" + udp.formatted(SERVICE, "options") + ")");
    scapy("wire(IPv6(dst=to)/IPv6ExtHdrHopByHop()/" + udp.formatted(SERVICE, "hops") + ")");
    scapy(
        "[wire(p) for p in fragment6(IPv6(dst=to)/IPv6ExtHdrFragment(id=7)/"
            + udp.formatted(SERVICE, "parts")
            + "/Raw(b'.' * 4000), 1400)]");
    Running.await("the count", SOON, () -> a.drops("cleartext") >= 3);
    Espd.start(lab, lab.b(), connection("transport", "route"));
    datagram(SERVICE, "protected");
    listener.awaitLog("got protected", SOON);
    assertEquals(1, listener.log().lines().filter(line -> line.startsWith("got")).count());
  }

  private void scapy(String python) {
    String script =
        """
        from scapy.all import *
        to = '%s'
        wire = lambda packet: send(packet, iface='wire', verbose=False)
        """
            .formatted(lab.a().address());
    lab.b().run(PYTHON, "-c", script + python).succeeded();
  }

  /// Who relied on the policy before the daemon died relies on it still.
  @Test
  void staysOutWhenTheDaemonIsKilledUntilItIsBack() {
    String before = lab.a().state();
    Espd a = Espd.start(lab, lab.a(), connection("transport", "route"));
    pingFrom(lab.b(), lab.a()).failed();
    a.daemon().kill();
    pingFrom(lab.b(), lab.a()).failed();
    a.restart();
    pingFrom(lab.b(), lab.a()).failed();
    a.daemon().terminate();
    assertEquals(before, lab.a().state());
    lab.b().pings(lab.a());
  }

  @Test
  void comesBackWhenAFirewallEmptiedTheRules() {
    Espd a = Espd.start(lab, lab.a(), connection("transport", "route"));
    lab.a().run("nft", "flush", "ruleset").succeeded();
    Running.await(
        "the filter is back", SOON, () -> lab.a().state().contains("counter name \"cleartext\""));
    pingFrom(lab.b(), lab.a()).failed();
    assertTrue(a.daemon().log().contains("set up anew"), a.daemon().log());
  }

  @Test
  void aHostWithoutNftablesIsWarnedAndServed() throws IOException {
    Espd.start(lab, lab.a(), connection("transport", "add")).daemon().terminate();
    Path bin = Files.createDirectory(lab.a().directory().resolve("bin"));
    Files.createSymbolicLink(bin.resolve("ip"), Path.of("/usr/sbin/ip"));
    String directory = lab.a().directory().toString();
    List<String> words = new ArrayList<>(List.of("/usr/bin/env", "PATH=" + bin));
    words.addAll(
        Arrays.asList(
            Espd.command(
                "run",
                "--config",
                directory + "/ipsec.conf",
                "--config",
                directory + "/ipsec.secrets",
                "--control",
                directory + "/control")));
    Running daemon = lab.closing(lab.a().start("espd", words.toArray(String[]::new)));
    daemon.awaitLog("; control socket ", SOON);
    assertEquals(
        1,
        daemon.log().lines().filter(line -> line.contains("install nftables")).count(),
        daemon.log());
    Files.delete(bin.resolve("ip"));
    Files.delete(bin);
  }
}
