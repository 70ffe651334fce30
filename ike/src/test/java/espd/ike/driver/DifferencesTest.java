package espd.ike.driver;

import static espd.ike.driver.Connections.AES_128;
import static espd.ike.driver.Connections.GCM_128;
import static espd.ike.driver.Connections.NO_ESN;
import static espd.ike.driver.Connections.P256;
import static espd.ike.driver.Connections.PRF_SHA2_256;
import static espd.ike.driver.Connections.SHA2_256;
import static espd.ike.driver.Connections.X25519;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.IkeVersion;
import espd.ike.message.Transform;
import espd.spd.AddressRange;
import espd.spd.Mode;
import espd.spd.PortRange;
import espd.spd.Selector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every refusal shows both ends where they differ (RFC 7296 §2.7, §2.9, §2.21).
final class DifferencesTest extends TwoHosts {

  private static final Transform AES_256 = Transform.encr(12, 256);
  private static final Transform SHA1 = Transform.of(Transform.INTEG, 2);
  private static final Transform PRF_SHA1 = Transform.of(Transform.PRF, 2);
  private static final Transform ESN = Transform.of(Transform.ESN, 1);

  private List<String> refused(Connections hers, Connections his) {
    alice.load(hers.connection());
    bob.load(his.connection());
    CompletableFuture<Outcome> outcome = alice.up("net");
    time.pass(Duration.ofSeconds(5));
    assertFalse(outcome.join().succeeded());
    assertProtected(0);
    return Stream.concat(alice.lines.stream(), bob.said.stream()).toList();
  }

  private static void says(List<String> lines, String words) {
    assertTrue(lines.stream().anyMatch(line -> line.contains(words)), words + " in " + lines);
  }

  static Stream<Arguments> ikeTransforms() {
    return Stream.of(
        Arguments.of(
            List.of(AES_256, SHA2_256, PRF_SHA2_256, X25519),
            "ENCR differs: offered AES_CBC_256, allowed AES_CBC_128"),
        Arguments.of(
            List.of(AES_128, SHA1, PRF_SHA2_256, X25519),
            "INTEG differs: offered HMAC_SHA1_96, allowed HMAC_SHA2_256_128"),
        Arguments.of(
            List.of(AES_128, SHA2_256, PRF_SHA1, X25519),
            "PRF differs: offered PRF_HMAC_SHA1, allowed PRF_HMAC_SHA2_256"),
        Arguments.of(
            List.of(AES_128, SHA2_256, PRF_SHA2_256, P256),
            "DH differs: offered ECP_256, allowed CURVE_25519"));
  }

  @ParameterizedTest
  @MethodSource("ikeTransforms")
  void anIkeSaIsRefusedWithTheTransformThatDiffers(List<Transform> offered, String difference) {
    Transform[] hers = offered.toArray(Transform[]::new);
    List<String> lines =
        refused(Connections.alice().ikeProposals(Connections.ike(hers)), Connections.bob());
    says(lines, difference);
    says(lines, "received NO_PROPOSAL_CHOSEN error notify: offered IKE:");
  }

  static Stream<Arguments> espTransforms() {
    return Stream.of(
        Arguments.of(
            List.of(AES_128, SHA2_256, NO_ESN),
            "ENCR differs: offered AES_CBC_128, allowed AES_GCM_16_128"),
        Arguments.of(List.of(GCM_128, ESN), "ESN differs: offered EXT_SEQ, allowed NO_EXT_SEQ"));
  }

  @ParameterizedTest
  @MethodSource("espTransforms")
  void aChildSaIsRefusedWithTheTransformThatDiffers(List<Transform> offered, String difference) {
    Transform[] hers = offered.toArray(Transform[]::new);
    List<String> lines =
        refused(Connections.alice().espProposals(Connections.esp(hers)), Connections.bob());
    says(lines, difference);
    says(lines, "received NO_PROPOSAL_CHOSEN error notify: offered ESP:");
  }

  /// RFC 7296 §2.5: IKEv2 does not bring up what is configured for IKEv1.
  @Test
  void aConnectionOfIkev1IsNoneForIkev2() {
    Connections ofOne = Connections.bob().with(c -> c.version(IkeVersion.ONE));
    says(refused(Connections.alice(), ofOne), "no IKE config found for");
  }

  @Test
  void aModeThatDiffersIsNamed() {
    List<String> lines = refused(Connections.alice(), Connections.bob().mode(Mode.TRANSPORT));
    says(lines, "mode differs: offered TUNNEL, allowed TRANSPORT");
  }

  private static Selector selector(
      AddressRange local, AddressRange remote, int protocol, int port) {
    PortRange ports = port == 0 ? PortRange.ANY : PortRange.of(port);
    return new Selector(local, remote, protocol, PortRange.ANY, ports);
  }

  static Stream<Arguments> selectors() {
    AddressRange her = AddressRange.of(Connections.ALICE);
    AddressRange his = AddressRange.of(Connections.BOB);
    AddressRange net = AddressRange.parse("2001:db8:7::/64");
    return Stream.of(
        Arguments.of(selector(net, his, 0, 0), "TSi differs in address: offered 2001:db8:7::/64"),
        Arguments.of(selector(her, net, 0, 0), "TSr differs in address: offered 2001:db8:7::/64"),
        Arguments.of(selector(her, his, 17, 0), "TSi differs in protocol: offered"),
        Arguments.of(selector(her, his, 6, 22), "TSr differs in port: offered"));
  }

  /// RFC 7296 §2.9: TS_UNACCEPTABLE.
  @ParameterizedTest
  @MethodSource("selectors")
  void trafficSelectorsAreRefusedWithTheEndThatDiffers(Selector offered, String difference) {
    Selector web =
        new Selector(
            AddressRange.of(Connections.BOB),
            AddressRange.of(Connections.ALICE),
            6,
            PortRange.of(80),
            PortRange.ANY);
    List<String> lines =
        refused(Connections.alice().selectors(offered), Connections.bob().selectors(web));
    says(lines, difference);
    says(lines, "TS_UNACCEPTABLE sent: net: offered TSi ");
    says(lines, "received TS_UNACCEPTABLE error notify: offered TSi ");
  }
}
