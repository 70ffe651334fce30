package espd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Capture;
import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Messages of IKE in fragments (RFC 7383) between us and strongSwan, both ways and in both roles,
/// read by Wireshark.
@InLab
class FragmentsToCharonTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int PACKET = 256;
  private static final String FRAGMENT = "53";
  private static final String AUTH = "39";

  private static final String CONNECTION =
      """
      keyexchange=ikev2
      authby=secret
      ike=aes256-sha256-x25519!
      forceencaps=yes
      left=2001:db8:1:1::1
      right=2001:db8:2:2::2
      auto=add
      """;

  private static final String SETUP = "config setup\n  fragment_size=" + PACKET + "\n";

  @RegisterExtension private final Lab lab = new Lab();

  @Test
  void fragmentsGoBothWaysInBothRoles() {
    Charon charon =
        Charon.start(
            lab, lab.b(), lab.a(), Map.of("fragment", "" + PACKET, "ike", "aes256-sha256-x25519"));
    Espd espd = Espd.start(lab, lab.a(), CONNECTION, SETUP);
    Path keys = lab.a().directory().resolve("keys");
    CompletableFuture<Output> keylog =
        CompletableFuture.supplyAsync(() -> espd.control("keylog", "--follow", keys.toString()));
    espd.daemon().awaitLog("keys of all SAs go to a client", SOON);
    Capture capture = Capture.start(lab, lab.a());

    espd.up();
    lab.a().pings(lab.b());
    espd.control("down", "net").succeeded();
    charon.initiate();
    lab.b().pings(lab.a());

    capture.stop();
    espd.daemon().terminate();
    keylog.join().failed();
    List<List<String>> messages = tshark(keys, capture.file());
    for (String host : List.of(lab.a().address(), lab.b().address())) {
      assertTrue(count(messages, host, FRAGMENT) >= 4, "as initiator and responder: " + messages);
      assertTrue(count(messages, host, AUTH) >= 2, "put together and read: " + messages);
    }
    for (List<String> message : messages) {
      assertTrue(Integer.parseInt(message.get(1)) + 40 <= PACKET, message::toString);
    }
  }

  private static long count(List<List<String>> messages, String from, String payload) {
    return messages.stream()
        .filter(message -> message.getFirst().equals(from))
        .filter(message -> List.of(message.getLast().split(",", -1)).contains(payload))
        .count();
  }

  /// {@return source, octets of the packet and types of the payloads of each IKE_AUTH message or
  /// fragment}
  private List<List<String>> tshark(Path keys, Path file) {
    return lab.a()
        .run(
            ("env WIRESHARK_CONFIG_DIR=%s tshark -r %s -Y isakmp.exchangetype==35 -T fields"
                    + " -e ipv6.src -e ipv6.plen -e isakmp.typepayload")
                .formatted(keys, file)
                .split(" ", -1))
        .succeeded()
        .out()
        .lines()
        .map(line -> List.of(line.split("\t", -1)))
        .toList();
  }
}
