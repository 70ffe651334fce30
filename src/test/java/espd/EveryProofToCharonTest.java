package espd;

import espd.lab.InLab;
import espd.lab.Lab;
import espd.lab.Pki;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// IKEv2 with strongSwan at the other end: every way to prove oneself with what RFC 8247 says MUST
/// and SHOULD be had, in both roles.
@InLab
final class EveryProofToCharonTest {

  /// RFC 8247 §2.1 to §2.4: each algorithm for general use that MUST or SHOULD be had; and X25519.
  private static final List<String> SUITES =
      List.of(
          "aes128-sha256-modp2048",
          "aes256-sha512-ecp256",
          "aes128gcm16-prfsha256-modp2048",
          "chacha20poly1305-prfsha512-x25519",
          "aes128-sha1-modp2048");

  /// What protects packets then (RFC 8221 §5, §6).
  private static final List<String> ESP =
      List.of("aes128-sha256", "aes128gcm16", "aes256gcm16", "chacha20poly1305", "aes128-sha1");

  /// How both ends prove themselves.
  private enum Proof {
    PSK(""),
    RSA(Pki.RSA),
    ECDSA(Pki.EC),
    ED25519("ED25519"),
    RAW_RSA(Pki.RSA),
    RAW_ECDSA(Pki.EC),
    RAW_ED25519("ED25519");

    private final String kind;

    Proof(String kind) {
      this.kind = kind;
    }

    boolean isRaw() {
      return name().startsWith("RAW");
    }

    /// {@return how the files of its keys are called, behind the host's name}
    String file() {
      return name().replace("RAW_", "").toLowerCase(Locale.ROOT);
    }

    /// {@return who an end says it is}
    String identity(String host, String address) {
      return switch (this) {
        case PSK -> address;
        case RSA, ECDSA, ED25519 -> "\"C=CH, O=Lab, CN=%s-%s\"".formatted(host, file());
        case RAW_RSA, RAW_ECDSA, RAW_ED25519 -> host + ".lab";
      };
    }

    /// {@return our lines}
    String ours(String here, String there) {
      String identities =
          "    leftid=%s\n    rightid=%s\n".formatted(identity("a", here), identity("b", there));
      return identities
          + switch (this) {
            case PSK -> "    authby=secret\n";
            case RSA, ECDSA, ED25519 ->
                "    authby=pubkey\n    leftcert=a-%s.pem\n".formatted(file());
            case RAW_RSA, RAW_ECDSA, RAW_ED25519 ->
                "    authby=pubkey\n    leftsigkey=a-%s.pub\n    rightsigkey=b-%s.pub\n"
                    .formatted(file(), file());
          };
    }

    /// {@return the section of an end in strongSwan's file}
    String theirs(String host, String address) {
      String section =
          "auth = %s\n id = %s\n"
              .formatted(this == PSK ? "psk" : "pubkey", identity(host, address));
      if (isRaw()) {
        return section + "pubkeys = %s-%s.pub\n".formatted(host, file());
      }
      return section
          + (host.equals("b") && this != PSK ? "certs = b-%s.pem\n".formatted(file()) : "");
    }
  }

  /// What both ends are told of one connection.
  ///
  /// @param suite its number
  /// @param peer the address of the peer
  private record Case(Proof proof, int suite, String peer) implements BothRoles.Case {

    /// Raw public keys are as good as others with any suite.
    static List<Case> all() {
      List<Case> all = new ArrayList<>();
      for (Proof proof : Proof.values()) {
        for (int suite = 0; suite < (proof.isRaw() ? 1 : SUITES.size()); suite++) {
          all.add(new Case(proof, suite, "2001:db8:2:2::1:" + (all.size() + 1)));
        }
      }
      return all;
    }

    @Override
    public String name() {
      return proof.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + suite;
    }

    @Override
    public int version() {
      return 2;
    }

    @Override
    public String ike() {
      return SUITES.get(suite);
    }

    @Override
    public String esp() {
      return ESP.get(suite);
    }

    @Override
    public String ours(String here) {
      return proof.ours(here, peer);
    }

    @Override
    public String theirs(String there) {
      return "local {\n%s}\nremote {\n%s}\n"
          .formatted(proof.theirs("b", peer), proof.theirs("a", there));
    }
  }

  @RegisterExtension private final Lab lab = new Lab();
  private final Pki pki = new Pki(lab.a());

  private static Stream<Proof> certified() {
    return Stream.of(Proof.RSA, Proof.ECDSA, Proof.ED25519);
  }

  private void keys() {
    pki.authorities();
    for (Proof each : certified().toList()) {
      for (String host : List.of("a-", "b-")) {
        String name = host + each.file();
        pki.key(each.kind, name);
        pki.issue(name, "between", "keyUsage=digitalSignature\n", 30);
        pki.openssl("pkey", "-in", pki.at(name + ".key"), "-pubout", "-out", pki.at(name + ".pub"));
      }
    }
  }

  /// {@return the lines of our `ipsec.secrets`}
  private String installOurs() {
    Path folder = lab.a().directory().resolve("ipsec.d");
    Pki.write(folder.resolve("cacerts/root.pem"), pki.text("root.crt"));
    StringBuilder secrets = new StringBuilder();
    for (Proof each : certified().toList()) {
      String a = "a-" + each.file();
      Pki.write(
          folder.resolve("certs/" + a + ".pem"), pki.text(a + ".crt") + pki.text("between.crt"));
      Pki.write(folder.resolve("private/" + a + ".pem"), pki.text(a + ".key"));
      for (String name : List.of(a, "b-" + each.file())) {
        Pki.write(folder.resolve("certs/" + name + ".pub"), pki.text(name + ".pub"));
      }
      secrets.append(": PKCS8 %s.pem\n".formatted(a));
    }
    return secrets.toString();
  }

  private void installTheirs() {
    Path folder = lab.b().directory();
    Pki.write(folder.resolve("x509ca/root.pem"), pki.text("root.crt"));
    Pki.write(folder.resolve("x509ca/between.pem"), pki.text("between.crt"));
    for (Proof each : certified().toList()) {
      String b = "b-" + each.file();
      Pki.write(folder.resolve("x509/" + b + ".pem"), pki.text(b + ".crt"));
      Pki.write(folder.resolve("private/" + b + ".pem"), pki.text(b + ".key"));
      for (String name : List.of("a-" + each.file(), b)) {
        Pki.write(folder.resolve("pubkey/" + name + ".pub"), pki.text(name + ".pub"));
      }
    }
  }

  @Test
  void everyProofWithEverySuiteInBothRoles() {
    keys();
    installTheirs();
    BothRoles.assertAll(lab, Case.all(), installOurs());
  }
}
