package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Capture;
import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Running;
import espd.lab.SadEntry;
import espd.lab.Scapy;
import espd.lab.Traffic;
import espd.lab.Tshark;
import espd.lab.Tshark.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// IPComp between two of us (RFC 3173), judged by Wireshark, scapy and zlib; and with strongSwan,
/// whose userspace ESP has none.
@InLab
class CompressionTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String COMPRESSED = "espd_ipcomp_packets_total";

  @RegisterExtension private final Lab lab = new Lab();

  private static String connection(String mode, String compress) {
    return connection(mode, compress, "ikev2");
  }

  private static String connection(String mode, String compress, String version) {
    return """
    keyexchange=%s
    authby=secret
    type=%s
    compress=%s
    esp=aes128gcm16!
    left=2001:db8:1:1::1
    right=2001:db8:2:2::2
    auto=add
    """
        .formatted(version, mode, compress);
  }

  /// RFC 3173 §2, §2.2: long pings are compressed, short ones are not, and others can read both.
  @ParameterizedTest
  @CsvSource({
    "ikev2, transport, :esp:ipcomp:data:icmpv6, :esp:icmpv6",
    "ikev2, tunnel, :esp:ipcomp:data:ipv6:icmpv6, :esp:ipv6:icmpv6",
    "ikev1, tunnel, :esp:ipcomp:data:ipv6:icmpv6, :esp:ipv6:icmpv6"
  })
  void othersExpandWhatWeCompress(String version, String mode, String compressed, String plain) {
    Capture capture = Capture.start(lab, lab.a());
    Espd a = Espd.start(lab, lab.a(), connection(mode, "yes", version));
    Espd b = Espd.start(lab, lab.b(), connection(mode, "yes", version));
    a.up();
    lab.a().ping(lab.b().address(), 3, 1200).succeeded();
    lab.a().ping(lab.b().address(), 2, 16).succeeded();
    capture.stop();
    List<SadEntry> sas = a.sad();
    assertEquals(2, sas.size());

    List<Verdict> verdicts = Tshark.judge(capture.file(), sas);
    assertEquals(10, verdicts.size());
    assertTrue(verdicts.stream().allMatch(Verdict::icvGood), verdicts::toString);
    assertEquals(6, count(verdicts, compressed), verdicts::toString);
    assertEquals(4, count(verdicts, plain), verdicts::toString);

    List<String> decrypted = new Scapy(lab.a()).decrypt(capture.file(), sas);
    assertEquals(10, decrypted.size());
    assertTrue(decrypted.stream().allMatch(line -> line.contains("Echo Re")), decrypted::toString);
    assertEquals(6, decrypted.stream().filter(line -> line.contains("IPComp(")).count());
    for (Espd end : List.of(a, b)) {
      assertEquals(6, end.count(COMPRESSED));
      assertTrue(end.control("status").succeeded().out().contains(", IPCOMP CPIs: "));
      assertTrue(end.control("sad").out().contains("\tC: deflate \tseq="));
    }
  }

  private static long count(List<Verdict> verdicts, String inside) {
    return verdicts.stream().filter(verdict -> verdict.protocols().contains(inside)).count();
  }

  /// RFC 3173 §1, §2.2: what can be compressed takes fewer octets of the wire, and what cannot not
  /// many more than without.
  @ParameterizedTest
  @ValueSource(strings = {"transport", "tunnel"})
  void whatCanBeCompressedTakesFewerOctetsOfTheWire(String mode) {
    Espd a = Espd.start(lab, lab.a(), connection(mode, "yes"));
    Espd b = Espd.start(lab, lab.b(), connection(mode, "yes"));
    a.up();
    Traffic.tcp(lab, lab.a(), lab.b(), "--repeating-payload");
    long compressed = octets(a);
    assertTrue(compressed < 4_000_000, () -> "20 MB are " + compressed);
    long received = Traffic.tcp(lab, lab.a(), lab.b());
    long random = octets(a) - compressed;
    assertTrue(random > received && random < 23_000_000, () -> received + " octets are " + random);
    assertEquals(0, b.drops("malformed_ipcomp") + b.drops("unknown_cpi"));
    assertEquals(0, a.drops("malformed_ipcomp") + a.drops("unknown_cpi"));
  }

  private static long octets(Espd espd) {
    return espd.count("espd_bytes_total", "direction=\"outbound\"");
  }

  /// RFC 7296 §2.22: compression takes two.
  @Test
  void oneWhoDoesNotWantItGetsNone() {
    Espd a = Espd.start(lab, lab.a(), connection("tunnel", "yes"));
    Espd.start(lab, lab.b(), connection("tunnel", "no"));
    assertTrue(a.up().out().contains("without IPComp, which the peer does not want"));
    lab.a().ping(lab.b().address(), 2, 1200).succeeded();
    assertEquals(0, a.count(COMPRESSED));
  }

  /// strongSwan's userspace ESP has no IPComp: it neither takes our offer nor makes one.
  @ParameterizedTest
  @CsvSource({"ikev2, 2", "ikev1, 1"})
  void strongSwanDeclines(String ours, String its) {
    Map<String, String> settings =
        Map.of(
            "version", its,
            "ike", "aes128-sha256-modp2048",
            "children", "other {\n ipcomp = yes\n esp_proposals = aes128gcm16\n }");
    Charon charon = Charon.start(lab, lab.b(), lab.a(), settings);
    String more = "forceencaps=yes\nike=aes128-sha256-modp2048!\n";
    Espd a = Espd.start(lab, lab.a(), connection("tunnel", "yes", ours) + more);
    a.up();
    lab.a().ping(lab.b().address(), 2, 1200).succeeded();
    a.control("down", "net").succeeded();
    Running.await("charon has no SA", SOON, () -> charon.sas().isBlank());
    charon.swanctl("--initiate", "--child", "other").succeeded();
    lab.b().ping(lab.a().address(), 2, 1200).succeeded();
    assertEquals(0, a.count(COMPRESSED));
    assertFalse(a.control("status").out().contains("IPCOMP"));
  }
}
