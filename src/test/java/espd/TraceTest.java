package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `espd trace` beside two daemons: it tells what packets then do.
@InLab
class TraceTest {

  private static final String CONNECTION =
      """
      keyexchange=ikev2
      authby=secret
      left=2001:db8:1:1::1
      right=2001:db8:2:2::2
      esp=aes128gcm16!
      auto=route
      """;

  @RegisterExtension private final Lab lab = new Lab();

  private Output trace(Espd espd, String... arguments) {
    List<String> words = Stream.concat(Stream.of("trace"), Stream.of(arguments)).toList();
    return espd.control(words.toArray(String[]::new)).succeeded();
  }

  private static void says(Output output, String... words) {
    for (String word : words) {
      assertTrue(output.out().contains(word), () -> word + " is not in " + output);
    }
  }

  @Test
  void tellsWhatThePacketsThenDo() {
    Espd espd = Espd.start(lab, lab.a(), CONNECTION);
    Espd.start(lab, lab.b(), CONNECTION);
    String here = lab.a().address();
    String there = lab.b().address();
    says(
        trace(espd, here, there, "icmpv6"),
        "1 of 1: protect of net (tunnel, reqid 16385)",
        "waits, and starts the negotiation");
    assertEquals(List.of(), espd.sad(), "asking has negotiated");
    espd.up();
    lab.a().pings(lab.b());
    String spi = espd.sa(lab.a(), lab.b()).spi();
    long numbers = 0xffff_ffffL - espd.sa(lab.a(), lab.b()).sequence();
    Output out = trace(espd, here, there, "icmpv6", "128/0");
    says(
        out,
        "outbound " + spi + " of net, TUNNEL AES_GCM_16_128, " + numbers + " sequence numbers left",
        "takes 1500 octets; ESP makes",
        "leaves under ESP");
    says(
        trace(espd, here, there, "tcp", "443", "--octets", "1500"),
        "too_big: longer than the path takes with ESP around it (RFC 4301 §8.2.1)",
        "is dropped");
    says(
        trace(espd, there, here, "udp", "53", "--in"),
        "inbound " + espd.sa(lab.b(), lab.a()).spi(),
        "cleartext: ",
        "(RFC 4301 §5.2)",
        "is dropped in the clear; under ESP of this SA it is let in");
    says(trace(espd, there, here, "udp", "500", "--in"), "is let in as it is, whatever");
    says(trace(espd, here, "2001:db8:9::9", "tcp", "22"), "none selects it", "leaves in the clear");
    says(trace(espd, here, there, "udp", "53", "--json"), "\"verdict\":\"leaves under ESP\"");
    assertEquals(
        numbers, 0xffff_ffffL - espd.sa(lab.a(), lab.b()).sequence(), "a number was drawn");
  }
}
