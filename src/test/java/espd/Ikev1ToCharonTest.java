package espd;

import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Pki;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// IKEv1 (RFC 2409) with strongSwan at the other end: both modes, both ways to prove oneself, old
/// and newer algorithms, both roles.
@InLab
final class Ikev1ToCharonTest {

  private static final List<String> SUITES =
      List.of("3des-md5-modp1024", "aes128-sha1-modp1024", "aes256-sha256-modp2048");

  @RegisterExtension private final Lab lab = new Lab();
  private final Pki pki = new Pki(lab.a());

  /// What both ends are told of one connection.
  ///
  /// @param name of the connection
  /// @param aggressive whether phase 1 is of three messages; there is PFS in phase 2 where it is
  ///   not
  /// @param signs whether certificates prove who the ends are
  /// @param ike the suite of phase 1
  /// @param peer the address of the peer
  private record Case(String name, boolean aggressive, boolean signs, String ike, String peer)
      implements BothRoles.Case {

    static List<Case> all() {
      return IntStream.range(0, 4 * SUITES.size()).mapToObj(Case::of).toList();
    }

    private static Case of(int n) {
      boolean aggressive = n % 2 > 0;
      boolean signs = n / 2 % 2 > 0;
      String suite = SUITES.get(n / 4);
      String name =
          "%s-%s-%s"
              .formatted(
                  aggressive ? "aggressive" : "main",
                  signs ? "rsa" : "psk",
                  suite.replaceAll("-.*", ""));
      return new Case(name, aggressive, signs, suite, "2001:db8:2:2::1:" + n);
    }

    @Override
    public int version() {
      return 1;
    }

    /// With PFS the group of phase 1 once more (RFC 2409 §5.5).
    @Override
    public String esp() {
      return aggressive ? ike.replaceAll("-modp.*", "") : ike;
    }

    private String yesWhenAggressive() {
      return aggressive ? "yes" : "no";
    }

    @Override
    public String ours(String here) {
      String certificates = "    leftcert=a.pem\n    rightid=\"C=CH, O=Lab, CN=b\"\n";
      return "    aggrmode=%s\n    authby=%s\n"
              .formatted(yesWhenAggressive(), signs ? "rsasig" : "secret")
          + (signs ? certificates : "");
    }

    @Override
    public String theirs(String there) {
      return "aggressive = %s\n local %s\n remote %s"
          .formatted(yesWhenAggressive(), end("b", peer, "certs = b.pem"), end("a", there, ""));
    }

    private String end(String name, String address, String certificate) {
      return signs
          ? "{ auth = pubkey\n id = \"C=CH, O=Lab, CN=%s\"\n %s }".formatted(name, certificate)
          : "{ auth = psk\n id = %s }".formatted(address);
    }
  }

  @Test
  void bothModesBothProofsEverySuiteInBothRoles() {
    pki.authorities();
    pki.ends(Pki.RSA);
    pki.installIpsecD(lab.a());
    pki.installSwanctl(lab.b());
    BothRoles.assertAll(lab, Case.all(), ": PKCS8 a.pem\n");
  }
}
