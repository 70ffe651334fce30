package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Capture;
import espd.lab.Espd;
import espd.lab.Host;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `keylog`, `capture`, `tcpdump` and `match` give to others' tools, judged by these.
@InLab
class WiretapTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  /// A rekey of the IKE SA and of the Child SA about every four seconds.
  private static final String SHORT =
      "lifetime=20s\nikelifetime=20s\nmargintime=16s\nrekeyfuzz=0%\n";

  @RegisterExtension private final Lab lab = new Lab();

  private static String connection(String mode, String esp, String more) {
    return connection(mode, esp, "ikev2", more);
  }

  private static String connection(String mode, String esp, String exchange, String more) {
    return """
    keyexchange=%s
    authby=secret
    type=%s
    esp=%s!
    left=2001:db8:1:1::1
    right=2001:db8:2:2::2
    auto=add
    %s
    """
        .formatted(exchange, mode, esp, more);
  }

  /// Runs a command beside the test.
  private static CompletableFuture<Output> beside(Espd espd, String... arguments) {
    return CompletableFuture.supplyAsync(() -> espd.control(arguments));
  }

  /// {@return a row of fields for each packet that a filter takes, as Wireshark reads them with
  /// nothing but its configuration folder}
  private List<List<String>> tshark(Path folder, Path file, String filter, String... fields) {
    List<String> words = new ArrayList<>(List.of("env", "WIRESHARK_CONFIG_DIR=" + folder));
    words.addAll(List.of("tshark", "-r", file.toString(), "-Y", filter, "-T", "fields"));
    for (String field : fields) {
      words.addAll(List.of("-e", field));
    }
    return lab.a()
        .run(words.toArray(String[]::new))
        .succeeded()
        .out()
        .lines()
        .map(line -> List.of(line.split("\t", -1)))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "transport, aes128gcm16, ike=aes128gcm16-prfsha256-x25519!",
    "tunnel, aes256-sha256, ike=aes256-sha256-ecp256!"
  })
  void wiresharkDecryptsIkeAndEspBeyondRekeying(String mode, String esp, String ike) {
    Espd a = Espd.start(lab, lab.a(), connection(mode, esp, ike + "\n" + SHORT));
    Espd.start(lab, lab.b(), connection(mode, esp, ike));
    Path folder = lab.a().directory().resolve("keys");
    CompletableFuture<Output> keylog = beside(a, "keylog", "--follow", folder.toString());
    a.daemon().awaitLog("keys of all SAs go to a client", SOON);
    Capture capture = Capture.start(lab, lab.a());
    a.up();
    lab.a().pings(lab.b());
    Running.await("both are rekeyed", SOON, () -> rekeys(a) >= 2);
    lab.a().pings(lab.b());
    capture.stop();
    a.daemon().terminate();
    keylog.join().failed();

    List<List<String>> packets =
        tshark(folder, capture.file(), "esp", "esp.spi", "frame.protocols");
    String inside = mode.equals("tunnel") ? ":esp:ipv6:icmpv6" : ":esp:icmpv6";
    assertEquals(12, packets.size());
    assertTrue(packets.stream().allMatch(row -> row.get(1).contains(inside)), packets::toString);
    assertTrue(packets.stream().map(List::getFirst).distinct().count() >= 4, packets::toString);

    List<List<String>> messages =
        tshark(
            folder,
            capture.file(),
            "isakmp.exchangetype > 34",
            "isakmp.ispi",
            "isakmp.exchangetype",
            "isakmp.typepayload");
    assertInside(messages, "35", "46,3[56],.*39.*"); // IDi or IDr, AUTH
    assertInside(messages, "36", "46,.*33.*"); // SA
    assertTrue(messages.stream().map(List::getFirst).distinct().count() >= 2, messages::toString);
  }

  /// RFC 2409 §5.4 and §5.5: what is encrypted in main mode, and quick mode.
  @Test
  void wiresharkDecryptsMainAndQuickMode() {
    String connection = connection("transport", "3des-md5", "ikev1", "ike=3des-md5-modp2048!");
    Espd a = Espd.start(lab, lab.a(), connection);
    Espd.start(lab, lab.b(), connection);
    Capture capture = Capture.start(lab, lab.a());
    a.up();
    lab.a().pings(lab.b());
    capture.stop();
    Path folder = lab.a().directory().resolve("keys");
    a.control("keylog", folder.toString()).succeeded();
    List<List<String>> messages =
        tshark(
            folder,
            capture.file(),
            "isakmp.flag_e == 1",
            "isakmp.exchangetype",
            "isakmp.typepayload");
    assertEquals(
        List.of(
            List.of("2", "5,8,11"), // ID, HASH, INITIAL-CONTACT
            List.of("2", "5,8"),
            List.of("32", "8,1,2,3,10,5,5"), // HASH, SA with a proposal and its transform, Ni, IDs
            List.of("32", "8,1,2,3,10,5,5"),
            List.of("32", "8")),
        messages);
    List<List<String>> packets = tshark(folder, capture.file(), "esp", "frame.protocols");
    assertEquals(6, packets.size());
    assertTrue(
        packets.stream().allMatch(row -> row.getFirst().contains(":esp:icmpv6")),
        packets::toString);
  }

  /// Beside the Encrypted payload (46) there are those that it holds.
  private static void assertInside(List<List<String>> messages, String exchange, String payloads) {
    List<List<String>> of = messages.stream().filter(row -> row.get(1).equals(exchange)).toList();
    assertTrue(of.size() >= 2, messages::toString);
    assertTrue(of.stream().allMatch(row -> row.get(2).matches(payloads)), of::toString);
  }

  private static long rekeys(Espd espd) {
    return espd.count("espd_ike_exchanges_total", "exchange=\"CREATE_CHILD_SA\"", "result=\"ok\"");
  }

  @ParameterizedTest
  @CsvSource({"transport, aes128gcm16, no", "tunnel, aes128-sha1, yes"})
  void aCaptureHoldsBothSidesOfEveryPacketAndIsDecrypted(String mode, String esp, String inUdp) {
    String connection = connection(mode, esp, "forceencaps=" + inUdp);
    Espd a = Espd.start(lab, lab.a(), connection);
    Espd.start(lab, lab.b(), connection);
    a.up();
    Path file = lab.a().directory().resolve("both.pcapng");
    Path folder = lab.a().directory().resolve("keys");
    CompletableFuture<Output> capture =
        beside(
            a,
            "capture",
            "--secrets",
            folder.toString(),
            "--count",
            "12",
            "--connection",
            "net",
            file.toString());
    a.daemon().awaitLog("packets go to a client", SOON);
    lab.a().pings(lab.b());
    String said = capture.join().succeeded().err();
    assertTrue(said.contains("6 inner and 6 outer packets captured, 0 and 0 lost"), said);

    assertSide(tshark(folder, file, "frame.interface_name == \"inner\"", FIELDS), ":ipv6:icmpv6");
    assertSide(
        tshark(folder, file, "frame.interface_name == \"outer\"", FIELDS),
        (inUdp.equals("yes") ? ":ipv6:udp:udpencap" : ":ipv6")
            + (mode.equals("tunnel") ? ":esp:ipv6:icmpv6" : ":esp:icmpv6"));
    String facts = lab.a().run("capinfos", file.toString()).succeeded().out();
    assertTrue(facts.contains("Number of interfaces in file: 2"), facts);
    assertTrue(facts.contains("Number of stat entries = 1"), facts);
  }

  private static final String[] FIELDS = {
    "frame.time_epoch",
    "frame.packet_flags_direction",
    "icmpv6.type",
    "icmpv6.echo.sequence_number",
    "frame.comment",
    "frame.protocols"
  };

  /// Three echo requests that left and the replies that arrived; times never go back.
  private static void assertSide(List<List<String>> rows, String protocols) {
    List<String> pings =
        rows.stream().map(row -> row.get(1) + " " + row.get(2) + " " + row.get(3)).toList();
    String out = "0x00000002 128 ";
    String in = "0x00000001 129 ";
    assertEquals(Set.of(out + 1, in + 1, out + 2, in + 2, out + 3, in + 3), new HashSet<>(pings));
    assertEquals(6, pings.size());
    List<String> times = rows.stream().map(List::getFirst).toList();
    assertEquals(times.stream().sorted().toList(), times);
    assertTrue(rows.stream().allMatch(row -> row.get(4).startsWith("net, SPI 0x")), rows::toString);
    assertTrue(rows.stream().allMatch(row -> row.get(5).contains(protocols)), rows::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "tunnel, aes128-sha1, ikev2, AES_CBC_128/HMAC_SHA1_96",
    "transport, 3des-md5, ikev1, 3DES_CBC/HMAC_MD5_96"
  })
  void tcpdumpDecryptsWithItsKeysAndEveryLineOfItIsMatched(
      String mode, String esp, String exchange, String names) throws IOException {
    Espd a = Espd.start(lab, lab.a(), connection(mode, esp, exchange, ""));
    Espd.start(lab, lab.b(), connection(mode, esp, exchange, ""));
    Capture capture = Capture.start(lab, lab.a());
    a.up();
    lab.a().pings(lab.b());
    capture.stop();
    Host host = lab.a();
    Path keys = host.directory().resolve("esp-keys");
    String spis = a.control("tcpdump", "--spis", "--keys", keys.toString()).succeeded().out();
    String[] command = {
      "tcpdump", "-n", "-Z", "root", "-E", "file " + keys, "-r", capture.file() + "", spis.trim()
    };
    Output decrypted = host.run(command);
    assertEquals(6, decrypted.succeeded().out().lines().filter(l -> l.contains("echo re")).count());

    String filter = a.control("tcpdump").succeeded().out().trim();
    List<String> lines = new ArrayList<>(capture.lines(filter));
    assertTrue(lines.size() >= 10, "IKE_SA_INIT, IKE_AUTH, six packets");
    lines.addAll(
        host.run("tcpdump", "-nevt", "-r", capture.file().toString(), filter)
            .out()
            .lines()
            .toList());
    Path text = Files.write(host.directory().resolve("lines"), lines);
    String matched = a.control("match", text.toString()).succeeded().out();
    assertEquals(6, count(matched, "net outbound " + mode + " " + names + ", SAD seq=0x3"));
    assertEquals(6, count(matched, "net inbound " + mode + " " + names + ", SAD seq=0x3"));
    a.control("down", "net").succeeded();
    assertEquals(12, count(a.control("match", text.toString()).failed().out(), "UNKNOWN SPI"));
  }

  private static long count(String text, String part) {
    return text.lines().filter(line -> line.contains(part)).count();
  }
}
