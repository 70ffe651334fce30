package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Capture;
import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Running;
import espd.lab.SadEntry;
import espd.lab.Scapy;
import espd.lab.Scapy.Damage;
import espd.lab.Tshark;
import espd.lab.Tshark.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Raw ESP judged by others: Wireshark and scapy decrypt ours with the keys of `sad`, and we take
/// scapy's, if it is right.
@InLab
class JudgesTest {

  @RegisterExtension private final Lab lab = new Lab();

  private Espd pair(String mode, String esp, String exchange) {
    String connection =
        """
        keyexchange=%s
        authby=secret
        type=%s
        esp=%s!
        left=2001:db8:1:1::1
        right=2001:db8:2:2::2
        auto=add
        """
            .formatted(exchange, mode, esp);
    Espd a = Espd.start(lab, lab.a(), connection);
    Espd.start(lab, lab.b(), connection);
    a.up();
    return a;
  }

  @ParameterizedTest
  @CsvSource({
    "transport, aes128gcm16, ikev2",
    "tunnel, aes256gcm16, ikev2",
    "transport, aes256-sha256, ikev2",
    "tunnel, aes128-sha1, ikev2",
    "transport, aes128-sha512, ikev2",
    "tunnel, chacha20poly1305, ikev2",
    "transport, 3des-md5, ikev1",
    "tunnel, aes256-sha256, ikev1"
  })
  void othersDecryptAndAuthenticateOurs(String mode, String esp, String exchange) {
    Capture capture = Capture.start(lab, lab.a());
    Espd a = pair(mode, esp, exchange);
    lab.a().pings(lab.b());
    lab.a().ping(lab.b().address(), 2, 1200).succeeded();
    capture.stop();
    List<SadEntry> sas = a.sad();
    if (!esp.startsWith("chacha20")) { // Wireshark 4.0 does not know it.
      judgedByTshark(capture, sas, mode);
    }
    List<String> decrypted = new Scapy(lab.a()).decrypt(capture.file(), sas);
    assertEquals(10, decrypted.size());
    assertTrue(decrypted.stream().allMatch(line -> line.contains("Echo Re")), decrypted::toString);
  }

  private static void judgedByTshark(Capture capture, List<SadEntry> sas, String mode) {
    List<Verdict> verdicts = Tshark.judge(capture.file(), sas);
    String inside = mode.equals("tunnel") ? ":esp:ipv6:icmpv6" : ":esp:icmpv6";
    assertEquals(10, verdicts.size());
    assertTrue(verdicts.stream().allMatch(Verdict::icvGood), verdicts::toString);
    assertTrue(
        verdicts.stream().allMatch(verdict -> verdict.protocols().contains(inside)),
        verdicts::toString);
  }

  /// RFC 4303 §3.4: what is right is taken; what is replayed, altered, cut short or of no SA is
  /// dropped and counted by its reason.
  @ParameterizedTest
  @CsvSource({"transport, aes128gcm16", "tunnel, aes256-sha256", "tunnel, chacha20poly1305"})
  void weTakeTheirsOnlyWhenItIsRight(String mode, String esp) {
    Espd a = pair(mode, esp, "ikev2");
    Capture capture = Capture.start(lab, lab.b());
    lab.b().pings(lab.a());
    capture.stop();
    SadEntry sa = a.sa(lab.b(), lab.a());
    assertEquals(3, sa.packets());
    Scapy scapy = new Scapy(lab.b());

    scapy.ping(sa, 10, Damage.NONE, lab.a());
    await("one right packet is taken", () -> a.sa(lab.b(), lab.a()).packets() == 4);
    await("and answered", () -> a.sa(lab.a(), lab.b()).packets() == 4);

    scapy.replay(capture.file(), lab.a());
    scapy.ping(sa, 10, Damage.NONE, lab.a());
    await("four replayed", () -> a.drops("replayed") == 4);

    scapy.ping(sa, 11, Damage.FLIP, lab.a());
    await("one with a bad ICV", () -> a.drops("bad_icv") == 1);

    scapy.ping(sa, 11, Damage.TRUNCATE, lab.a());
    await("one cut short", () -> a.drops("malformed_esp") == 1);

    scapy.ping(sa, 11, Damage.SPI, lab.a());
    await("one of no SA", () -> a.drops("unknown_spi") == 1);

    assertEquals(4, a.sa(lab.b(), lab.a()).packets(), "none of these was taken");
    scapy.ping(sa, 11, Damage.NONE, lab.a());
    await("none moved the window", () -> a.sa(lab.b(), lab.a()).packets() == 5);
  }

  private static void await(String what, BooleanSupplier condition) {
    Running.await(what, Duration.ofSeconds(20), condition);
  }
}
