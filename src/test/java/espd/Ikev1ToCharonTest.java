package espd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.lab.Charon;
import espd.lab.Espd;
import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Output;
import espd.lab.Pki;
import espd.lab.Running;
import espd.lab.SadEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

/// IKEv1 (RFC 2409) with strongSwan at the other end: both modes, both ways to prove oneself, old
/// and newer algorithms, both roles. One of each machine does it all: every case has a connection
/// of its own, which the peer's address tells from the others.
@InLab
final class Ikev1ToCharonTest {

  private static final Duration SOON = Duration.ofSeconds(20);
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
  /// @param suite of phase 1
  /// @param peer the address of the peer
  private record Case(String name, boolean aggressive, boolean signs, String suite, String peer) {

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

    /// With PFS the group of phase 1 once more (RFC 2409 §5.5).
    String esp() {
      return aggressive ? suite.replaceAll("-modp.*", "") : suite;
    }

    String ours(String here) {
      String certificates = "    leftcert=a.pem\n    rightid=\"C=CH, O=Lab, CN=b\"\n";
      return """
      conn %s
          keyexchange=ikev1
          aggrmode=%s
          authby=%s
          ike=%s!
          esp=%s!
          forceencaps=yes
          left=%s
          right=%s
          auto=add
      """
              .formatted(
                  name,
                  aggressive ? "yes" : "no",
                  signs ? "rsasig" : "secret",
                  suite,
                  esp(),
                  here,
                  peer)
          + (signs ? certificates : "");
    }

    private String end(String name, String address, String certificate) {
      return signs
          ? "{ auth = pubkey\n id = \"C=CH, O=Lab, CN=%s\"\n %s }".formatted(name, certificate)
          : "{ auth = psk\n id = %s }".formatted(address);
    }

    String theirs(String there) {
      return """
      %s {
        version = 1
        aggressive = %s
        local_addrs = %s
        remote_addrs = %s
        encap = yes
        proposals = %s
        local %s
        remote %s
        children {
          %s {
            local_ts = %s/128
            remote_ts = %s/128
            esp_proposals = %s
          }
        }
      }
      """
          .formatted(
              name,
              aggressive ? "yes" : "no",
              peer,
              there,
              suite,
              end("b", peer, "certs = b.pem"),
              end("a", there, ""),
              name,
              peer,
              there,
              esp());
    }
  }

  private Espd espd() {
    pki.installIpsecD(lab.a());
    Path conf = lab.a().directory().resolve("ipsec.conf");
    Path secrets = lab.a().directory().resolve("ipsec.secrets");
    Pki.write(
        conf,
        Case.all().stream()
            .map(each -> each.ours(lab.a().address()))
            .collect(Collectors.joining("\n")));
    Pki.write(secrets, ": PSK \"%s\"\n: PKCS8 a.pem\n".formatted(Espd.SECRET));
    return Espd.start(lab, lab.a(), conf, secrets);
  }

  private Charon charon() {
    pki.installSwanctl(lab.b());
    for (Case each : Case.all()) {
      lab.b().run("ip", "addr", "add", each.peer() + "/64", "dev", "wire", "nodad").succeeded();
    }
    String connections =
        Case.all().stream()
            .map(each -> each.theirs(lab.a().address()))
            .collect(Collectors.joining("\n", "connections {\n", "}\n"));
    String secret = "secrets { ike-all { secret = %s } }\n".formatted(Espd.SECRET);
    return Charon.start(lab, lab.b(), lab.a(), Map.of("more", connections + secret));
  }

  @Test
  void bothModesBothProofsEverySuiteInBothRoles() {
    pki.authorities();
    pki.ends(Pki.RSA);
    Charon charon = charon();
    Espd espd = espd();
    List<Executable> each = new ArrayList<>();
    for (Case one : Case.all()) {
      each.add(() -> weInitiate(one, espd, charon));
      each.add(() -> thePeerInitiates(one, espd, charon));
    }
    Assertions.assertAll(each);
  }

  private void weInitiate(Case one, Espd espd, Charon charon) {
    Output up = espd.control("up", one.name());
    assertEquals(0, up.exit(), () -> one + ": " + up.all());
    stands(one, espd, charon);
    espd.control("down", one.name()).succeeded();
    Running.await(one + ": the peer has no SA", SOON, () -> charon.sas().isEmpty());
    assertEquals(List.of(), espd.sad(), one::toString);
  }

  private void thePeerInitiates(Case one, Espd espd, Charon charon) {
    Output up = charon.swanctl("--initiate", "--child", one.name());
    assertEquals(0, up.exit(), () -> one + ": " + up.all());
    stands(one, espd, charon);
    charon.swanctl("--terminate", "--ike", one.name()).succeeded();
    Running.await(one + ": no SA", SOON, () -> espd.sad().isEmpty());
    Running.await(one + ": the peer has no SA", SOON, () -> charon.sas().isEmpty());
  }

  private void stands(Case one, Espd espd, Charon charon) {
    Running.await(one + ": two SAs", SOON, () -> espd.sad().size() == 2);
    Set<String> spis = espd.sad().stream().map(SadEntry::spi).collect(Collectors.toSet());
    assertEquals(Set.of(charon.spi("in"), charon.spi("out")), spis, one::toString);
    Output there = lab.a().ping(one.peer(), 1, 56);
    Output back = lab.b().run("ping", "-nc1", "-W2", "-I", one.peer(), lab.a().address());
    assertTrue(there.exit() == 0 && back.exit() == 0, () -> one + ": " + there + back);
    assertTrue(espd.sad().stream().allMatch(sa -> sa.packets() == 2), one + ": all in ESP");
    assertTrue(charon.sas().contains("IKEv1"), charon.sas());
  }
}
