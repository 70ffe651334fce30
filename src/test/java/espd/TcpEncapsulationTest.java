package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Capture;
import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Running;
import espd.lab.SadEntry;
import espd.lab.Traffic;
import espd.lab.Tshark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two of us where a firewall lets nothing through but TCP (RFC 9329).
@InLab
class TcpEncapsulationTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  /// Writes what host a sent through its stream as datagrams of UDP 4500.
  private static final String DEFRAME =
      """
      import subprocess, struct, sys
      raw = subprocess.run(["tshark", "-r", sys.argv[1], "-q", "-z", "follow,tcp,raw,0"],
                           capture_output=True, text=True, check=True).stdout
      lines = raw.split("Node 1:")[1].split("\\n")[1:]
      sent = bytes.fromhex("".join(l for l in lines if l and l[0] in "0123456789abcdef"))
      assert sent[:6] == b"IKETCP", sent[:6]
      at, dump = 6, ""
      while at < len(sent):
          octets = struct.unpack_from(">H", sent, at)[0]
          dump += "000000 " + sent[at + 2:at + octets].hex(" ") + "\\n"
          at += octets
      assert at == len(sent)
      subprocess.run(["text2pcap", "-q", "-6", "2001:db8:1:1::1,2001:db8:2:2::2", "-u", "4500,4500",
                      "-", sys.argv[2]], input=dump, text=True, check=True)
      """;

  @RegisterExtension private final Lab lab = new Lab();

  private static String connection(String more) {
    return """
    keyexchange=ikev2
    authby=secret
    type=tunnel
    left=2001:db8:1:1::1
    right=2001:db8:2:2::2
    auto=add
    """
        + more;
  }

  private static void nft(Host host, String command) {
    host.run("nft", command).succeeded();
  }

  /// A firewall before host b that knows nothing of UDP and ESP.
  private void firewall() {
    nft(lab.b(), "add table ip6 fw");
    nft(lab.b(), "add chain ip6 fw in { type filter hook prerouting priority -400; }");
    nft(lab.b(), "add rule ip6 fw in udp dport { 500, 4500 } drop");
    nft(lab.b(), "add rule ip6 fw in meta l4proto esp drop");
  }

  private Espd responder() {
    return Espd.start(lab, lab.b(), connection(""), "config setup\n    listen-tcp=yes\n");
  }

  @Test
  void fallsBackToTcpAndConnectsAgainWhenTheStreamIsCut() {
    firewall();
    Capture capture = Capture.start(lab, lab.a());
    Espd b = responder();
    Espd a = Espd.start(lab, lab.a(), connection("enable-tcp=fallback\n"));
    String progress = a.up().all();
    assertTrue(progress.contains("falling back to TCP"), progress);
    lab.a().pings(lab.b());
    lab.b().pings(lab.a());
    List<SadEntry> sas = a.sad();
    capture.stop();
    judge(capture, sas);
    Traffic.tcp(lab, lab.a(), lab.b());
    Traffic.tcp(lab, lab.b(), lab.a());
    assertEquals(0, a.drops("bad_icv") + b.drops("bad_icv"));

    // RFC 9329 §6.1: SAs outlive the stream, and the original initiator makes another.
    nft(lab.b(), "add chain ip6 fw cut { type filter hook input priority 0; }");
    nft(lab.b(), "add rule ip6 fw cut tcp dport 4500 reject with tcp reset");
    assertFalse(
        lab.a().run("ping", "-n", "-c", "2", "-W", "1", lab.b().address()).all().contains("ttl="));
    nft(lab.b(), "flush chain ip6 fw cut");
    Running.await("packets pass again", SOON, this::isAnswered);
    lab.b().pings(lab.a());
    assertEquals(
        sas.stream().map(SadEntry::spi).toList(), a.sad().stream().map(SadEntry::spi).toList());
  }

  /// RFC 9329 §6.1, §6.6: a stream that dies without a word is noticed by TCP long before IKE gives
  /// the peer up: at a, which has sent something, and at b, which has not. The initiator makes
  /// another, and all SAs stay.
  @Test
  void aStreamThatNobodyAnswersThroughIsMadeAnew() {
    Espd _ = responder();
    Espd a = Espd.start(lab, lab.a(), connection("enable-tcp=yes\n"));
    a.up();
    lab.a().pings(lab.b());
    List<SadEntry> sas = a.sad();
    nft(lab.b(), "add table ip6 fw");
    nft(lab.b(), "add chain ip6 fw in { type filter hook input priority 0; }");
    nft(lab.b(), "add chain ip6 fw out { type filter hook output priority 0; }");
    nft(lab.b(), "add rule ip6 fw in meta l4proto tcp drop");
    nft(lab.b(), "add rule ip6 fw out meta l4proto tcp drop");
    assertFalse(isAnswered());
    Running.await("neither has the stream", SOON, () -> !isOpen(lab.a()) && !isOpen(lab.b()));
    nft(lab.b(), "flush table ip6 fw");
    Running.await("packets pass again", SOON, this::isAnswered);
    assertTrue(a.daemon().log().contains("the TCP stream has broken, connecting it again"));
    lab.b().pings(lab.a());
    assertEquals(
        sas.stream().map(SadEntry::spi).toList(), a.sad().stream().map(SadEntry::spi).toList());
  }

  private boolean isAnswered() {
    return lab.a().run("ping", "-n", "-c", "1", "-W", "1", lab.b().address()).exit() == 0;
  }

  private static boolean isOpen(Host host) {
    return !host.run("ss", "-Htn", "state", "established", "( sport = :4500 or dport = :4500 )")
        .out()
        .isBlank();
  }

  /// Wireshark puts the stream together, a reader of RFC 9329 §3 that is not ours takes the frames
  /// from it, and Wireshark judges what they carry as if it had come in UDP.
  private void judge(Capture capture, List<SadEntry> sas) {
    assertEquals(List.of(), capture.pingsInTheClear());
    Path frames = lab.a().directory().resolve("frames.pcap");
    lab.a()
        .run("/usr/bin/python3", "-c", DEFRAME, capture.file().toString(), frames.toString())
        .succeeded();
    List<Tshark.Verdict> verdicts = Tshark.judge(frames, sas);
    assertTrue(verdicts.size() >= 4, verdicts::toString);
    for (Tshark.Verdict verdict : verdicts) {
      assertTrue(verdict.icvGood(), verdict::toString);
      assertTrue(verdict.protocols().endsWith("esp:ipv6:icmpv6:data"), verdict::toString);
    }
    assertEquals(
        List.of("34", "35"),
        lab.a()
            .run(
                "tshark",
                "-r",
                frames.toString(),
                "-Y",
                "isakmp",
                "-Tfields",
                "-eisakmp.exchangetype")
            .out()
            .lines()
            .toList());
  }

  @Test
  void goesThroughTcpAtOnceWhereTheFileSaysSoAndStrangersDoNoHarm() {
    Espd b = responder();
    lab.a().run("ip", "addr", "add", "2001:db8:3:3::3/128", "dev", "wire").succeeded();
    lab.b().run("ip", "route", "add", "2001:db8:3:3::/64", "dev", "wire").succeeded();
    Running flood =
        lab.closing(
            lab.a()
                .start(
                    "flood",
                    "/usr/bin/python3",
                    "-c",
                    """
                    import socket, time
                    held = []
                    for n in range(400):
                        s = socket.socket(socket.AF_INET6)
                        s.settimeout(2)
                        try:
                            s.bind(("2001:db8:3:3::3", 0))
                            s.connect(("2001:db8:2:2::2", 4500))
                            s.send([b"", b"GET /", b"IKETCP\\0\\0", b"IKETCP\\xff\\xffx"][n % 4])
                            held.append(s)
                        except OSError:
                            pass
                    print("flooded", flush=True)
                    time.sleep(60)
                    """));
    flood.awaitLog("flooded", SOON);
    Espd a = Espd.start(lab, lab.a(), connection("enable-tcp=yes\n"));
    a.up();
    lab.a().pings(lab.b());
    assertTrue(a.control("sad").all().contains("esp-tcp mode=tunnel"));
    assertTrue(b.count("espd_ike_drops_total") >= 300);
    a.control("down", "net").succeeded();
    Running.await("no SA", SOON, () -> a.sad().isEmpty() && b.sad().isEmpty());
  }

  /// RFC 9329 §3: what others' tools see of a stream is told apart by SAs.
  @Test
  void tcpdumpMatchCaptureAndDoctorKnowTheStream() throws IOException {
    Espd b = responder();
    Espd a = Espd.start(lab, lab.a(), connection("enable-tcp=yes\n"));
    Capture wire = Capture.start(lab, lab.a());
    a.up();
    Path file = lab.a().directory().resolve("both.pcapng");
    CompletableFuture<Output> capture =
        CompletableFuture.supplyAsync(() -> a.control("capture", "--count", "12", file.toString()));
    a.daemon().awaitLog("packets go to a client", SOON);
    lab.a().pings(lab.b());
    capture.join().succeeded();
    wire.stop();
    for (String filter : List.of("tcpdump", "tcpdump --spis")) {
      matched(a, wire, filter.split(" "));
    }
    assertEquals(
        6,
        lab.a()
            .run("tshark", "-r", file.toString(), "-Y", "esp", "-Tfields", "-eframe.comment")
            .out()
            .lines()
            .filter(line -> line.startsWith("net, SPI 0x") && line.endsWith(", in TCP"))
            .count());
    assertTrue(a.control("status").all().contains("ESP in TCP SPIs"));
    doctor(a, "ok    tcp to net       2001:db8:2:2::2[4500] takes connections");
    doctor(b, "ok    tcp 4500         of the daemon, java (pid ");
    b.close();
    doctor(a, "warn  tcp to net       2001:db8:2:2::2[4500]: ");
  }

  /// Every ESP packet is told once, in either direction, by whichever filter it is taken.
  private void matched(Espd a, Capture wire, String... command) throws IOException {
    String filter = a.control(command).succeeded().out().trim();
    String lines =
        lab.a().run("tcpdump", "-n", "-x", "-r", wire.file().toString(), filter).succeeded().out();
    Path text = Files.writeString(lab.a().directory().resolve("lines"), lines);
    List<String> told = a.control("match", text.toString()).succeeded().out().lines().toList();
    for (String direction : List.of("outbound", "inbound")) {
      long packets =
          told.stream()
              .filter(line -> line.startsWith("\tESP(spi=0x"))
              .filter(line -> line.contains("  <- net " + direction + " tunnel"))
              .count();
      assertEquals(3, packets, told::toString);
      String spi =
          (direction.equals("outbound") ? a.sa(lab.a(), lab.b()) : a.sa(lab.b(), lab.a())).spi();
      assertTrue(
          told.stream().anyMatch(l -> l.endsWith("TCP stream of net, " + direction + " " + spi)),
          told::toString);
    }
  }

  private static void doctor(Espd espd, String line) {
    String told = espd.doctor();
    assertTrue(told.contains(line), told);
  }
}
